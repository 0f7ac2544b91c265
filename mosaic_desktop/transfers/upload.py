"""A file to a signed link: exactly the bytes that were announced, or an error."""

import os
from io import FileIO
from pathlib import Path

import pycurl

from mosaic_desktop.core.errors import Code, IntegrityError, LocalFileError, StorageError
from mosaic_desktop.core.ports import SentFile
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.transfers.digest import ContentHash, opened
from mosaic_desktop.transfers.errors import source_error, storage_error
from mosaic_desktop.transfers.exchange import Exchange, Settings
from mosaic_desktop.transfers.watch import Watch

_STORED = frozenset({200, 201, 204})


def upload(link: Secret, source: Path, size: int, content_type: str, watch: Watch, settings: Settings) -> SentFile:
    """Sends ``source``, ``size`` bytes, in the calling thread.

    Raises LocalFileError (FILE_MISSING, FILE_UNREADABLE, FILE_CHANGED), StorageError, NetworkError, IntegrityError.
    """
    with opened(source, size) as file, Exchange(link, watch, settings) as exchange:
        reader = _Reader(file, size, exchange)
        exchange.send(reader.read, reader.rewind, size, content_type)
        exchange.perform()
        if exchange.status not in _STORED:
            raise storage_error(exchange.status, exchange.headers, bytes(exchange.error_body))
        if reader.done != size or exchange.bytes_sent != size:
            raise StorageError(Code.STORAGE, "it answered before it had the whole file", retryable=True)
        stored = exchange.headers.get("x-goog-stored-content-length", "")
        if stored.isdecimal() and int(stored) != size:
            raise IntegrityError(Code.WRONG_SIZE, f"{stored} of {size} bytes were stored", retryable=True)
        return SentFile(reader.content.name)


class _Reader:
    """Gives the file to libcurl. The last piece is held back unless the file is still the one that was opened, so that
    no storage ever holds a mixture.
    """

    def __init__(self, file: FileIO, size: int, exchange: Exchange) -> None:
        self.done = 0
        self.content = ContentHash()
        self._file = file
        self._size = size
        self._exchange = exchange
        self._opened_as = self._identity()

    def read(self, length: int) -> bytes | int:
        try:
            piece = self._file.read(min(length, self._size - self.done)) or b""
            last = self.done + len(piece) == self._size
            changed = (not piece and not last) or (last and self._identity() != self._opened_as)
        except OSError as error:
            self._exchange.fail(source_error(error))
            return int(pycurl.READFUNC_ABORT)
        if changed:
            self._exchange.fail(LocalFileError(Code.FILE_CHANGED))
            return int(pycurl.READFUNC_ABORT)
        self.content.update(piece)
        self.done += len(piece)
        return piece

    def rewind(self) -> None:
        """A server that does not know "Expect" has the body sent again."""
        self._file.seek(0)
        self.content = ContentHash()
        self.done = 0

    def _identity(self) -> tuple[int, int]:
        found = os.fstat(self._file.fileno())
        return found.st_size, found.st_mtime_ns
