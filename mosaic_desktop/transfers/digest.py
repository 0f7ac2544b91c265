"""What a file's bytes are: the content hash that tells files apart, and Google's checksum of an object."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from blake3 import blake3

from mosaic_desktop.core.errors import Code, LocalFileError, NetworkError
from mosaic_desktop.transfers.errors import source_error
from mosaic_desktop.transfers.exchange import Settings
from mosaic_desktop.transfers.watch import Watch

_PIECE = 1024 * 1024


class ContentHash:
    """Of all bytes in order. A cryptographic one: a made-up file must not pass for another."""

    def __init__(self) -> None:
        self._hash = blake3()

    def update(self, piece: bytes) -> None:
        self._hash.update(piece)

    @property
    def name(self) -> str:
        """Algorithm and digest, as in ``SentFile.content``."""
        return f"blake3:{self._hash.hexdigest()}"


@contextmanager
def opened(source: Path, size: int) -> Iterator[FileIO]:
    """The file, if it is a regular one of ``size`` bytes. Raises LocalFileError."""
    try:
        file = FileIO(source)
    except OSError as error:
        raise source_error(error) from None
    with file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise LocalFileError(Code.FILE_UNREADABLE, "not a regular file")
        if found.st_size != size:
            raise LocalFileError(Code.FILE_CHANGED)
        yield file


def digest(source: Path, size: int, watch: Watch, _settings: Settings) -> str:
    """Reads ``source``, ``size`` bytes, in the calling thread. Raises LocalFileError, NetworkError if it is ended."""
    content, done = ContentHash(), 0
    with opened(source, size) as file:
        before = os.fstat(file.fileno()).st_mtime_ns
        while not watch.aborted:
            try:
                piece = file.read(_PIECE)
                after = os.fstat(file.fileno())
            except OSError as error:
                raise source_error(error) from None
            if not piece:
                if done != size or after.st_mtime_ns != before:
                    raise LocalFileError(Code.FILE_CHANGED)
                return content.name
            content.update(piece)
            done += len(piece)
            watch.moved(done, size)
    raise NetworkError(Code.INTERRUPTED, "ended by the application", seen=False)
