"""Leaving out what is not kept, of sound and picture alike, so that both stay together."""

from collections import deque
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain as chained
from itertools import pairwise

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame

from mosaic_desktop.sandbox.media.graphs import CLOCK, Stage, audio_chain, gapless_from, in_turn, push_all
from mosaic_desktop.sandbox.media.sound import layout_of
from mosaic_desktop.sandbox.media.timeline import Timeline

# Pictures a second, at least: of fewer, as in recordings of slides, each comes again, and cuts fall between these.
SLOWEST = Fraction(10)
# Sound fades this long at a cut, since a jump in the wave is heard as a click.
_FADE_SECONDS = 0.005


def kept_pictures(
    frames: Iterator[VideoFrame], end: float, timeline: Timeline, stages: Sequence[Stage] = ()
) -> Iterator[VideoFrame]:
    """What is kept of a video of `end` seconds, with the times of the result. `stages` see only that, with the times of
    the source. A picture that is shown for long comes again and again, so that each part shows it.
    """
    for frame in in_turn(_inside(frames, round(Fraction(end) / CLOCK), timeline), stages):
        assert frame.pts is not None
        moved = timeline.moved(frame.pts * CLOCK)
        assert moved is not None
        frame.pts = round(moved / CLOCK)
        yield frame


def _inside(frames: Iterator[VideoFrame], end: int, timeline: Timeline) -> Iterator[VideoFrame]:
    step = round(1 / SLOWEST / CLOCK)
    for frame, following in pairwise(chained(frames, [None])):
        assert frame is not None
        assert frame.pts is not None
        until = end if following is None or following.pts is None else following.pts
        again = [time for time in range(frame.pts + step, until - step // 2, step) if _is_kept(time, timeline)]
        # Stages may draw on what they get.
        spare = _copy(frame) if again else frame
        if _is_kept(frame.pts, timeline):
            yield frame
        elif frame.pts * CLOCK >= timeline.end:
            return
        for time in again:
            repeated = _copy(spare)
            repeated.pts = time
            yield repeated


def _is_kept(time: int, timeline: Timeline) -> bool:
    return timeline.moved(time * CLOCK) is not None


def _copy(frame: VideoFrame) -> VideoFrame:
    copy = VideoFrame.from_ndarray(frame.to_ndarray(), format=frame.format.name)
    copy.time_base, copy.colorspace, copy.color_range = CLOCK, frame.colorspace, frame.color_range
    copy.color_primaries, copy.color_trc = frame.color_primaries, frame.color_trc
    return copy


def kept_sound(
    stream: AudioStream, frames: Iterator[AudioFrame], timeline: Timeline, start: Fraction = Fraction(0)
) -> Iterator[AudioFrame]:
    """Planar floats without holes. `frames` are those of `stream` from about `start` seconds on."""
    rate, layout = stream.codec_context.sample_rate, layout_of(stream)
    waiting = deque(timeline.in_samples(rate))
    fade = max(1, round(_FADE_SECONDS * rate))
    position, written = round(start * rate), 0
    graph = audio_chain(stream, [gapless_from(position), ("aformat", "sample_fmts=fltp")])
    for frame in push_all(graph, frames):
        end = position + frame.samples
        while waiting and waiting[0][0] < end:
            first, last = waiting[0]
            low, high = max(first, position), min(last, end)
            times = np.arange(low, high)
            volume = np.minimum(1, np.minimum((times - first + 1) / fade, (last - times) / fade)).astype(np.float32)
            kept = np.ascontiguousarray(frame.to_ndarray()[:, low - position : high - position] * volume)
            piece = AudioFrame.from_ndarray(kept, format="fltp", layout=layout)
            piece.sample_rate, piece.pts, piece.time_base = rate, written, Fraction(1, rate)
            written += high - low
            yield piece
            if last > end:
                break
            waiting.popleft()
        if not waiting:
            return
        position = end
