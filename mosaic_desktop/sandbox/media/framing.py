"""Another shape of picture: cut to the subject, or whole over a blurred background."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import chain as chained

from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import VideoFrame

from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.following import FRAMES_PER_SECOND, place_at
from mosaic_desktop.sandbox.media.graphs import CLOCK, Stage, Step, drain, pictures_in, push_all
from mosaic_desktop.sandbox.media.tracking import Centres

Scenes = Sequence[tuple[float, int]]

# Times in notes and of frames are rounded.
_ROUNDING = 0.001
_TOO_SMALL = "This picture of {} x {} pixels is too small to be brought into the shape {}."
# The smallest sizes of exactly these shapes with even sides.
_UNITS = {"9:16": (18, 32), "1:1": (2, 2), "4:5": (8, 10), "16:9": (32, 18)}


def window_share(width: int, height: int, aspect: str) -> tuple[float, float]:
    """The share of width and height that a crop to this shape leaves."""
    unit_width, unit_height = _UNITS[aspect]
    scale = min(width / unit_width, height / unit_height)
    return scale * unit_width / width, scale * unit_height / height


def cropped(aspect: str, centres: Centres, scenes: Scenes) -> Stage:
    """The largest part of exactly this shape around the subject. `centres`: shares, at FRAMES_PER_SECOND. `scenes`:
    when each begins, in seconds, and with which of the centres.
    """

    def stage(frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
        first = next(frames, None)
        return iter(()) if first is None else _crop(first, frames, *_size(first, aspect, whole=False), centres, scenes)

    return stage


def blurred(aspect: str) -> Stage:
    """The whole picture over a blurred copy of it that fills the shape; the long side stays."""

    def stage(frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
        first = next(frames, None)
        return iter(()) if first is None else _blur(first, frames, *_size(first, aspect, whole=True))

    return stage


def _size(frame: VideoFrame, aspect: str, *, whole: bool) -> tuple[int, int]:
    """The largest size of exactly this shape that fits into the picture, or keeps its long side if `whole`."""
    width, height = _UNITS[aspect]
    if whole:
        scale = max(frame.width, frame.height) // max(width, height)
    else:
        scale = min(frame.width // width, frame.height // height)
    if scale == 0:
        raise MediaError(_TOO_SMALL.format(frame.width, frame.height, aspect))
    return width * scale, height * scale


def _crop(
    first: VideoFrame, frames: Iterator[VideoFrame], width: int, height: int, centres: Centres, scenes: Scenes
) -> Iterator[VideoFrame]:
    position = _position(centres, scenes, (first.width, first.height), (width, height))
    graph = Graph()
    # Exact, or it would go by two pixels at a time, which shows where it is slow.
    window = graph.add("crop", f"{width}:{height}:exact=1")
    buffer, sink = _ends(graph, first)
    buffer.link_to(window)
    window.link_to(sink)
    graph.configure()
    for frame in chained([first], frames):
        assert frame.pts is not None
        left, top = position(float(frame.pts * CLOCK))
        window.process_command("x", str(left))
        window.process_command("y", str(top))
        graph.push(frame)
        yield from drain(graph)
    graph.push(None)
    yield from drain(graph)


def _position(
    centres: Centres, scenes: Scenes, picture: tuple[int, int], window: tuple[int, int]
) -> Callable[[float], tuple[int, int]]:
    """Left and top of the window at a time in seconds. Within a scene it glides, between two it jumps."""
    begins = [begin - _ROUNDING for begin, _ in scenes]
    bounds = [*(number for _, number in scenes), len(centres)]

    def at(seconds: float) -> tuple[int, int]:
        scene = max(bisect_right(begins, seconds) - 1, 0)
        first, last = bounds[scene], bounds[scene + 1]
        corners = []
        for axis in (0, 1):
            known = centres[first:last, axis]
            centre = place_at(known, seconds * FRAMES_PER_SECOND - first) if len(known) else 0.5
            corner = centre * picture[axis] - window[axis] / 2
            corners.append(round(min(max(corner, 0), picture[axis] - window[axis])))
        return corners[0], corners[1]

    return at


def _blur(first: VideoFrame, frames: Iterator[VideoFrame], width: int, height: int) -> Iterator[VideoFrame]:
    graph = Graph()
    buffer, sink = _ends(graph, first)
    split, overlay = graph.add("split"), graph.add("overlay", "(W-w)/2:(H-h)/2")
    # Blurring a small copy costs little and looks the same.
    small = f"{max(2, width // 16 * 2)}:{max(2, height // 16 * 2)}"
    behind: list[Step] = [
        ("scale", f"{small}:force_original_aspect_ratio=increase"),
        ("crop", small),
        ("gblur", "sigma=4"),
        ("scale", f"{width}:{height}"),
    ]
    buffer.link_to(split)
    node = split
    for name, arguments in behind:
        following = graph.add(name, arguments)
        node.link_to(following)
        node = following
    node.link_to(overlay, 0, 0)
    whole = graph.add("scale", f"{width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2")
    split.link_to(whole, 1, 0)
    whole.link_to(overlay, 0, 1)
    overlay.link_to(sink)
    graph.configure()
    yield from push_all(graph, chained([first], frames))


def _ends(graph: Graph, frame: VideoFrame) -> tuple[FilterContext, FilterContext]:
    """Where upright frames go in and out."""
    return pictures_in(graph, frame), graph.add("buffersink")
