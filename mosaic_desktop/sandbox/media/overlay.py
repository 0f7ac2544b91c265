"""Laying pictures with transparency over frames, at the cost of their own box only."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain as chained
from typing import TypeAlias

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

    def onto(self, frame: VideoFrame) -> VideoFrame:
        """The same 4:2:0 frame with the overlay on it, which lies within the frame."""
        frame.make_writable()
        for plane, (added, kept), step in zip(frame.planes, self.planes, (1, 2, 2), strict=True):
            rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
            top, left = self.top // step, self.left // step
            box = rows[top : top + added.shape[0], left : left + added.shape[1]]
            mixed = box * kept
            mixed += added
            mixed >>= 8
            box[...] = mixed
        return frame


# What is to be seen at a time in seconds.
Painter: TypeAlias = Callable[[float], Overlay | None]


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
            shown = paint(float(frame.pts * CLOCK))
            yield frame if shown is None else shown.onto(frame)

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
    pixels = np.asarray(image.crop((x - left, y - top, right - left, bottom - top)), np.float64)
    opacity = pixels[..., 3] / 255
    light, *colours = _components(pixels[..., :3], like)
    light, colours = light * opacity, [_halved(colour * opacity) for colour in colours]
    kept, colours_kept = _in_256ths(1 - opacity), _in_256ths(1 - _halved(opacity))
    planes = ((_in_256ths(light), kept), *((_in_256ths(colour), colours_kept) for colour in colours))
    return Overlay(x, y, planes)


def _even_end(end: int, side: int) -> int:
    return min(side, end + end % 2)


def _components(rgb: NDArray[np.float64], like: VideoFrame) -> list[NDArray[np.float64]]:
    """Light, blueness and redness as bytes stand for them in frames like this one."""
    assumed = _BT709 if like.height > _STANDARD_HEIGHT else _BT601
    red_share, blue_share = _MATRICES.get(like.colorspace, assumed)
    red, green, blue = (rgb[..., channel] / 255 for channel in range(3))
    light = red_share * red + (1 - red_share - blue_share) * green + blue_share * blue
    black, light_range, colour_range = (0, 255, 255) if like.color_range == _FULL_RANGE else (16, 219, 224)
    blueness, redness = (blue - light) / (1 - blue_share) / 2, (red - light) / (1 - red_share) / 2
    return [black + light_range * light, 128 + colour_range * blueness, 128 + colour_range * redness]


def _halved(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    height, width = plane.shape
    means: NDArray[np.float64] = plane.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
    return means


def _in_256ths(plane: NDArray[np.float64]) -> _Plane:
    return np.rint(plane * 256).clip(0, 0xFF00).astype(np.uint16)
