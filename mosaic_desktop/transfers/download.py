"""A signed link to a file: whole and as announced, flushed to disk, or an error.

What came before a break stays, and the next try goes on behind it if the storage still has the same object.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mosaic_desktop.core.errors import Code
from mosaic_desktop.core.ports import FetchedFile, Partial
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.transfers.errors import storage_error, target_error
from mosaic_desktop.transfers.exchange import Exchange, Settings
from mosaic_desktop.transfers.part_file import PartFile
from mosaic_desktop.transfers.receiver import OtherObjectError, Receiver
from mosaic_desktop.transfers.watch import Watch


@dataclass(frozen=True, slots=True)
class Download:
    """What ``core.ports.Transfers.get`` is asked for."""

    link: Secret
    target: Path
    size: int | None
    partial: Partial | None
    found: Callable[[str], None]
    kept: Callable[[int], None]

    def run(self, watch: Watch, settings: Settings) -> FetchedFile:
        """Fetches in the calling thread.

        Raises StorageError, NetworkError, IntegrityError (WRONG_SIZE, WRONG_CONTENT), LocalFileError (DISK_FULL,
        FOLDER_UNWRITABLE).
        """
        part = PartFile(self.target)
        with Exchange(self.link, watch, settings) as exchange:
            try:
                try:
                    return self._fetch(exchange, part, self._first(part), watch)
                except OtherObjectError:
                    return self._fetch(exchange, part, 0, watch)
            except OSError as error:
                raise target_error(error) from None
            finally:
                part.close()

    def _first(self, part: PartFile) -> int:
        """The byte to go on from. Of a file that is all there the last byte comes again, with what it is checked by."""
        if self.partial is None or not part.has(self.partial.kept):
            return 0
        if self.size is None or self.partial.kept < self.size:
            return self.partial.kept
        return self.size - 1 if self.partial.kept == self.size else 0

    def _fetch(self, exchange: Exchange, part: PartFile, start: int, watch: Watch) -> FetchedFile:
        etag = self.partial.etag if self.partial is not None else ""
        receiver = Receiver(exchange, part, self.size, start, etag, self.found, self.kept, watch)
        headers = [f"Range: bytes={start}-", f"If-Range: {etag}"] if start else []
        exchange.receive(receiver.write, headers, receiver.moved)
        try:
            exchange.perform()
            if exchange.status == 416 and start:
                raise OtherObjectError(Code.STORAGE, "the object is shorter now", retryable=True)
            if exchange.status not in {200, 206}:
                raise storage_error(exchange.status, exchange.headers, bytes(exchange.error_body))
            return receiver.finish()
        finally:
            receiver.close()
