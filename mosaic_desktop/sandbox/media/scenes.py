"""A small grey look at every picture of a video: how much changes from one to the next, and where scenes are cut."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.picture import upright
from mosaic_desktop.sandbox.media.source import Source

Gray = NDArray[np.uint8]

_SMALL = [("scale", "160:160:force_original_aspect_ratio=decrease:flags=area"), ("format", "gray")]
# The mean change of grey values by which a scene cut stands out from the change before and the one after it: what
# moves fast, or begins to, changes much in several frames.
_CUT = 12.0


@dataclass(frozen=True, slots=True)
class Look:
    """`time` in seconds. `change`: mean change of grey values since the frame before, 0 at a `cut`."""

    time: float
    grey: Gray
    change: float
    cut: bool


def looks(source: Source) -> Iterator[Look]:
    """One for each frame, upright, with 160 places on its longer side."""
    before, last, last_change = 0.0, None, 0.0
    for frame in upright(source, _SMALL):
        grey = frame.to_ndarray().astype(np.uint8, copy=False)
        change = 0.0
        if last is not None:
            change = float(np.abs(grey.astype(np.int16) - last[1]).mean())
            yield _look(*last, before, last_change, change)
        before, last, last_change = last_change, (_time(frame), grey), change
    if last is not None:
        yield _look(*last, before, last_change, 0.0)


def _look(time: float, grey: Gray, before: float, change: float, after: float) -> Look:
    cut = change - max(before, after) > _CUT
    return Look(time, grey, 0.0 if cut else change, cut)


def _time(frame: VideoFrame) -> float:
    return frame.time or 0.0
