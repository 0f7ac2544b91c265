"""A small still picture that stands for a film. Loads PyAV: for the reader's process alone."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice

import av
from av.container import InputContainer
from av.filter import Graph
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from mosaic_desktop.media.film import duration, first_frame, shown_size

MAX_WIDTH, MAX_HEIGHT = 336, 188

_PLACES = (0.1, 0.3, 0.5, 0.0)  # shares of the length, in the order in which they are tried
_LONGEST_LOOK, _STRIDE = 500, 10  # frames
_DARK = 24.0  # mean brightness, of 255
_TURNS = {90: ("cclock",), 180: ("clock", "clock"), 270: ("clock",)}


def picture_of(container: InputContainer, picture: VideoStream) -> bytes | None:
    """A JPEG that fits into 336 x 188 pixels, upright and in proportion; None where no picture can be read."""
    best: VideoFrame | None = None
    most = -1.0
    for frame in _candidates(container, picture):
        brightness = _brightness(frame)
        if brightness > most:
            best, most = frame, brightness
        if brightness > _DARK:
            break
    return None if best is None else _jpeg(_fitted(best, shown_size(picture, best)))


def _candidates(container: InputContainer, picture: VideoStream) -> Iterator[VideoFrame]:
    """Key frames at a few places, which cost one decoded picture each; then a look through the beginning."""
    start, length = container.start_time or 0, duration(container, picture) or 0.0
    for share in _PLACES:
        try:
            container.seek(start + int(share * length * av.time_base))
        except av.FFmpegError:
            continue  # not every container can seek; reading then goes on from where it is
        frame = first_frame(container, picture)
        if frame is not None:
            yield frame
    yield from islice(_frames(container, picture), 0, _LONGEST_LOOK, _STRIDE)


def _frames(container: InputContainer, picture: VideoStream) -> Iterator[VideoFrame]:
    """Frames from where the container is, up to the first that is damaged."""
    while (frame := first_frame(container, picture)) is not None:
        yield frame


def _brightness(frame: VideoFrame) -> float:
    """Mean luminance, 0 (black) to 255."""
    small = frame.reformat(32, 18, format="gray")
    plane = small.planes[0]
    data, stride = bytes(plane), plane.line_size
    return sum(sum(data[row * stride : row * stride + 32]) for row in range(18)) / (32 * 18)


def _fitted(frame: VideoFrame, shown: tuple[int, int]) -> VideoFrame:
    """Scaled to even sizes within the bounds, then turned."""
    scale = min(MAX_WIDTH / shown[0], MAX_HEIGHT / shown[1], 1.0)
    width, height = (max(2, round(side * scale) // 2 * 2) for side in shown)
    turns = _TURNS.get(frame.rotation % 360, ())
    if frame.rotation % 180:
        width, height = height, width
    scaled = frame.reformat(
        width, height, format="yuvj420p", interpolation="AREA", dst_colorspace="ITU601", dst_color_range="JPEG"
    )
    return _turned(scaled, turns)


def _turned(frame: VideoFrame, turns: tuple[str, ...]) -> VideoFrame:
    if not turns:
        return frame
    graph = Graph()
    steps = [graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, 25))]
    steps += [graph.add("transpose", f"dir={turn}") for turn in turns]
    graph.link_nodes(*steps, graph.add("buffersink")).configure()
    graph.vpush(frame)
    return graph.vpull()


def _jpeg(frame: VideoFrame) -> bytes:
    encoder = VideoCodecContext.create("mjpeg", "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    encoder.options = {"qmin": "3", "qmax": "3"}
    frame.pts, frame.time_base = 0, Fraction(1, 25)
    return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])
