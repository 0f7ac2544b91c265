"""Google's resumable upload protocol: a session that keeps what it has, asked and fed in chunks.

https://cloud.google.com/storage/docs/performing-resumable-uploads
"""

import re
from collections.abc import Callable
from typing import Protocol

from mosaic_desktop.core.errors import Code, StorageError
from mosaic_desktop.transfers.errors import storage_error
from mosaic_desktop.transfers.exchange import Exchange

CHUNK = 16 * 1024 * 1024
"""Bytes that a break may cost at most; a multiple of 256 KiB, which the protocol asks for."""

STORED = frozenset({200, 201, 204})
_INCOMPLETE = 308
_NO_EXPECT = "Expect:"  # the session has answered before; a chunk is little to lose


class Body(Protocol):
    """A stretch of the file for libcurl."""

    def place(self, start: int, end: int) -> None: ...

    def read(self, length: int) -> bytes | int: ...

    def rewind(self, offset: int) -> None: ...

    def moved(self, sent: int) -> None: ...


class Session:
    """Sends one file of ``size`` bytes over ``exchange``. ``kept`` hears what the session confirmed to have."""

    def __init__(
        self, exchange: Exchange, body: Body, size: int, content_type: str, kept: Callable[[int], None]
    ) -> None:
        self._exchange = exchange
        self._body = body
        self._size = size
        self._content_type = content_type
        self._kept = kept

    def send(self) -> None:
        """Returns when the storage confirmed the whole file, also if it did so to an earlier process.

        Raises StorageError (LINK_EXPIRED where the session is gone or of no use), NetworkError, LocalFileError.
        """
        has = self._put(0, 0, f"bytes */{self._size}")
        while has is not None:
            self._kept(has)
            if has == self._size:
                raise StorageError(Code.STORAGE, "it has the whole file but did not say so", retryable=True)
            end = min(has + CHUNK, self._size)
            now_has = self._put(has, end, f"bytes {has}-{end - 1}/{self._size}")
            if now_has is None and end != self._size:
                raise StorageError(Code.LINK_EXPIRED, "it ended before it had the whole file", retryable=True)
            if now_has is not None and now_has <= has:
                raise StorageError(Code.STORAGE, "it did not keep what was sent", retryable=True)
            has = now_has

    def _put(self, start: int, end: int, content_range: str) -> int | None:
        """One request; bytes that the session has then, None when the file is stored."""
        exchange, body = self._exchange, self._body
        body.place(start, end)
        headers = [f"Content-Range: {content_range}", self._content_type, _NO_EXPECT]
        exchange.send(body.read, body.rewind, end - start, headers, body.moved)
        exchange.perform()
        if exchange.status in STORED:
            return None
        if exchange.status != _INCOMPLETE:
            raise storage_error(exchange.status, exchange.headers, bytes(exchange.error_body))
        return self._confirmed(exchange.headers.get("range"))

    def _confirmed(self, header: str | None) -> int:
        """Of "bytes=0-N", or 0 where there is no such header."""
        if header is None:
            return 0
        found = re.fullmatch(r"bytes\s*=?\s*0-(\d{1,18})", header.strip())
        if found is None:
            raise StorageError(Code.STORAGE, "it did not say how much it has", retryable=True)
        has = int(found.group(1)) + 1
        if has > self._size:
            raise StorageError(Code.LINK_EXPIRED, "the session has more than this file", retryable=True)
        return has
