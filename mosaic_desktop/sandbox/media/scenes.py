"""A small look at every picture of a video: how much changes from one to the next, and where scenes are cut."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.ahead import ahead
from mosaic_desktop.sandbox.media.picture import upright
from mosaic_desktop.sandbox.media.source import Source

Gray = NDArray[np.uint8]

_SMALL = [("scale", "256:256:force_original_aspect_ratio=decrease:flags=area")]
_PLACES = 160
# The mean change of grey values by which a scene cut stands out from the change before and the one after it: what
# moves fast, or begins to, changes much in several frames.
_CUT = 12.0


@dataclass(frozen=True, slots=True)
class Look:
    """`time` in seconds. `picture` has 256 places on its longer side, `grey` has 160. `change`: mean change of grey
    values since the frame before, 0 at a `cut`.
    """

    time: float
    picture: VideoFrame
    grey: Gray
    change: float
    cut: bool


def looks(source: Source) -> Iterator[Look]:
    """One for each frame, upright."""
    # One for all, and without threads, since both take longer to make than such pictures.
    scaler = VideoReformatter()
    before, last, last_change = 0.0, None, 0.0
    for frame in ahead(upright(source, _SMALL)):
        grey = _grey(frame, scaler)
        change = 0.0
        if last is not None:
            change = float(np.abs(grey.astype(np.int16) - last[1]).mean())
            yield _look(*last, before, last_change, change)
        before, last, last_change = last_change, (frame, grey), change
    if last is not None:
        yield _look(*last, before, last_change, 0.0)


def _look(picture: VideoFrame, grey: Gray, before: float, change: float, after: float) -> Look:
    cut = change - max(before, after) > _CUT
    return Look(picture.time or 0.0, picture, grey, 0.0 if cut else change, cut)


def _grey(picture: VideoFrame, scaler: VideoReformatter) -> Gray:
    scale = _PLACES / max(picture.width, picture.height)
    width, height = (max(1, round(side * scale)) for side in (picture.width, picture.height))
    grey = scaler.reformat(picture, width, height, format="gray", interpolation="AREA", threads=1)
    return grey.to_ndarray().astype(np.uint8, copy=False)
