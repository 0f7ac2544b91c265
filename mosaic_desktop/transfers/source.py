"""A file that is read to be sent or compared: the same one from the first byte to the last, or an error."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from mosaic_desktop.core.errors import Code, LocalFileError
from mosaic_desktop.transfers.errors import source_error


class Source:
    """Made by ``opened``. Raises LocalFileError (FILE_CHANGED, FILE_MISSING, FILE_UNREADABLE)."""

    def __init__(self, path: Path, file: FileIO, size: int) -> None:
        self.path = path
        self.size = size
        self._file = file
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise LocalFileError(Code.FILE_UNREADABLE, "not a regular file")
        self._identity = _identity(found)
        if found.st_size != size:
            raise LocalFileError(Code.FILE_CHANGED)

    def read(self, offset: int, length: int) -> bytes:
        """Up to ``length`` bytes, at least one; the last ones only if ``check`` passes, so that no storage ever holds a
        mixture.
        """
        try:
            self._file.seek(offset)
            piece = self._file.read(length) or b""
            found = os.fstat(self._file.fileno())
        except OSError as error:
            raise source_error(error) from None
        if not piece or _identity(found) != self._identity:
            raise LocalFileError(Code.FILE_CHANGED)
        if offset + len(piece) >= self.size:
            self.check()
        return piece

    def check(self) -> None:
        """Whether the path still leads to the file as it was opened."""
        try:
            found = self.path.stat()
        except OSError as error:
            raise source_error(error) from None
        if _identity(found) != self._identity:
            raise LocalFileError(Code.FILE_CHANGED)


@contextmanager
def opened(path: Path, size: int) -> Iterator[Source]:
    """The file, if it is a regular one of ``size`` bytes."""
    try:
        file = FileIO(path)
    except OSError as error:
        raise source_error(error) from None
    with file:
        yield Source(path, file, size)


def _identity(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
