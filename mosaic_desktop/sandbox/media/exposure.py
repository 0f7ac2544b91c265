"""How bright a video is, from some of its pictures."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.source import Source

_LOOKS = 12


def brightness_range(source: Source) -> tuple[float, float]:
    """The darkest and the brightest hundredth of what is seen, 0 black to 1 white."""
    low, high = np.percentile(np.concatenate(list(_looks(source))), [1, 99])
    return float(low) / 255, float(high) / 255


def _looks(source: Source) -> Iterator[NDArray[np.uint8]]:
    for look in range(_LOOKS):
        source.skip_to(Fraction(source.duration) * look / _LOOKS)
        try:
            frame = next(source.pictures())
        except MediaError:
            if look == 0:
                raise
            return  # a short video has fewer pictures than looks
        yield frame.reformat(64, 64, format="gray").to_ndarray().astype(np.uint8, copy=False).ravel()
