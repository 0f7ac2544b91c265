"""The picture as a person sees it: upright, square pixels, even size, 8 bit 4:2:0, on one clock."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from av.filter import Graph
from av.video.frame import VideoFrame

from mosaic_desktop.sandbox.media.graphs import CLOCK, Step, chain, drain, pictures_in
from mosaic_desktop.sandbox.media.source import Source

# Pixels of other shapes are mistakes.
_NARROWEST = Fraction(1, 8)
_EVEN = ("crop", "trunc(iw/2)*2:trunc(ih/2)*2:0:0")
_TURNS: dict[int, list[Step]] = {
    90: [("transpose", "cclock")],
    -90: [("transpose", "clock")],
    180: [("hflip", ""), ("vflip", "")],
    -180: [("hflip", ""), ("vflip", "")],
}


def upright(
    source: Source, steps: Iterable[Step] = (), pictures: Iterable[VideoFrame] | None = None
) -> Iterator[VideoFrame]:
    """All frames, or these of the source, after turning, squaring and these further filter steps. Times rise and are in
    units of CLOCK.
    """
    graph: Graph | None = None
    first: VideoFrame | None = None
    last = -1
    for frame in source.pictures() if pictures is None else pictures:
        when = round(source.time(frame) / CLOCK)
        if when <= last:
            # Broken files repeat times, which no encoder takes.
            continue
        if graph is None or first is None:
            graph, first = _graph(source, frame, steps), frame
        same = frame.reformat(first.width, first.height, format=first.format.name)
        same.pts, same.time_base, last = when, CLOCK, when
        graph.push(same)
        yield from drain(graph)
    if graph is not None:
        graph.push(None)
        yield from drain(graph)


def _graph(source: Source, frame: VideoFrame, steps: Iterable[Step]) -> Graph:
    graph = Graph()
    first = pictures_in(graph, frame)
    turn = _TURNS.get(frame.rotation, [])
    chain(graph, first, [*_whole(frame), *_square(source), *turn, _EVEN, ("format", "yuv420p"), *steps], "buffersink")
    return graph


def _whole(frame: VideoFrame) -> list[Step]:
    """Fields of two moments become one picture, or every movement would have teeth."""
    if not frame.interlaced_frame:
        return []
    return [("bwdif", "mode=send_frame:deint=interlaced"), ("settb", f"1/{1 / CLOCK}")]


def _square(source: Source) -> list[Step]:
    ratio = source.video.sample_aspect_ratio or Fraction(1)
    if ratio == 1 or not _NARROWEST <= ratio <= 1 / _NARROWEST:
        return []
    return [("scale", f"trunc(iw*{ratio.numerator}/{ratio.denominator}/2)*2:ih"), ("setsar", "1")]
