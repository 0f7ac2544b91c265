"""What moves in a picture of itself, and not because the camera does."""

import numpy as np
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.scenes import Gray

_Floats = NDArray[np.float32]

# Grey values by which a place may change without moving: noise of the camera and of coding.
_NOISE = 5.0
# Beyond so much of a change, more is no surer.
_SURE = 30.0
# So much of a place and those around it changes where a line moves.
_LINE = 0.3
# Pictures that lie further apart than this share of their size are not of one movement of the camera.
_FARTHEST = 0.2


def changes(frame: Gray, details: _Floats, other: Gray) -> _Floats:
    """Where a frame with these details differs from its neighbour in time beyond noise and the camera's own movement,
    from 0 to 1.
    """
    here, there = frame.astype(np.float32), other.astype(np.float32)
    down, right = _shift(here, there)
    moved = np.roll(there, (down, right), (0, 1))
    # Edges differ too where the camera moves by less than a place.
    surplus = np.abs(here - moved) - _NOISE - details / 2
    # What came in at the border has nothing to be compared with.
    for axis, by in ((0, down), (1, right)):
        border = [slice(None)] * 2
        border[axis] = slice(0, by) if by > 0 else slice(here.shape[axis] + by, None)
        if by:
            surplus[tuple(border)] = 0
    moves = np.clip(surplus, 0, _SURE) / np.float32(_SURE)
    # What moves changes an area; what the camera's smallest movements change are lines.
    around = np.lib.stride_tricks.sliding_window_view(np.pad(moves, 1, mode="edge"), (3, 3)).mean((2, 3))
    result: _Floats = moves * np.clip((around - _LINE) / (1 - _LINE), 0, 1)
    return result


def _shift(here: _Floats, there: _Floats) -> tuple[int, int]:
    """By how many places down and right the camera's movement took the picture. Source: phase correlation (Kuglin
    and Hines 1975); believed only where it makes the pictures more alike.
    """
    cross = np.fft.rfft2(here) * np.conj(np.fft.rfft2(there))
    peaks = np.fft.irfft2(cross / (np.abs(cross) + 1e-3), here.shape)
    down, right = (int(place) for place in np.unravel_index(int(np.argmax(peaks)), peaks.shape))
    down, right = (by - size if by > size // 2 else by for by, size in zip((down, right), here.shape, strict=True))
    if max(abs(down) / here.shape[0], abs(right) / here.shape[1]) > _FARTHEST:
        return 0, 0
    better = np.median(np.abs(here - np.roll(there, (down, right), (0, 1)))) < np.median(np.abs(here - there))
    return (down, right) if better else (0, 0)


def detail(frame: Gray) -> _Floats:
    """How much each place differs from its neighbours."""
    values = frame.astype(np.float32)
    result: _Floats = np.abs(np.gradient(values, axis=0)) + np.abs(np.gradient(values, axis=1))
    return result
