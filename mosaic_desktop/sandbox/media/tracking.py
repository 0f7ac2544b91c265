"""Where the subject of a video is: a simple guess from what moves against its background, else from what has detail."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.scenes import Gray

Centres = NDArray[np.float64]
_Floats = NDArray[np.float32]
_Series = NDArray[np.float64]

FRAMES_PER_SECOND = 8
# Grey values by which a place may change without moving: noise of the camera and of coding.
_NOISE = 5.0
# Beyond so much of a change, more is no surer.
_SURE = 30.0
# What a change on one side only is worth beside one on both.
_ONE_SIDED = 0.25
# The window stays where it is unless following pays: the cost of moving it by the whole picture.
_MOVE_COST = 3.0
# So much motion, as a share of the picture, is as much for as against following it.
_HALF_SURE = 0.008
# Gestures do not say that somebody walks: less is not followed, and what is held meanwhile counts little.
_LEAST_SURE, _HELD_WEIGHT = 0.3, 0.05
# What has detail counts only where nothing moves.
_DETAIL_WORTH = 0.002
# Keeps quotients finite, and the window in the middle where there is nothing at all.
_NOTHING = 1e-6
# A parabola is fitted to so much of the path at a time, so that the window is calm but is not late at turns.
_SMOOTH_SECONDS = 1.8


class Tracker:
    """Sees small grey frames at FRAMES_PER_SECOND and gives a calm path for a window of the given shares."""

    def __init__(self, share_x: float, share_y: float) -> None:
        self._shares = (share_x, share_y)
        self._motion: tuple[list[_Floats], list[_Floats]] = ([], [])
        self._detail: tuple[list[_Floats], list[_Floats]] = ([], [])
        self._scenes: list[int] = [0]
        self._before: _Floats | None = None
        self._last: Gray | None = None

    @property
    def seen(self) -> int:
        """How many frames it has seen."""
        return len(self._motion[0]) + (self._last is not None)

    def cut(self) -> None:
        """What is seen from here on is another scene."""
        self._settle(None)
        self._last = self._before = None
        self._scenes.append(self.seen)

    def see(self, frame: Gray) -> None:
        """Take the next frame into account."""
        after = None if self._last is None else changes(self._last, frame)
        self._settle(after)
        self._before, self._last = after, frame

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
        detail = _detail(self._last)
        for axis in (0, 1):
            self._motion[axis].append(moving.mean(axis=axis, dtype=np.float32))
            self._detail[axis].append(detail.mean(axis=axis, dtype=np.float32))

    def path(self) -> Centres:
        """One centre (x, y) for every frame seen, shares of the picture; smooth within each scene. The last call."""
        self._settle(None)
        self._last = None
        centres = np.full((self.seen, 2), 0.5)
        for first, last in pairwise([*self._scenes, self.seen]):
            for axis in (0, 1):
                if last > first and self._shares[axis] < 1:
                    motion, detail = np.array(self._motion[axis][first:last]), np.array(self._detail[axis][first:last])
                    centres[first:last, axis] = _smooth(*_follow(motion, detail, self._shares[axis]))
        return centres


def changes(frame: Gray, other: Gray) -> _Floats:
    """Where a frame differs from its neighbour in time beyond noise and the camera's own movement, from 0 to 1."""
    here, there = frame.astype(np.float32), other.astype(np.float32)
    down, right = _shift(here, there)
    moved = np.roll(there, (down, right), (0, 1))
    # Edges differ too where the camera moves by less than a place.
    edges = np.abs(np.gradient(here, axis=0)) + np.abs(np.gradient(here, axis=1))
    surplus = np.abs(here - moved) - _NOISE - edges / 2
    # What came in at the border has nothing to be compared with.
    for axis, by in ((0, down), (1, right)):
        border = [slice(None)] * 2
        border[axis] = slice(0, by) if by > 0 else slice(here.shape[axis] + by, None)
        if by:
            surplus[tuple(border)] = 0
    result: _Floats = np.clip(surplus, 0, _SURE) / np.float32(_SURE)
    return result


def _shift(here: _Floats, there: _Floats) -> tuple[int, int]:
    """By how many places down and right the camera's movement took the picture. Source: phase correlation (Kuglin
    and Hines 1975); believed only where it makes the pictures more alike.
    """
    cross = np.fft.rfft2(here) * np.conj(np.fft.rfft2(there))
    peaks = np.fft.irfft2(cross / (np.abs(cross) + 1e-3), here.shape)
    down, right = (int(place) for place in np.unravel_index(int(np.argmax(peaks)), peaks.shape))
    down, right = (by - size if by > size // 2 else by for by, size in zip((down, right), here.shape, strict=True))
    if max(abs(down) / here.shape[0], abs(right) / here.shape[1]) > 0.2:
        return 0, 0
    better = np.median(np.abs(here - np.roll(there, (down, right), (0, 1)))) < np.median(np.abs(here - there))
    return (down, right) if better else (0, 0)


def _detail(frame: Gray) -> _Floats:
    """How much each place differs from its neighbours."""
    values = frame.astype(np.float32)
    result: _Floats = np.abs(np.gradient(values, axis=0)) + np.abs(np.gradient(values, axis=1))
    return result


def _follow(motion: _Floats, detail: _Floats, share: float) -> tuple[_Series, _Series]:
    """Where along one axis the subject is in each frame of a scene, and how sure that is from 0 to 1. `motion` and
    `detail` are frames x places.
    """
    count, size = motion.shape
    window = min(size, max(1, round(share * size)))
    positions = size - window + 1
    middle = 1 - 0.1 * np.abs(np.linspace(-1, 1, positions))
    total = motion.sum(axis=1, keepdims=True)
    half_sure = size * _HALF_SURE
    sure = total / (total + half_sure)
    moves = _held(motion, window) / (total + _NOTHING) * sure
    has = (_held(detail, window) + _NOTHING) * middle / (detail.sum(axis=1, keepdims=True) + _NOTHING)
    chosen = _best_path(moves + _DETAIL_WORTH * has, _MOVE_COST / size)
    places, path, weights = np.arange(window) + 0.5, np.full(count, np.nan), np.full(count, _HELD_WEIGHT)
    for number, first in enumerate(chosen):
        inside = motion[number, first : first + window]
        if (held := float(inside.sum() / (inside.sum() + half_sure))) > _LEAST_SURE:
            path[number], weights[number] = (first + np.average(places, weights=inside)) / size, held
    known = np.flatnonzero(~np.isnan(path))
    if not known.size:
        return (chosen + window / 2) / size, weights
    # Where nothing moves it is where it was last, and before the first motion where it will be.
    latest = np.maximum.accumulate(np.where(np.isnan(path), known[0], np.arange(count)))
    return path[latest], weights


def _held(profiles: _Floats, window: int) -> NDArray[np.float64]:
    """How much each window position holds; what is at its edge counts half."""
    weights = 0.5 + 0.5 * np.hanning(window + 2)[1:-1]
    return np.array([np.convolve(profile, weights, "valid") for profile in profiles])


def _best_path(worth: NDArray[np.float64], cost: float) -> NDArray[np.intp]:
    """The position in each frame, so that what all are worth less the cost of every step between them is the most."""
    places = np.arange(worth.shape[1])
    best, origins = worth[0], []
    for now in worth[1:]:
        origin = _cheapest(best, places, cost)
        origins.append(origin)
        best = now + best[origin] - cost * np.abs(places - origin)
    path = [int(np.argmax(best))]
    for origin in reversed(origins):
        path.append(int(origin[path[-1]]))
    return np.array(path[::-1])


def _cheapest(best: NDArray[np.float64], places: NDArray[np.intp], cost: float) -> NDArray[np.intp]:
    """For each place the one to come from: of those to the left and those to the right the best."""
    size = places.size
    rising, falling = best + cost * places, (best - cost * places)[::-1]
    left, right = _leaders(rising), size - 1 - _leaders(falling)[::-1]
    from_left, from_right = best[left] - cost * (places - left), best[right] - cost * (right - places)
    return np.where(from_left >= from_right, left, right)


def _leaders(values: NDArray[np.float64]) -> NDArray[np.intp]:
    """For each place the place of the most so far."""
    most = np.maximum.accumulate(values)
    new = np.concatenate([[True], values[1:] > most[:-1]])
    return np.maximum.accumulate(np.where(new, np.arange(values.size), 0))


def _smooth(path: _Series, weights: _Series) -> _Series:
    """The path without short excursions (median) and without corners: around each moment a parabola is fitted, where
    sure places weigh more (Savitzky and Golay 1964, with weights).
    """
    half = round(_SMOOTH_SECONDS * FRAMES_PER_SECOND / 2)
    calm = np.median(np.lib.stride_tricks.sliding_window_view(np.pad(path, 2, mode="edge"), 5), axis=1)
    offsets = np.arange(-half, half + 1) / half
    powers = np.vander(offsets, 3, increasing=True)
    near = np.lib.stride_tricks.sliding_window_view(np.pad(calm, half, mode="edge"), 2 * half + 1)
    sure = np.lib.stride_tricks.sliding_window_view(np.pad(weights, half, mode="edge"), 2 * half + 1)
    left = np.einsum("ti,ij,ik->tjk", sure, powers, powers)
    right = np.einsum("ti,ti,ij->tj", sure, near, powers)
    fitted = np.linalg.solve(left, right[:, :, np.newaxis])[:, 0, 0]
    soft = np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16
    smooth: _Series = np.convolve(np.pad(fitted, 2, mode="edge"), soft, "valid")
    return smooth
