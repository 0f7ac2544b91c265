"""Real videos of any size: a short clip, and behind it room that a player passes over."""

import os
import struct
from pathlib import Path

from tests.support.media import make_clip, sparse

SECONDS = 2.0
_PIECE = 64 * 1024 * 1024
_HEADER = 16
_SERIAL = 8


def make_film(path: Path, size: int) -> Path:
    """``size`` bytes, filled with what no compression makes smaller."""
    left = _begin(path, size)
    piece = os.urandom(min(_PIECE, left))
    with path.open("ab") as file:
        while left:
            left -= file.write(piece[:left])
    return path


def make_sparse_film(path: Path, size: int) -> Path:
    """``size`` bytes that take no room on disk."""
    _begin(path, size)
    return sparse(path, size)


def renew(path: Path, serial: int) -> None:
    """Makes it another film, so that nobody knows its content from an earlier upload."""
    with path.open("r+b") as file:
        file.seek(-_SERIAL, os.SEEK_END)
        file.write(struct.pack(">Q", serial))


def _begin(path: Path, size: int) -> int:
    """The clip and the header of a box with nothing in it (ISO/IEC 14496-12, "free"); bytes left to ``size``."""
    rest = size - make_clip(path, seconds=SECONDS, size=(640, 360)).stat().st_size
    with path.open("ab") as file:
        file.write(struct.pack(">I4sQ", 1, b"free", rest))
    return rest - _HEADER
