"""The noise behind a voice: how loud it is and which tones it is made of, heard when it is quietest."""

from dataclasses import dataclass

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.levels import Levels, as_floats

# A percentile.
_QUIETEST = 10
_WINDOW_SECONDS = 0.04
# The middle of each band that FFmpeg's filter `afftdn` knows, in Hz.
_CENTRES = 80 * 1.5 ** np.arange(15)
# How far a band may be from the mean of all, in dB.
_FARTHEST = 24.0


@dataclass(frozen=True, slots=True)
class Noise:
    """`floor`: the level of the quietest tenth of the sound, dB of full scale. `bands`: how much stronger than the mean
    of all tones those of each band are there, in dB.
    """

    floor: float
    bands: tuple[float, ...]


class NoiseEar:
    """Collects frames and tells what is heard when it is quietest."""

    def __init__(self) -> None:
        self._levels = Levels()
        self._rest = np.empty(0, np.float32)
        self._window = np.empty(0)
        self._weights = np.empty((0, 0))
        self._powers: list[NDArray[np.float32]] = []

    def add(self, frame: AudioFrame) -> None:
        """Hear the next frame."""
        self._levels.add(frame)
        if not self._window.size:
            self._window = np.hanning(max(2, round(frame.sample_rate * _WINDOW_SECONDS)))
            self._weights = _weights(self._window.size, frame.sample_rate)
        samples = np.concatenate([self._rest, as_floats(frame).mean(axis=0)])
        size = self._window.size
        whole = samples.size // size * size
        if whole:
            spectra = np.abs(np.fft.rfft(samples[:whole].reshape(-1, size) * self._window, axis=1))
            self._powers.append((np.square(spectra) @ self._weights).astype(np.float32))
        self._rest = samples[whole:]

    @property
    def noise(self) -> Noise:
        """What was heard so far."""
        powers = np.concatenate([np.empty((0, _CENTRES.size + 1), np.float32), *self._powers])
        quiet = powers[powers[:, -1] <= np.percentile(powers[:, -1], _QUIETEST)] if len(powers) else np.ones((1, 16))
        *bands, mean = 10 * np.log10(quiet.mean(axis=0) + 1e-12)
        apart = np.clip(np.array(bands) - mean, -_FARTHEST, _FARTHEST)
        return Noise(self._levels.percentile(_QUIETEST), tuple(map(float, apart)))


def _weights(window: int, rate: int) -> NDArray[np.float64]:
    """For each band the mean of its tones, or else the one nearest to it; at last the mean of all."""
    tones = np.fft.rfftfreq(window, 1 / rate)
    steps = np.log(np.maximum(tones, 1)[:, np.newaxis] / _CENTRES) / np.log(1.5)
    inside = (np.abs(steps) <= 1 / 2) | (np.abs(steps) == np.abs(steps).min(axis=0))
    inside = np.column_stack([inside, np.ones(tones.size, np.bool_)])
    weights: NDArray[np.float64] = inside / inside.sum(axis=0)
    return weights
