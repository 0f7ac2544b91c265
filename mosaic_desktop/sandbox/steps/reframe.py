"""Reframe: follow the subject, then cut the picture to another shape around it."""

import json
from collections.abc import Callable, Iterator
from itertools import chain as chained

import numpy as np
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import VideoFrame

from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.graphs import Step, drain, push_all
from mosaic_desktop.sandbox.media.output import as_aac, as_h264, copied, create_mp4, write_interleaved
from mosaic_desktop.sandbox.media.picture import CLOCK, upright
from mosaic_desktop.sandbox.media.source import Source, open_source
from mosaic_desktop.sandbox.media.tracking import FRAMES_PER_SECOND, Centres, Tracker
from mosaic_desktop.sandbox.steps.step import VIDEO, Made, Work, finish_video

_TOO_SMALL = "This picture of {} x {} pixels is too small to be brought into the shape {}."
_TRACK = "track.json"
# The smallest sizes of exactly these shapes with even sides.
_UNITS = {"9:16": (18, 32), "1:1": (2, 2), "4:5": (8, 10), "16:9": (32, 18)}
_ANALYSIS = [
    ("fps", str(FRAMES_PER_SECOND)),
    ("scale", "160:160:force_original_aspect_ratio=decrease"),
    ("format", "gray"),
]
_COPIED = frozenset({"aac", "mp3", "ac3", "eac3"})


def find_subject(work: Work) -> Made:
    """Write the wanted shape and where the subject is from moment to moment."""
    with open_source(work.source) as source:
        total = max(1, round(source.duration * FRAMES_PER_SECOND))
        aspect, tracker = str(work.parameters["aspect"]), None
        for done, frame in enumerate(upright(source, _ANALYSIS), start=1):
            if tracker is None:
                aspect = _aspect(work, frame)
                tracker = Tracker(*_window(frame.width, frame.height, aspect))
            tracker.see(frame.to_ndarray().astype(np.uint8, copy=False))
            work.report(done / total, done, max(done, total))
    centres = tracker.path() if tracker else np.empty((0, 2))
    (work.result / _TRACK).write_text(json.dumps({"aspect": aspect, "centres": centres.round(4).tolist()}))
    return Made()


def _aspect(work: Work, frame: VideoFrame) -> str:
    if "aspect" not in work.automatic:
        return str(work.parameters["aspect"])
    return "9:16" if frame.width > frame.height else "1:1"


def _window(width: int, height: int, aspect: str) -> tuple[float, float]:
    """The share of width and height that a crop to this shape leaves."""
    unit_width, unit_height = _UNITS[aspect]
    scale = min(width / unit_width, height / unit_height)
    return scale * unit_width / width, scale * unit_height / height


def reframe(work: Work) -> Made:
    """Write the video in its shape; sound is copied where MP4 can carry it."""
    track = json.loads((work.inputs["find_subject"] / _TRACK).read_text())
    with open_source(work.source) as source, open_source(work.source) as other, create_mp4(work.result / VIDEO) as out:
        frames = upright(source)
        first = next(frames)
        shape = _blur if work.parameters["fit"] == "blur" else _crop
        width, height = _size(first, track["aspect"], whole=shape is _blur)
        shaped = shape(chained([first], frames), width, height, np.array(track["centres"]).reshape(-1, 2))
        streams = [as_h264(out, _counted(work, source, shaped), source.frame_rate)]
        if other.audio is not None:
            copy = other.audio.codec_context.name in _COPIED
            streams.append(copied(out, other, other.audio) if copy else as_aac(out, other.sounds(), *other.sound_shape))
        write_interleaved(out, *streams)
    return finish_video(work.result)


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


def _counted(work: Work, source: Source, frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    total = source.frame_count
    for done, frame in enumerate(frames, start=1):
        work.report(done / total, done, max(done, total))
        yield frame


def _crop(frames: Iterator[VideoFrame], width: int, height: int, centres: Centres) -> Iterator[VideoFrame]:
    """The part of each frame around the subject."""
    first = next(frames)
    position = _position(centres, (first.width, first.height), (width, height))
    graph = Graph()
    window = graph.add("crop", f"{width}:{height}")
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
    centres: Centres, picture: tuple[int, int], window: tuple[int, int]
) -> Callable[[float], tuple[int, int]]:
    """Left and top of the window at a time in seconds."""
    moments = np.arange(len(centres)) / FRAMES_PER_SECOND

    def at(seconds: float) -> tuple[int, int]:
        corners = []
        for axis in (0, 1):
            centre = float(np.interp(seconds, moments, centres[:, axis])) if len(centres) else 0.5
            corner = centre * picture[axis] - window[axis] / 2
            corners.append(round(min(max(corner, 0), picture[axis] - window[axis])))
        return corners[0], corners[1]

    return at


def _blur(frames: Iterator[VideoFrame], width: int, height: int, _: Centres) -> Iterator[VideoFrame]:
    """The whole of each frame over a blurred copy that fills the shape."""
    first = next(frames)
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
    buffer = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=CLOCK)
    return buffer, graph.add("buffersink")
