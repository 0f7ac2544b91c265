"""Plain videos to write on, and finding what was written."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.captions import CaptionLook
from mosaic_desktop.sandbox.media.graphs import CLOCK

YELLOW, WHITE = "#FFD400", "#FFFFFF"
# Instead of a grey: squares of all colours.
BUSY = -1


def write_still(path: Path, grey: int, seconds: float, size: tuple[int, int] = (640, 360), fps: int = 25) -> Path:
    """A video without sound whose pictures are all of one grey, 0 to 255, or BUSY."""
    width, height = size
    rgb = np.full((height, width, 3), max(grey, 0), np.uint8)
    if grey == BUSY:
        squares = np.random.default_rng(7).integers(0, 256, (height // 8 + 1, width // 8 + 1, 3), np.uint8)
        rgb = np.ascontiguousarray(squares.repeat(8, axis=0).repeat(8, axis=1)[:height, :width])
    picture = VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="yuv420p")
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast", "crf": "10"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        for number in range(round(seconds * fps)):
            picture.pts, picture.time_base = number, Fraction(1, fps)
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
    return path


def looks(path: Path) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """Times and pictures, height x width x (red, green, blue)."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.time or 0.0, frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)


def differing(picture: NDArray[np.uint8], grey: int) -> NDArray[np.bool_]:
    """Where a picture is clearly another than this grey."""
    result: NDArray[np.bool_] = np.abs(picture.astype(np.int16) - grey).max(axis=2) > 24
    return result


def box_of(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is set, the last two just behind it."""
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def is_yellow(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = (picture[..., 0] > 180) & (picture[..., 1] > 140) & (picture[..., 2] < 110)
    return result


def is_white(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = (picture[..., 0] > 215) & (picture[..., 1] > 215) & (picture[..., 2] > 215)
    return result


def stills(grey: int, size: tuple[int, int], start: float, end: float, step: float = 0.04) -> Iterator[VideoFrame]:
    """Pictures of one grey, as a stage gets them."""
    for moment in np.arange(start, end, step):
        frame = VideoFrame.from_ndarray(np.full((size[1], size[0]), grey, np.uint8), format="gray")
        frame = frame.reformat(format="yuv420p")
        frame.pts, frame.time_base = round(Fraction(float(moment)) / CLOCK), CLOCK
        yield frame


def look(**changes: object) -> CaptionLook:
    """The standard look of captions, but for these."""
    standard = {"style": "karaoke", "size": 0.09, "colour": WHITE, "highlight": YELLOW, "outline": "#000000"}
    return CaptionLook(**{**standard, "position": "bottom", **changes})  # type: ignore[arg-type]
