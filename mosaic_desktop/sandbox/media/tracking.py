"""Where the subject of a video is: a simple guess from faces and from what moves, else from what has detail."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.faces import Face
from mosaic_desktop.sandbox.media.following import follow
from mosaic_desktop.sandbox.media.motion import changes, detail
from mosaic_desktop.sandbox.media.scenes import Gray

Centres = NDArray[np.float64]
_Floats = NDArray[np.float32]

# What a change on one side only is worth beside one on both.
_ONE_SIDED = 0.25
# From here up it surely is a face, and from here down as surely none.
_SURELY_FACE, _NO_FACE = 0.75, 0.5
# So much below a face belongs to it, measured by its height: people are seen with their shoulders.
_BELOW = 1.0


class Tracker:
    """Sees small grey frames at FRAMES_PER_SECOND and gives a calm path for a window of the given shares."""

    def __init__(self, share_x: float, share_y: float) -> None:
        self._shares = (share_x, share_y)
        self._motion: tuple[list[_Floats], list[_Floats]] = ([], [])
        self._detail: tuple[list[_Floats], list[_Floats]] = ([], [])
        self._faces: list[tuple[int, Sequence[Face]]] = []
        self._scenes: list[int] = [0]
        self._before: _Floats | None = None
        self._last: Gray | None = None
        self._details: _Floats = np.empty((0, 0), np.float32)

    @property
    def seen(self) -> int:
        """How many frames it has seen."""
        return len(self._motion[0]) + (self._last is not None)

    def cut(self) -> None:
        """What is seen from here on is another scene."""
        self._settle(None)
        self._last = self._before = None
        self._scenes.append(self.seen)

    def see(self, frame: Gray, faces: Sequence[Face] | None = None) -> None:
        """Take the next frame into account, and its faces where they were looked for."""
        if faces is not None:
            self._faces.append((self.seen, faces))
        after = None if self._last is None else changes(self._last, self._details, frame)
        self._settle(after)
        self._before, self._last, self._details = after, frame, detail(frame)

    def _settle(self, after: _Floats | None) -> None:
        """Note what moves in the last frame: what differs from the one before and from the one after. Where both do,
        the subject is; but one without texture differs only where it came from and where it goes.
        """
        if self._last is None:
            return
        differs = [one for one in (self._before, after) if one is not None]
        moving = np.zeros(self._last.shape, np.float32)
        if differs:
            moving = np.min(differs, axis=0) + _ONE_SIDED * np.mean(differs, axis=0)
        for axis in (0, 1):
            self._motion[axis].append(moving.mean(axis=axis, dtype=np.float32))
            self._detail[axis].append(self._details.mean(axis=axis, dtype=np.float32))

    def path(self) -> Centres:
        """One centre (x, y) for every frame seen, shares of the picture; smooth within each scene. The last call."""
        self._settle(None)
        self._last = None
        centres = np.full((self.seen, 2), 0.5)
        for first, last in pairwise([*self._scenes, self.seen]):
            for axis in (0, 1):
                if last > first and self._shares[axis] < 1:
                    motion, details = (np.array(all_[axis][first:last]) for all_ in (self._motion, self._detail))
                    faces = self._faces_in(first, last, axis, motion.shape[1])
                    centres[first:last, axis] = follow(motion, details, faces, self._shares[axis])
        return centres

    def _faces_in(self, first: int, last: int, axis: int, size: int) -> _Floats:
        """Frames x places: how sure it is that a face is there. Between looks, one fades over into the next."""
        looks = [(number - first, faces) for number, faces in self._faces if first <= number < last]
        if not looks:
            return np.zeros((last - first, size), np.float32)
        profiles = np.array([_face_profile(faces, axis, size) for _, faces in looks])
        moments = np.interp(np.arange(last - first), [number for number, _ in looks], np.arange(len(looks)))
        before, share = moments.astype(int), (moments % 1)[:, np.newaxis]
        after = np.minimum(before + 1, len(looks) - 1)
        result: _Floats = (profiles[before] * (1 - share) + profiles[after] * share).astype(np.float32)
        return result


def _face_profile(faces: Sequence[Face], axis: int, size: int) -> _Floats:
    """How sure it is of faces along this axis, 1 in all at most; smaller ones count less."""
    profile = np.zeros(size, np.float32)
    largest = max((face.area for face in faces), default=0.0)
    for face in faces:
        first, last = (face.left, face.right) if axis == 0 else (face.top, face.bottom + _BELOW * face.height)
        sure = min((face.sure - _NO_FACE) / (_SURELY_FACE - _NO_FACE), 1.0)
        places = profile[max(0, int(first * size)) : max(1, round(last * size))]
        places += sure * (face.area / largest) ** 0.5 / max(1, places.size)
    return profile / max(1.0, float(profile.sum()))
