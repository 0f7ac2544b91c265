"""A signed link to a file: whole and as announced, flushed to disk, or an error."""

import base64
import binascii
import hashlib
import os
import re
import shutil
from io import FileIO
from pathlib import Path

from mosaic_desktop.core.errors import Code, IntegrityError, LocalFileError, MosaicError, StorageError
from mosaic_desktop.core.ports import FetchedFile
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.transfers.errors import storage_error, target_error
from mosaic_desktop.transfers.exchange import Exchange, Settings
from mosaic_desktop.transfers.watch import Watch

_PIECE = 1024 * 1024  # libcurl hands over 16 KiB at a time, too little for a write or a digest
_STOP = -1


def download(link: Secret, target: Path, size: int | None, watch: Watch, settings: Settings) -> FetchedFile:
    """Fetches into ``target`` in the calling thread. After an error the file may be there in part.

    Raises StorageError, NetworkError, IntegrityError (WRONG_SIZE, WRONG_CONTENT), LocalFileError (DISK_FULL,
    FOLDER_UNWRITABLE).
    """
    with Exchange(link, watch, settings) as exchange:
        receiver = _Receiver(target, size, exchange, watch)
        exchange.receive(receiver.write, receiver.moved)
        try:
            exchange.perform()
            if exchange.status != 200:
                raise storage_error(exchange.status, exchange.headers, bytes(exchange.error_body))
            return receiver.finish()
        except OSError as error:
            raise target_error(error) from None
        finally:
            receiver.close()


class _Receiver:
    """Takes the body of a 200; the target is opened with its first byte, when it is known what will come."""

    def __init__(self, target: Path, size: int | None, exchange: Exchange, watch: Watch) -> None:
        self._target = target
        self._size = size
        self._exchange = exchange
        self._watch = watch
        self._file: FileIO | None = None
        self._md5: str | None = None
        self._digest = hashlib.md5(usedforsecurity=False)
        self._pending = bytearray()
        self._done = 0

    def write(self, piece: bytes) -> int | None:
        """For libcurl: None when ``piece`` was taken."""
        if self._exchange.status != 200:
            self._exchange.keep_error_body(piece)
            return None
        try:
            self._take(piece)
        except OSError as error:
            self._exchange.fail(target_error(error))
            return _STOP
        except MosaicError as error:
            self._exchange.fail(error)
            return _STOP
        return None

    def moved(self, done: int) -> None:
        self._watch.moved(done, self._size or 0)

    def finish(self) -> FetchedFile:
        """Checks what came and waits until the disk has it. Raises IntegrityError, OSError."""
        if self._file is None:
            self._begin()
        self._flush()
        assert self._file is not None
        if self._size is not None and self._done != self._size:
            raise _wrong_size(self._done, self._size, retryable=True)
        checksums = self._checked()
        os.fsync(self._file.fileno())
        return FetchedFile(self._done, checksums)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _begin(self) -> None:
        """Refuses what cannot become the wanted file before a byte is written."""
        headers = self._exchange.headers
        length = headers.get("content-length", "")
        if length.isdecimal():
            if self._size is not None and int(length) != self._size:
                raise _wrong_size(int(length), self._size, retryable=False)
            self._size = int(length)
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise StorageError(Code.STORAGE, "it sent the file packed")
        self._md5 = _announced_md5(headers.get("x-goog-hash", ""))
        framed = "chunked" in headers.get("transfer-encoding", "").lower()
        if self._size is None and self._md5 is None and not framed:
            raise IntegrityError(Code.WRONG_SIZE, "the storage did not say how large the file is")
        self._file = FileIO(self._target, "w")
        free = shutil.disk_usage(self._target.parent).free
        if self._size is not None and self._size > free:
            raise LocalFileError(Code.DISK_FULL)

    def _take(self, piece: bytes) -> None:
        if self._file is None:
            self._begin()
        self._pending += piece
        if len(self._pending) >= _PIECE:
            self._flush()

    def _flush(self) -> None:
        assert self._file is not None
        if self._md5 is not None:
            self._digest.update(self._pending)
        with memoryview(self._pending) as rest:
            written = 0
            while written < len(rest):
                written += self._file.write(rest[written:]) or 0
        self._done += len(self._pending)
        self._pending.clear()
        if self._size is not None and self._done > self._size:
            raise _wrong_size(self._done, self._size, retryable=True)

    def _checked(self) -> tuple[str, ...]:
        if self._md5 is None:
            return ()
        if self._digest.hexdigest() != self._md5:
            raise IntegrityError(Code.WRONG_CONTENT, retryable=True)
        return (f"md5:{self._md5}",)


def _wrong_size(came: int, wanted: int, *, retryable: bool) -> IntegrityError:
    return IntegrityError(Code.WRONG_SIZE, f"{came} instead of {wanted} bytes", retryable=retryable)


def _announced_md5(hashes: str) -> str | None:
    """The digest in hex from ``x-goog-hash: crc32c=...,md5=...`` (base64)."""
    found = re.search(r"(?:^|,)\s*md5=([A-Za-z0-9+/]{22}==)", hashes)
    try:
        return base64.b64decode(found.group(1), validate=True).hex() if found else None
    except binascii.Error:
        return None
