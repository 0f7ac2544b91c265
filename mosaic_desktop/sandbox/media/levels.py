"""How loud the sound is from moment to moment."""

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

# One level covers so much time; short enough to find the start of a word.
WINDOW_SECONDS = 0.01
_SILENCE_DB = -120.0


class Levels:
    """Collects frames and gives one level in dB of full scale for every 10 ms, over the loudest channel."""

    def __init__(self) -> None:
        self._levels: list[NDArray[np.float32]] = []
        self._rest: NDArray[np.float32] | None = None
        self._window = 1

    def add(self, frame: AudioFrame) -> None:
        samples = as_floats(frame)
        self._window = max(1, round(frame.sample_rate * WINDOW_SECONDS))
        if self._rest is not None and self._rest.shape[0] == samples.shape[0]:
            samples = np.concatenate([self._rest, samples], axis=1)
        whole = samples.shape[1] // self._window
        cut = samples[:, : whole * self._window]
        self._rest = samples[:, whole * self._window :]
        power = np.square(cut).reshape(cut.shape[0], whole, self._window).mean(axis=2).max(axis=0)
        self._levels.append(_decibels(power))

    @property
    def all(self) -> NDArray[np.float32]:
        """The levels so far; a rest of under 10 ms at the end is left out."""
        return np.concatenate(self._levels) if self._levels else np.empty(0, np.float32)

    def percentile(self, share: float) -> float:
        levels = self.all
        return float(np.percentile(levels, share)) if levels.size else _SILENCE_DB


def as_floats(frame: AudioFrame) -> NDArray[np.float32]:
    """The samples as channels x time, full scale at 1."""
    raw = frame.to_ndarray()
    if not frame.format.is_planar:
        raw = raw.reshape(-1, frame.layout.nb_channels).T
    if raw.dtype.kind == "f":
        return raw.astype(np.float32)
    # Only 8-bit samples are unsigned.
    full_scale, centre = 2.0 ** (8 * raw.itemsize - 1), 128 if raw.dtype.kind == "u" else 0
    samples: NDArray[np.float32] = (raw.astype(np.float32) - centre) / np.float32(full_scale)
    return samples


def _decibels(power: NDArray[np.float32]) -> NDArray[np.float32]:
    floor = 10 ** (_SILENCE_DB / 10)
    levels: NDArray[np.float32] = (10 * np.log10(np.maximum(power, floor))).astype(np.float32)
    return levels
