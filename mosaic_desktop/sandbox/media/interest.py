"""How interesting each moment of a video is: a simple guess from what moves, what becomes loud, and scene cuts."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.levels import WINDOW_SECONDS
from mosaic_desktop.sandbox.media.scenes import Look

Series = NDArray[np.floating[Any]]

MOMENTS_PER_SECOND = 8
_HUSH_DB = -60.0
_CUT_WORTH, _MOTION_WORTH, _LOUD_WORTH, _RISE_WORTH = 0.5, 1.0, 1.0, 1.0


class Changes:
    """Collects looks: how much moves, and when scenes are cut."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._motion: list[float] = []
        self.cuts: list[float] = []

    def see(self, look: Look) -> None:
        """Take the next frame into account."""
        self._times.append(look.time)
        self._motion.append(look.change)
        if look.cut:
            self.cuts.append(look.time)

    def motion(self, moments: int) -> Series:
        """The mean change at each moment, in grey values per frame."""
        return _means(np.array(self._times), np.array(self._motion), moments)


def interest(changes: Changes, levels: NDArray[np.float32], moments: int) -> Series:
    """One value a moment, MOMENTS_PER_SECOND. `levels` are those of the sound, or none."""
    cuts = np.bincount(_moments(np.array(changes.cuts), moments), minlength=moments) * _CUT_WORTH
    heard = np.maximum(levels, _HUSH_DB).astype(np.float64)
    volume = _means(np.arange(heard.size) * WINDOW_SECONDS, heard, moments)
    rise = np.abs(np.diff(volume, prepend=volume[:1]))
    parts: Series = (
        cuts
        + _MOTION_WORTH * _share(changes.motion(moments))
        + _LOUD_WORTH * _share(volume)
        + _RISE_WORTH * _share(rise)
    )
    return parts


def _moments(times: Series, moments: int) -> NDArray[np.intp]:
    return np.clip(times * MOMENTS_PER_SECOND, 0, moments - 1).astype(np.intp)


def _means(times: Series, values: Series, moments: int) -> Series:
    """The mean of the values that fall on each moment; where none does, that before."""
    if not values.size:
        return np.zeros(moments)
    where = _moments(times, moments)
    counts = np.bincount(where, minlength=moments)
    sums = np.bincount(where, weights=values, minlength=moments)
    latest = np.maximum.accumulate(np.where(counts > 0, np.arange(moments), where[0]))
    means: Series = sums[latest] / counts[latest]
    return means


def _share(values: Series) -> Series:
    """From 0 for the least to 1 for about the most that the video has."""
    low, high = np.percentile(values, [5, 95])
    return np.clip((values - low) / (high - low), 0.0, 1.0) if high - low > 1e-3 else np.zeros(values.size)


def best_windows(scores: Series, length: int, gap: int, count: int) -> list[int]:
    """First moments of the windows of this length that together hold most, `gap` moments apart at least, in rising
    order: `count` of them, or as many as fit.
    """
    sums = np.concatenate([[0.0], np.cumsum(scores)])
    held = sums[length:] - sums[:-length]
    fitting = min(count, (scores.size + gap) // (length + gap))
    if fitting < 1:
        return []
    # best[k][i]: the most that k + 1 windows hold of which the last starts at i or before.
    best: list[Series] = []
    chosen: list[Series] = []
    for number in range(fitting):
        total = held.copy()
        if number:
            total[: length + gap] = -np.inf
            total[length + gap :] += best[-1][: max(held.size - length - gap, 0)]
        best.append(np.maximum.accumulate(total))
        chosen.append(total)
    firsts, end = [], held.size
    for number in reversed(range(fitting)):
        firsts.append(int(np.argmax(chosen[number][:end])))
        end = firsts[-1] - length - gap + 1
    return firsts[::-1]
