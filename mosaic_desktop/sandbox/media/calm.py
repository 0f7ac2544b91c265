"""Where in a video little goes on, so that letters there hide nothing: from a few looks at it, since it may last hours.

What goes on at a place is a face, what moves there beyond the camera's own movement, and what has detail.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import Any, TypeAlias

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.faces import FaceFinder
from mosaic_desktop.sandbox.media.graphs import CLOCK, Stage, in_turn
from mosaic_desktop.sandbox.media.motion import changes, detail
from mosaic_desktop.sandbox.media.picture import upright
from mosaic_desktop.sandbox.media.safe_area import Box
from mosaic_desktop.sandbox.media.source import Source

_Map: TypeAlias = NDArray[np.floating[Any]]

LOOKS = 10
# Places on the longer side of a look.
_PLACES = 256
# Seconds. A look is two pictures so far apart that what moves has moved; those farther apart are two looks.
_APART, _TOO_FAR = 1 / 8, 0.6
# Frames that are read at most for one look, and in all where none is jumped over.
_FEW = 300
# A percentile.
_NEARLY_ALL = 10
# What a place is worth in a face, where all moves, and for each grey value by which it differs from its neighbours.
_FACE_WORTH, _MOTION_WORTH, _DETAIL_WORTH = 6.0, 3.0, 1 / 40


@dataclass(frozen=True, slots=True)
class Survey:
    """What was seen of pictures of this size on coarse grids, rows x columns, in the mean of all looks: how much goes
    on, and how bright it is from 0 to 1.
    """

    width: int
    height: int
    activity: _Map
    brightness: _Map

    def activity_in(self, box: Box) -> float:
        """How much goes on there: 0 on an even wall, about 0.5 in busy film, more where things move."""
        return float(self._part(self.activity, box).mean())

    def brightness_in(self, box: Box) -> float:
        """What nearly all of it has at least."""
        return float(np.percentile(self._part(self.brightness, box), _NEARLY_ALL))

    def _part(self, grid: _Map, box: Box) -> _Map:
        rows, columns = grid.shape
        left, right = (min(max(x * columns // self.width, 0), columns - 1) for x in (box[0], box[2] - 1))
        top, bottom = (min(max(y * rows // self.height, 0), rows - 1) for y in (box[1], box[3] - 1))
        return grid[top : bottom + 1, left : right + 1]


def evenly(duration: float) -> list[float]:
    """Moments for LOOKS looks at all of a video of so many seconds."""
    return [duration * look / LOOKS for look in range(LOOKS)]


def survey(
    source: Source, moments: Sequence[float], stages: Iterable[Stage], alive: Callable[[], None]
) -> Survey | None:
    """Look at the pictures as they come out of these stages, at about these moments, which rise, in seconds. None where
    nothing can be seen. `alive` is called often.
    """
    seen = list(_looks(in_turn(upright(source, pictures=_near(source, moments, alive)), stages)))
    if not seen:
        return None
    activity, brightness = ([one.activity for one in seen], [one.brightness for one in seen])
    return replace(seen[0], activity=np.mean(activity, axis=0), brightness=np.mean(brightness, axis=0))


def _near(source: Source, moments: Sequence[float], alive: Callable[[], None]) -> Iterator[VideoFrame]:
    """Two frames for each moment, as far as there are. Jumps to frames that need no others where that saves reading."""
    jumps = source.frame_count > _FEW
    last, frames = -1.0, source.pictures()
    for moment in moments:
        wanted = moment
        if jumps:
            with suppress(av.FFmpegError):
                source.skip_to(Fraction(moment))
            # The frame that was jumped to may be the one of the look before.
            wanted = max((last + moment) / 2, last + _APART)
            frames = islice(source.pictures(), _FEW)
        for _ in range(2):
            frame = _first_from(wanted, frames, source, alive)
            if frame is None:
                break
            last = float(source.time(frame))
            wanted = last + _APART
            yield frame


def _first_from(
    wanted: float, frames: Iterator[VideoFrame], source: Source, alive: Callable[[], None]
) -> VideoFrame | None:
    with suppress(MediaError):  # which is told by whoever reads all of the video
        for frame in frames:
            alive()
            if source.time(frame) >= wanted:
                return frame
    return None


def _looks(frames: Iterable[VideoFrame]) -> Iterator[Survey]:
    """What two frames tell, or one that stands alone."""
    finder, first = FaceFinder(), None
    for frame in frames:
        if first is None:
            first = frame
        elif _time(frame) - _time(first) > _TOO_FAR:
            yield _look(first, None, finder)
            first = frame
        else:
            yield _look(first, frame, finder)
            first = None
    if first is not None:
        yield _look(first, None, finder)


def _look(frame: VideoFrame, after: VideoFrame | None, finder: FaceFinder) -> Survey:
    grey = _small(frame, "gray")
    light = grey.astype(np.float32)
    activity = _DETAIL_WORTH * detail(grey)
    if after is not None:
        later = _small(after, "gray")
        activity += _MOTION_WORTH * changes(later, detail(later), grey)
    rows, columns = grey.shape
    for face in finder.find(_small(frame, "rgb24")):
        left, right = (round(min(max(x, 0.0), 1.0) * columns) for x in (face.left, face.right))
        top, bottom = (round(min(max(y, 0.0), 1.0) * rows) for y in (face.top, face.bottom))
        activity[top:bottom, left:right] += _FACE_WORTH * face.sure
    return Survey(frame.width, frame.height, activity, light / 255)


def _small(frame: VideoFrame, format: str) -> NDArray[np.uint8]:
    share = min(1, _PLACES / max(frame.width, frame.height))
    width, height = (max(2, round(side * share)) for side in (frame.width, frame.height))
    small = frame.reformat(width, height, format=format, interpolation="AREA")
    return small.to_ndarray().astype(np.uint8, copy=False)


def _time(frame: VideoFrame) -> float:
    assert frame.pts is not None
    return float(frame.pts * CLOCK)
