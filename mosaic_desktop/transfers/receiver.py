"""The body of a storage's answer on its way into a part file: only what was announced, and in pieces worth a write."""

import re
import shutil
from collections.abc import Callable
from contextlib import suppress

from mosaic_desktop.core.errors import Code, IntegrityError, LocalFileError, MosaicError, StorageError
from mosaic_desktop.core.ports import FetchedFile
from mosaic_desktop.transfers.announced import Announced, Checksum, announced
from mosaic_desktop.transfers.errors import storage_error, target_error
from mosaic_desktop.transfers.exchange import Exchange
from mosaic_desktop.transfers.follower import Follower
from mosaic_desktop.transfers.part_file import PartFile
from mosaic_desktop.transfers.watch import Watch

# libcurl hands over 16 KiB at a time, too little for a write; more than this leaves the processor's cache meanwhile.
_PIECE = 256 * 1024
_BYTES_BETWEEN_LOOKS = 64 * 1024 * 1024
_STOP = -1


class OtherObjectError(StorageError):
    """What was asked for is no continuation of what is there. Never leaves this room."""


class Receiver:
    """Takes the body of one answer, which is asked for from byte ``start`` of the object that is called ``etag``.

    ``found`` and ``kept``: see ``core.ports.Transfers.get``. What cannot become the wanted file is refused before a
    byte is written.
    """

    def __init__(
        self,
        exchange: Exchange,
        part: PartFile,
        size: int | None,
        start: int,
        etag: str,
        found: Callable[[str], None],
        kept: Callable[[int], None],
        watch: Watch,
    ) -> None:
        self._exchange = exchange
        self._part = part
        self._size = size
        self._start = start
        self._etag = etag
        self._found = found
        self._kept = kept
        self._watch = watch
        self._begun = False
        self._pieces: list[bytes] = []
        self._pending = 0
        self._look_at = 0
        self._announced: Announced | None = None
        self._checksum: Checksum | None = None
        self._follower: Follower | None = None

    def write(self, piece: bytes) -> int | None:
        """For libcurl: None when ``piece`` was taken."""
        if not self._begun and self._exchange.status not in {200, 206}:
            self._exchange.keep_error_body(piece)
            return None
        try:
            return self._take(piece)
        except OSError as error:
            self._exchange.fail(target_error(error))
        except MosaicError as error:
            self._exchange.fail(error)
        return _STOP

    def moved(self, done: int) -> None:
        if self._begun:
            self._watch.moved(self._start + done, self._size or 0)

    def finish(self) -> FetchedFile:
        """Checks what came and waits until the disk has it. Raises MosaicError, OSError."""
        if not self._begun:
            self._begin()
        self._flush()
        done = self._part.done
        if self._size is not None and done != self._size:
            raise _wrong_size(done, self._size)
        if self._announced is not None and self._checksum is not None and self._follower is not None:
            self._follower.finish(done)
            if self._checksum.digest() != self._announced.digest:
                self._part.discard()
                raise IntegrityError(Code.WRONG_CONTENT, retryable=True)
        self._part.flush()
        return FetchedFile(done, () if self._announced is None else (str(self._announced),))

    def close(self) -> None:
        """Writes what still waits, for the next try."""
        if self._follower is not None:
            self._follower.close()
        with suppress(OSError, MosaicError):
            self._flush()

    def _take(self, piece: bytes) -> int | None:
        if not self._begun:
            self._begin()
        self._pieces.append(piece)
        self._pending += len(piece)
        if self._watch.is_throttled:
            left = len(piece)
            while left:
                granted = self._watch.allowed(left)
                if not granted:
                    return _STOP
                left -= granted
                self._watch.moved(self._part.done + self._pending - left, self._size or 0)
        elif self._pending < _PIECE:
            return None
        self._flush()
        return None

    def _flush(self) -> None:
        if not self._pieces:
            return
        pieces, at, end = self._pieces, self._part.done, self._part.done + self._pending
        self._pieces, self._pending = [], 0
        if self._size is not None and end > self._size:
            self._part.discard()
            raise _wrong_size(end, self._size)
        self._look_for_room()
        self._part.write(pieces)
        if self._follower is not None:
            for piece in pieces:
                self._follower.offer(at, piece)
                at += len(piece)

    def _look_for_room(self) -> None:
        """Before the disk is full to the brim, which other programs would suffer from as well."""
        done = self._part.done
        if self._size is None or done < self._look_at:
            return
        self._look_at = done + _BYTES_BETWEEN_LOOKS
        if self._size - done > shutil.disk_usage(self._part.path.parent).free:
            raise LocalFileError(Code.DISK_FULL)

    def _begin(self) -> None:
        headers = self._exchange.headers
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise StorageError(Code.STORAGE, "it sent the file packed")
        etag = headers.get("etag", "")
        self._start, total = self._stretch(etag)
        if self._size is not None and total is not None and total != self._size:
            raise _wrong_size(total, self._size)
        self._size = self._size if total is None else total
        self._announced = announced(headers.get("x-goog-hash", ""))
        framed = "chunked" in headers.get("transfer-encoding", "").lower()
        if self._size is None and self._announced is None and not framed:
            raise IntegrityError(Code.WRONG_SIZE, "the storage did not say how large the file is")
        self._begun = True
        can_go_on = etag.startswith('"')  # a weak validator does not tell bytes apart
        if can_go_on:
            self._found(etag)
        self._part.open(self._start, self._kept if can_go_on else None)
        self._look_for_room()
        if self._announced is not None:
            self._checksum = self._announced.start()
            self._follower = Follower(
                self._part.path, self._checksum.update, self._watch, apart=self._announced.is_slow
            )
            self._follower.advance(self._start)

    def _stretch(self, etag: str) -> tuple[int, int | None]:
        """First byte of this body and bytes of the whole object, where it says so."""
        headers = self._exchange.headers
        if self._exchange.status == 200:
            length = headers.get("content-length", "")
            return 0, int(length) if length.isdecimal() else None
        if not self._start:  # nobody asked for a part
            raise storage_error(self._exchange.status, headers, b"")
        found = re.fullmatch(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", headers.get("content-range", ""))
        if found is None or int(found.group(1)) != self._start or etag not in {"", self._etag}:
            raise OtherObjectError(Code.STORAGE, "it has another object now", retryable=True)
        return self._start, int(found.group(3)) if found.group(3).isdecimal() else None


def _wrong_size(came: int, wanted: int) -> IntegrityError:
    """Worth another try: something on the way may have answered instead, such as a portal's page."""
    return IntegrityError(Code.WRONG_SIZE, f"{came} instead of {wanted} bytes", retryable=True)
