"""Where the subject of a video is: a simple guess from what moves and what has detail."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Centres = NDArray[np.float64]
Gray = NDArray[np.uint8]

FRAMES_PER_SECOND = 8
# A mean change of grey values beyond this is a new scene, where the window may jump.
_CUT = 40.0
_SMOOTH_SECONDS = 0.7


class Tracker:
    """Sees small grey frames at FRAMES_PER_SECOND and gives a calm path for a window of the given shares."""

    def __init__(self, share_x: float, share_y: float) -> None:
        self._shares = (share_x, share_y)
        self._previous: Gray | None = None
        self._centres: list[tuple[float, float]] = []
        self._scene_starts: list[int] = [0]

    def see(self, frame: Gray) -> None:
        """Take the next frame into account."""
        interest = _detail(frame)
        if self._previous is not None:
            change = np.abs(frame.astype(np.float32) - self._previous)
            if change.mean() > _CUT:
                self._scene_starts.append(len(self._centres))
            else:
                # What everything shares is the camera's own movement.
                moving = np.maximum(change - np.median(change) - 4, 0)
                interest = interest + 4 * moving / (moving.mean() + 0.25)
        self._previous = frame
        self._centres.append((self._centre(interest, 0), self._centre(interest, 1)))

    def _centre(self, interest: NDArray[np.float32], axis: int) -> float:
        """Centre of the window position that holds the most interest along x (0) or y (1), from 0 to 1."""
        share = self._shares[axis]
        profile = interest.sum(axis=axis)
        size = profile.size
        window = max(1, round(share * size))
        if window >= size:
            return 0.5
        sums = np.convolve(profile, np.ones(window), "valid")
        # Between equals the middle of the picture is the better guess.
        middle = 1 - 0.1 * np.abs(np.linspace(-1, 1, sums.size))
        first = int(np.argmax(sums * middle))
        inside = profile[first : first + window]
        # The best window may hold the subject at its edge; its weight says where in the window it is.
        return float((first + np.average(np.arange(window) + 0.5, weights=inside + 1e-6)) / size)

    def path(self) -> Centres:
        """One centre (x, y) for every frame seen, smoothed within each scene."""
        centres = np.array(self._centres, dtype=np.float64).reshape(-1, 2)
        bounds = [*self._scene_starts, len(centres)]
        for first, last in pairwise(bounds):
            for axis in (0, 1):
                centres[first:last, axis] = _smooth(centres[first:last, axis])
        return centres


def _detail(frame: Gray) -> NDArray[np.float32]:
    """How much each place differs from its neighbours, 1 on average."""
    values = frame.astype(np.float32)
    slopes = np.abs(np.gradient(values, axis=0)) + np.abs(np.gradient(values, axis=1))
    result: NDArray[np.float32] = slopes / (slopes.mean() + 0.25)
    return result


def _smooth(path: NDArray[np.float64]) -> NDArray[np.float64]:
    """The path without short excursions (median over a second) and without corners (Gaussian)."""
    if path.size < 2:
        return path
    half = FRAMES_PER_SECOND // 2
    padded = np.pad(path, half, mode="edge")
    calm = np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1), axis=1)
    sigma = _SMOOTH_SECONDS * FRAMES_PER_SECOND
    reach = round(3 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    smooth: NDArray[np.float64] = np.convolve(np.pad(calm, reach, mode="edge"), kernel / kernel.sum(), "valid")
    return smooth
