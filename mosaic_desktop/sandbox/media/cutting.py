"""Leaving out what is not kept, of sound and picture alike, so that both stay together."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame

from mosaic_desktop.sandbox.media.graphs import CLOCK, Stage, audio_chain, gapless_from, in_turn, push_all
from mosaic_desktop.sandbox.media.source import layout_of
from mosaic_desktop.sandbox.media.timeline import Timeline

# Sound fades this long at a cut, since a jump in the wave is heard as a click.
_FADE_SECONDS = 0.005


def kept_pictures(
    frames: Iterator[VideoFrame], timeline: Timeline, stages: Sequence[Stage] = ()
) -> Iterator[VideoFrame]:
    """What is kept, with the times of the result. `stages` see only that, with the times of the source."""
    for frame in in_turn(_inside(frames, timeline), stages):
        assert frame.pts is not None
        moved = timeline.moved(frame.pts * CLOCK)
        assert moved is not None
        frame.pts = round(moved / CLOCK)
        yield frame


def _inside(frames: Iterator[VideoFrame], timeline: Timeline) -> Iterator[VideoFrame]:
    for frame in frames:
        assert frame.pts is not None
        time = frame.pts * CLOCK
        if timeline.moved(time) is not None:
            yield frame
        elif time >= timeline.end:
            return


def kept_sound(
    stream: AudioStream, frames: Iterator[AudioFrame], timeline: Timeline, start: Fraction = Fraction(0)
) -> Iterator[AudioFrame]:
    """Planar floats without holes. `frames` are those of `stream` from about `start` seconds on."""
    rate, layout = stream.codec_context.sample_rate, layout_of(stream)
    spans = timeline.in_samples(rate)
    fade = max(1, round(_FADE_SECONDS * rate))
    position, written = round(start * rate), 0
    graph = audio_chain(stream, [gapless_from(position), ("aformat", "sample_fmts=fltp")])
    for frame in push_all(graph, frames):
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
        if not spans:
            return
