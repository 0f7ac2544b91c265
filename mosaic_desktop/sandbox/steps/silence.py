"""Silence removal: find the pauses in the sound, then cut them out of sound and picture together."""

import json
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.graphs import GAPLESS, audio_chain, push_all
from mosaic_desktop.sandbox.media.levels import WINDOW_SECONDS, Levels
from mosaic_desktop.sandbox.media.output import as_aac, as_h264, create_mp4, write_interleaved
from mosaic_desktop.sandbox.media.picture import CLOCK, upright
from mosaic_desktop.sandbox.media.source import Source, open_source
from mosaic_desktop.sandbox.media.timeline import Span, Timeline
from mosaic_desktop.sandbox.steps.step import VIDEO, Made, Work, finish_video

_NO_SOUND = "This video has no sound, so there are no pauses to find."
_ALL_SILENT = "The whole video is quieter than {:g} dB, so nothing would be left. Choose a lower silence threshold."
_KEEP = "keep.json"
# Sound fades this long at a cut, since a jump in the wave is heard as a click.
_FADE_SECONDS = 0.005


def find_pauses(work: Work) -> Made:
    """Write which spans of the video are kept."""
    with open_source(work.source) as source:
        if source.audio is None:
            raise MediaError(_NO_SOUND)
        levels = _levels(work, source)
        duration = source.duration
    threshold = float(work.parameters["threshold_db"])
    if "threshold_db" in work.automatic:
        threshold = _threshold_for(levels)
    if not (levels > threshold).any():
        raise MediaError(_ALL_SILENT.format(threshold))
    shortest, padding = work.parameters["min_silence_ms"] / 1000, work.parameters["padding_ms"] / 1000
    keep = spans_to_keep(levels > threshold, duration, shortest, padding)
    (work.result / _KEEP).write_text(json.dumps(keep))
    return Made()


def _levels(work: Work, source: Source) -> NDArray[np.float32]:
    assert source.audio is not None
    levels = Levels()
    for done, frame in enumerate(push_all(audio_chain(source.audio, [GAPLESS]), source.sounds()), start=1):
        levels.add(frame)
        work.report(min(1.0, (frame.time or 0.0) / source.duration) if source.duration else 0.0, done)
    return levels.all


def _threshold_for(levels: NDArray[np.float32]) -> float:
    """A third of the way from the room's noise to the voice."""
    quiet, loud = np.percentile(levels, [10, 90])
    return float(np.clip(quiet + (loud - quiet) / 3, -60, -20))


def spans_to_keep(
    loud: NDArray[np.bool_], duration: float, shortest: float, padding: float
) -> list[tuple[float, float]]:
    """What is left of `duration` seconds without its pauses; `loud` has one value for every 10 ms.

    A pause at the very start or end has no padding on its outer side.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]])))
    starts, ends = edges[0::2] * WINDOW_SECONDS, edges[1::2] * WINDOW_SECONDS
    pauses = zip([0.0, *ends], [*starts, duration], strict=True)
    keep, position = [], 0.0
    for first, last in pauses:
        cut_from = first + padding if first > 0 else 0.0
        cut_to = last - padding if last < duration else duration
        if last - first < shortest or cut_to <= cut_from:
            continue
        if cut_from > position:
            keep.append((position, cut_from))
        position = cut_to
    if position < duration:
        keep.append((position, duration))
    return keep


def cut(work: Work) -> Made:
    """Write the video without its pauses."""
    spans = json.loads((work.inputs["find_pauses"] / _KEEP).read_text())
    with open_source(work.source) as source, open_source(work.source) as other, create_mp4(work.result / VIDEO) as out:
        assert other.audio is not None
        timeline = Timeline([_on_frames(source, span) for span in spans])
        picture = as_h264(out, _kept_pictures(work, source, timeline), source.frame_rate)
        sound = as_aac(out, _kept_sound(other, timeline), *other.sound_shape)
        write_interleaved(out, picture, sound)
    return finish_video(work.result)


def _on_frames(source: Source, span: tuple[float, float]) -> Span:
    """Cuts fall between frames, so that the picture keeps its rhythm."""
    start, end = (Fraction(round(Fraction(edge) * source.frame_rate)) / source.frame_rate for edge in span)
    return Span(start, end)


def _kept_pictures(work: Work, source: Source, timeline: Timeline) -> Iterator[VideoFrame]:
    total = source.frame_count
    for done, frame in enumerate(upright(source), start=1):
        work.report(done / total, done, max(done, total))
        assert frame.pts is not None
        moved = timeline.moved(frame.pts * CLOCK)
        if moved is not None:
            frame.pts = round(moved / CLOCK)
            yield frame


def _kept_sound(source: Source, timeline: Timeline) -> Iterator[AudioFrame]:
    assert source.audio is not None
    rate, layout = source.sound_shape
    spans = timeline.in_samples(rate)
    fade = max(1, round(_FADE_SECONDS * rate))
    graph = audio_chain(source.audio, [GAPLESS, ("aformat", "sample_fmts=fltp")])
    position = written = 0
    for frame in push_all(graph, source.sounds()):
        samples = frame.to_ndarray()
        for first, last in spans:
            low, high = max(first, position), min(last, position + samples.shape[1])
            if low >= high:
                continue
            times = np.arange(low, high)
            volume = np.minimum(1, np.minimum((times - first + 1) / fade, (last - times) / fade)).astype(np.float32)
            kept = np.ascontiguousarray(samples[:, low - position : high - position] * volume)
            piece = AudioFrame.from_ndarray(kept, format="fltp", layout=layout)
            piece.sample_rate, piece.pts, piece.time_base = rate, written, Fraction(1, rate)
            written += high - low
            yield piece
        position += samples.shape[1]
        while spans and spans[0][1] <= position:
            spans.pop(0)
