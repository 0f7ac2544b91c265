"""Laying pictures with transparency over frames, at the cost of their own box only."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain as chained
from typing import Any, TypeAlias

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray
from PIL import Image

from mosaic_desktop.sandbox.media.graphs import CLOCK, Stage, filtered

_Plane: TypeAlias = NDArray[np.uint16]
# Shares of red and blue in luma, by FFmpeg's number of the matrix.
_BT601, _BT709, _BT2020 = (0.299, 0.114), (0.2126, 0.0722), (0.2627, 0.0593)
_MATRICES = {1: _BT709, 4: _BT601, 5: _BT601, 6: _BT601, 9: _BT2020, 10: _BT2020}
_FULL_RANGE = 2
# Where a file does not say it, players take larger pictures for high definition.
_STANDARD_HEIGHT = 576


@dataclass(frozen=True, slots=True)
class Overlay:
    """`left` and `top` are even. For each plane: what is added, and how much of the frame stays, both in 256ths."""

    left: int
    top: int
    planes: tuple[tuple[_Plane, _Plane], ...]

    def draw(self, frame: VideoFrame) -> None:
        """Change this 4:2:0 frame, in which the overlay lies."""
        frame.make_writable()
        for plane, (added, kept), step in zip(frame.planes, self.planes, (1, 2, 2), strict=True):
            rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
            top, left = self.top // step, self.left // step
            box = rows[top : top + added.shape[0], left : left + added.shape[1]]
            mixed = box * kept
            mixed += added
            mixed >>= 8
            box[...] = mixed


# What is to be seen at a time in seconds, the last of it on top.
Painter: TypeAlias = Callable[[float], Iterable[Overlay]]


def painted(painter_for: Callable[[VideoFrame], Painter]) -> Stage:
    """Overlays by a painter that is made for frames like the first one."""

    def stage(frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
        first = next(frames, None)
        if first is None:
            return
        paint = painter_for(first)
        frames = chained([first], frames)
        if first.planes[0].line_size < 0:
            # Rows that filters left upside down in memory cannot be reached from outside.
            frames = filtered([("copy", "")])(frames)
        for frame in frames:
            assert frame.pts is not None
            for shown in paint(float(frame.pts * CLOCK)):
                shown.draw(frame)
            yield frame

    return stage


def overlay(image: Image.Image, left: int, top: int, like: VideoFrame) -> Overlay | None:
    """`image` (RGBA) with its corner there, on frames of this size and these colours; None where nothing is seen."""
    seen = image.getbbox()
    if seen is None:
        return None
    # Colour has half the resolution of light, so boxes begin and end at even places.
    x, y = max(0, (left + seen[0]) // 2 * 2), max(0, (top + seen[1]) // 2 * 2)
    right, bottom = (
        min(side, end + end % 2) for side, end in ((like.width, left + seen[2]), (like.height, top + seen[3]))
    )
    if right <= x or bottom <= y:
        return None
    pixels = np.asarray(image.crop((x - left, y - top, right - left, bottom - top)), np.float32)
    shares = pixels / 255
    # What is opaque counts; the fourth share stands for the part that a plane has without any colour.
    shares[..., :3] *= shares[..., 3:]
    halved = (shares[::2, ::2] + shares[1::2, ::2] + shares[::2, 1::2] + shares[1::2, 1::2]) / 4
    planes = zip((shares, halved, halved), _weights(like), strict=True)
    return Overlay(x, y, tuple((_in_256ths(part @ weights), _in_256ths(1 - part[..., 3])) for part, weights in planes))


def _weights(like: VideoFrame) -> NDArray[np.float32]:
    """What red, green, blue and opacity give to light, blueness and redness, as bytes stand for them in such frames."""
    assumed = _BT709 if like.height > _STANDARD_HEIGHT else _BT601
    red, blue = _MATRICES.get(like.colorspace, assumed)
    light = np.array([red, 1 - red - blue, blue])
    black, light_range, colour_range = (0, 255, 255) if like.color_range == _FULL_RANGE else (16, 219, 224)
    blueness, redness = (np.array([0, 0, 1]) - light) / (1 - blue) / 2, (np.array([1, 0, 0]) - light) / (1 - red) / 2
    rows = ([*(light_range * light), black], [*(colour_range * blueness), 128], [*(colour_range * redness), 128])
    return np.array(rows, np.float32)


def _in_256ths(plane: NDArray[np.floating[Any]]) -> _Plane:
    rounded: _Plane = np.rint(plane * 256).clip(0, 0xFF00).astype(np.uint16)
    return rounded
