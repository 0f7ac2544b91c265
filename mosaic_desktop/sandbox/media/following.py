"""The calm path of a window that follows the subject along one axis of the picture."""

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float32]
Series = NDArray[np.float64]

FRAMES_PER_SECOND = 8
# The window stays where it is unless following pays: the cost of moving it by the whole picture.
_MOVE_COST = 3.0
# So much motion, as a share of the picture, is as much for as against following it.
_HALF_SURE = 0.004
# Gestures do not say that somebody walks: less is not followed, and what is held meanwhile counts little.
_LEAST_SURE, _HELD_WEIGHT = 0.3, 0.05
# A face is the subject more than what moves, and where it is says more than where hands are.
_FACE_WORTH, _FACE_WEIGHT = 1.5, 16.0
# What has detail counts only where nothing moves.
_DETAIL_WORTH = 0.002
# Keeps quotients finite, and the window in the middle where there is nothing at all.
_NOTHING = 1e-6
# A line is fitted to so many frames before and behind, so that the window is calm but is not late at turns.
_REACH = 3
# The window stands still while the subject stays so near, in shares of the picture.
_SLACK = 0.005


def follow(motion: _Floats, detail: _Floats, faces: _Floats, share: float) -> Series:
    """Where the middle of the window is in each frame of a scene, in shares. `share`: the window's of the picture.
    `motion`, `detail` and `faces`: how much of it is where, frames x places; `faces` up to 1 in all of a frame.
    """
    path = _smooth(*_subject(motion, detail, faces, share))
    # One way it would come late, the other way early.
    calm = (_at_rest(path) + _at_rest(path[::-1])[::-1]) / 2
    # Where the picture ends it glides to a stop.
    return calm.clip(share / 2, 1 - share / 2)


def place_at(path: Series, moment: float) -> float:
    """Where the window is at a moment counted in frames of its path, which has some. It glides along a cubic B-spline,
    since a path from point to point has a corner at each.
    """
    moment = min(max(moment, 0.0), len(path) - 1.0)
    whole, part = int(moment), moment % 1
    weights = ((1 - part) ** 3, 3 * part**3 - 6 * part**2 + 4, -3 * part**3 + 3 * part**2 + 3 * part + 1, part**3)
    around = path[np.arange(whole - 1, whole + 3).clip(0, len(path) - 1)]
    return float(np.dot(weights, around)) / 6


def _subject(motion: _Floats, detail: _Floats, faces: _Floats, share: float) -> tuple[Series, Series]:
    """Where the subject is in each frame, and how sure that is from 0 to 1."""
    count, size = motion.shape
    window = min(size, max(1, round(share * size)))
    positions = size - window + 1
    middle = 1 - 0.1 * np.abs(np.linspace(-1, 1, positions))
    total = motion.sum(axis=1, keepdims=True)
    half_sure = size * _HALF_SURE
    sure = total / (total + half_sure)
    moves = _held(motion, window) / (total + _NOTHING) * sure
    has = (_held(detail, window) + _NOTHING) * middle / (detail.sum(axis=1, keepdims=True) + _NOTHING)
    chosen = _best_path(moves + _FACE_WORTH * _held(faces, window) + _DETAIL_WORTH * has, _MOVE_COST / size)
    places, path, weights = np.arange(window) + 0.5, np.full(count, np.nan), np.full(count, _HELD_WEIGHT)
    for number, first in enumerate(chosen):
        inside, face = motion[number, first : first + window], faces[number, first : first + window]
        held, known = float(inside.sum() / (inside.sum() + half_sure)), float(face.sum())
        if max(held, known) > _LEAST_SURE:
            counted = inside * (held / (inside.sum() + _NOTHING)) + _FACE_WEIGHT * face
            path[number], weights[number] = (first + np.average(places, weights=counted)) / size, max(held, known)
    found = np.flatnonzero(~np.isnan(path))
    if not found.size:
        return (chosen + window / 2) / size, weights
    # Who was not seen for a while went evenly to where he is seen next.
    return np.interp(np.arange(count), found, path[found]), weights


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


def _smooth(path: Series, weights: Series) -> Series:
    """The path without short excursions (median) and without corners: around each moment a line is fitted, where sure
    and near places weigh more (Cleveland 1979: locally weighted regression, here with weights from outside too).
    """
    calm = np.median(np.lib.stride_tricks.sliding_window_view(np.pad(path, 2, mode="edge"), 5), axis=1)
    offsets = np.arange(-_REACH, _REACH + 1) / (_REACH + 1)
    powers = np.vander(offsets, 2, increasing=True)
    near = np.lib.stride_tricks.sliding_window_view(np.pad(calm, _REACH, mode="edge"), offsets.size)
    sure = np.lib.stride_tricks.sliding_window_view(np.pad(weights, _REACH, mode="edge"), offsets.size)
    sure = sure * (1 - np.abs(offsets) ** 3) ** 3
    left = np.einsum("ti,ij,ik->tjk", sure, powers, powers)
    right = np.einsum("ti,ti,ij->tj", sure, near, powers)
    smooth: Series = np.linalg.solve(left, right[:, :, np.newaxis])[:, 0, 0]
    return smooth


def _at_rest(path: Series) -> Series:
    """The path with no step that keeping within _SLACK of it does not need."""
    lows, highs = path - _SLACK, path + _SLACK
    low, high = np.maximum.accumulate(lows), np.minimum.accumulate(highs)
    # It begins where it can stay for longest.
    number = int(np.argmax(low > high)) or len(path)
    now, result = (low[number - 1] + high[number - 1]) / 2, np.empty(len(path))
    for number, (least, most) in enumerate(zip(lows, highs, strict=True)):
        result[number] = now = min(max(now, least), most)
    return result
