"""Sending frames through a chain of FFmpeg filters."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain as chained
from typing import Any, TypeAlias, TypeVar

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import VideoFrame

from mosaic_desktop.sandbox.media.sound import layout_of

# Fine enough for every frame rate, and customary in MP4.
CLOCK = Fraction(1, 90000)
Step = tuple[str, str]
Stage: TypeAlias = Callable[[Iterator[VideoFrame]], Iterator[VideoFrame]]
_Frame = TypeVar("_Frame", AudioFrame, VideoFrame)


def gapless_from(sample: int) -> Step:
    """Sound that begins late or has holes gets silence there, so that counting samples is counting time."""
    return "aresample", f"async=1:first_pts={sample}"


GAPLESS = gapless_from(0)


def in_turn(frames: Iterator[VideoFrame], stages: Iterable[Stage]) -> Iterator[VideoFrame]:
    for stage in stages:
        frames = stage(frames)
    return frames


def filtered(steps: Sequence[Step]) -> Stage:
    """Pictures through these filters. Those that come out have the times of those that go in."""

    def stage(frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
        first = next(frames, None)
        if first is None:
            return iter(())
        graph = Graph()
        buffer = pictures_in(graph, first)
        chain(graph, buffer, steps, "buffersink")
        return push_all(graph, chained([first], frames))

    return stage


def pictures_in(graph: Graph, like: VideoFrame) -> FilterContext:
    """Where pictures of this kind go in, with times in CLOCK. Filters lose what is not told here of colors."""
    return graph.add(
        "buffer",
        f"video_size={like.width}x{like.height}:pix_fmt={like.format.name}:time_base={CLOCK}"
        f":colorspace={like.colorspace}:range={like.color_range}",
    )


def chain(graph: Graph, first: FilterContext, steps: Iterable[Step], last: str) -> FilterContext:
    """Link filters, given as name and arguments, between `first` and a sink; gives the sink."""
    node = first
    for name, arguments in (*steps, (last, "")):
        following = graph.add(name, arguments or None)
        node.link_to(following)
        node = following
    graph.configure()
    return node


def audio_chain(stream: AudioStream, steps: Iterable[Step]) -> Graph:
    """A graph that takes this stream's frames, with times in samples."""
    graph, sound = Graph(), stream.codec_context
    first = graph.add_abuffer(
        sample_rate=sound.sample_rate,
        format=sound.format,
        layout=layout_of(stream),
        time_base=Fraction(1, sound.sample_rate),
    )
    chain(graph, first, steps, "abuffersink")
    return graph


def push_all(graph: Graph, frames: Iterable[_Frame]) -> Iterator[_Frame]:
    """Every frame that comes out when these go in, and what the filters held back at the end."""
    for frame in frames:
        graph.push(frame)
        yield from drain(graph)
    graph.push(None)
    yield from drain(graph)


def drain(graph: Graph) -> Iterator[Any]:
    """What has come out so far, frames of the kind that was sent in."""
    while True:
        try:
            yield graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
