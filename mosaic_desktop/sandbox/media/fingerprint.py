"""What speech sounds like, so that two takes of one phrase can be told from two phrases."""

from typing import Any

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.levels import as_floats

Spectra = NDArray[np.float32]

HOP_SECONDS = 0.025
_BANDS = 24
_LOWEST_HZ, _HIGHEST_HZ = 100.0, 6000.0
# Sound so far under the loudest of a video is all the same: nothing.
_RANGE_DB = 50.0


class Ear:
    """Collects frames and gives one row for every HOP_SECONDS: the power in each of some bands as the ear spaces them,
    in dB. Windows are twice as long as their distance.
    """

    def __init__(self) -> None:
        self._rows: list[Spectra] = []
        self._rest = np.empty(0, np.float32)
        self._bands = np.empty((0, _BANDS), np.float32)

    def add(self, frame: AudioFrame) -> None:
        hop = max(1, round(frame.sample_rate * HOP_SECONDS))
        if not self._bands.size:
            self._bands = _bands(2 * hop, frame.sample_rate)
            self._rest = np.zeros(hop // 2, np.float32)  # so that the first window is around the first half hop
        samples = np.concatenate([self._rest, as_floats(frame).mean(axis=0)])
        count = samples.size // hop - 1
        if count > 0:
            windows = np.lib.stride_tricks.sliding_window_view(samples, 2 * hop)[: count * hop : hop]
            power = np.square(np.abs(np.fft.rfft(windows * np.hanning(2 * hop), axis=1)))
            self._rows.append((10 * np.log10(power @ self._bands + 1e-9)).astype(np.float32))
            samples = samples[count * hop :]
        self._rest = samples

    @property
    def all(self) -> Spectra:
        return np.concatenate(self._rows) if self._rows else np.empty((0, _BANDS), np.float32)


def _bands(window: int, rate: int) -> NDArray[np.float32]:
    """Triangles of equal width on the mel scale, as columns over the frequencies of a window."""
    frequencies = np.fft.rfftfreq(window, 1 / rate)
    low, high = _mel(np.array([_LOWEST_HZ, min(_HIGHEST_HZ, rate / 2)]))
    centres = np.linspace(low, high, _BANDS + 2)
    distance = np.abs(_mel(frequencies)[:, np.newaxis] - centres[1:-1]) / (centres[1] - centres[0])
    bands: NDArray[np.float32] = np.maximum(1 - distance, 0).astype(np.float32)
    return bands


def _mel(hertz: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    mel: NDArray[np.floating[Any]] = np.log1p(hertz / 700)
    return mel


def comparable(spectra: Spectra) -> Spectra:
    """Rows of length 1 that say how a moment differs from the video's average sound, however loud it is. The product
    of two rows is their likeness, from -1 to 1.
    """
    if not spectra.size:
        return spectra
    heard = np.maximum(spectra, spectra.max() - _RANGE_DB)
    shapes = heard - heard.mean(axis=1, keepdims=True)
    shapes -= np.average(shapes, axis=0, weights=heard.mean(axis=1) - heard.min() + 1e-3)
    rows: Spectra = shapes / (np.linalg.norm(shapes, axis=1, keepdims=True) + 1e-6)
    return rows


def beginning_likeness(phrase: Spectra, other: Spectra) -> float:
    """How much all of `phrase` is like a beginning of `other` (or all of it): 1 is the same, 0 unrelated.

    Both are rows of `comparable`. Dynamic time warping: each may be up to twice as fast as the other, and each moment
    of both counts once. Source: Sakoe and Chiba 1978, symmetric steps with slopes from 1/2 to 2.
    """
    rows, columns = len(phrase), len(other)
    if not rows or not columns:
        return 0.0
    distance = (1 - phrase @ other.T).astype(np.float64)
    # Two columns and rows of padding before the first, of which only the corner is a place to start from.
    cost = np.full((rows + 2, columns + 2), np.inf)
    cost[1, 1] = 0.0
    padded = np.full((rows + 2, columns + 2), np.inf)
    padded[2:, 2:] = distance
    for row in range(2, rows + 2):
        here, above = padded[row], padded[row - 1]
        straight = cost[row - 1, 1:-1] + 2 * here[2:]
        down = cost[row - 2, 1:-1] + 1.5 * (above[2:] + here[2:])
        across = cost[row - 1, :-2] + 1.5 * (here[1:-1] + here[2:])
        cost[row, 2:] = np.minimum(straight, np.minimum(down, across))
    means = cost[-1, 2:] / (rows + np.arange(1, columns + 1))
    return float(1 - means.min())
