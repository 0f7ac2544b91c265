"""A file to a signed link: exactly the bytes that were announced, or an error."""

from collections.abc import Callable
from pathlib import Path

import pycurl

from mosaic_desktop.core.errors import Code, IntegrityError, LocalFileError, StorageError
from mosaic_desktop.core.links import is_session
from mosaic_desktop.core.ports import SentFile
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.transfers.announced import Crc32c, announced
from mosaic_desktop.transfers.digest import ContentHash
from mosaic_desktop.transfers.errors import source_error, storage_error
from mosaic_desktop.transfers.exchange import Exchange, Settings
from mosaic_desktop.transfers.follower import Follower
from mosaic_desktop.transfers.session import STORED, Session
from mosaic_desktop.transfers.source import Source, opened
from mosaic_desktop.transfers.watch import Watch


def upload(
    link: Secret,
    path: Path,
    size: int,
    content_type: str,
    kept: Callable[[int], None],
    watch: Watch,
    settings: Settings,
) -> SentFile:
    """Sends ``path``, ``size`` bytes, in the calling thread; to a session only what it does not have yet. ``kept``
    hears what it has.

    The content hash follows the bytes as they are read; what an earlier process sent is read from disk beside it.
    Raises LocalFileError (FILE_MISSING, FILE_UNREADABLE, FILE_CHANGED), StorageError, NetworkError, IntegrityError.
    """
    sums = _Sums()
    with (
        opened(path, size) as source,
        Exchange(link, watch, settings) as exchange,
        Follower(path, sums.update, watch) as follower,
    ):
        body = _Body(source, follower, exchange, watch)
        kind = f"Content-Type: {content_type}"
        if is_session(link):
            Session(exchange, body, size, kind, kept).send()
        else:
            _send_whole(exchange, body, size, kind)
        source.check()
        try:
            follower.finish(size)
        except OSError as error:
            raise source_error(error) from None
        _check_stored(exchange.headers, size, sums)
        return SentFile(sums.content.name)


def _send_whole(exchange: Exchange, body: "_Body", size: int, kind: str) -> None:
    body.place(0, size)
    exchange.send(body.read, body.rewind, size, [kind], body.moved)
    exchange.perform()
    if exchange.status not in STORED:
        raise storage_error(exchange.status, exchange.headers, bytes(exchange.error_body))
    if body.left or exchange.bytes_sent != size:
        raise StorageError(Code.STORAGE, "it answered before it had the whole file", retryable=True)


def _check_stored(headers: dict[str, str], size: int, sums: "_Sums") -> None:
    stored = headers.get("x-goog-stored-content-length", "")
    if stored.isdecimal() and int(stored) != size:
        raise IntegrityError(Code.WRONG_SIZE, f"{stored} of {size} bytes were stored", retryable=True)
    checksum = announced(headers.get("x-goog-hash", ""))
    if checksum is not None and checksum.name == "crc32c" and checksum.digest != sums.crc32c.digest():
        raise IntegrityError(Code.WRONG_CONTENT, "the storage has other bytes", retryable=True)


class _Sums:
    """What is computed of the bytes that are sent: their name, and the checksum that the storage answers with."""

    def __init__(self) -> None:
        self.content = ContentHash()
        self.crc32c = Crc32c()

    def update(self, piece: bytes) -> None:
        self.content.update(piece)
        self.crc32c.update(piece)


class _Body:
    """Gives libcurl a stretch of the file at the pace that is allowed."""

    def __init__(self, source: Source, follower: Follower, exchange: Exchange, watch: Watch) -> None:
        self._source = source
        self._follower = follower
        self._exchange = exchange
        self._watch = watch
        self._start = self._at = self._end = 0

    def place(self, start: int, end: int) -> None:
        self._start, self._at, self._end = start, start, end
        self._follower.advance(start)

    @property
    def left(self) -> int:
        return self._end - self._at

    def read(self, length: int) -> bytes | int:
        if not self.left:
            return b""
        granted = self._watch.allowed(min(length, self.left))
        if not granted:
            return int(pycurl.READFUNC_ABORT)
        try:
            piece = self._source.read(self._at, granted)
        except LocalFileError as error:
            self._exchange.fail(error)
            return int(pycurl.READFUNC_ABORT)
        self._follower.offer(self._at, piece)
        self._at += len(piece)
        return piece

    def rewind(self, offset: int) -> None:
        """A connection that had been closed meanwhile, or a server that does not know "Expect", has it sent again."""
        self._at = self._start + offset

    def moved(self, sent: int) -> None:
        self._watch.moved(self._start + sent, self._source.size)
