"""The bytes of a resumable upload on disk: appended in order, through restarts, until they become an object."""

from pathlib import Path
from threading import Lock

from mosaic_desktop.sandbox.checksums import Checksums, Summing


class GapError(Exception):
    """The bytes do not follow those that are there."""


class GrowingFile:
    """Its methods block, and several requests may use it at the same time: a client that comes back while its broken
    connection still hangs sends the same bytes again, and what is there already is passed over.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._summing = Summing()
        self._kept = 0
        self._is_discarded = False

    @property
    def length(self) -> int:
        return self._path.stat().st_size if self._path.exists() else self._kept

    def add(self, offset: int, piece: bytes) -> None:
        """Raises GapError."""
        with self._lock:
            length = self.length
            if offset > length or self._is_discarded:
                raise GapError
            fresh = piece[length - offset :]
            if not fresh:
                return
            with self._path.open("ab") as file:
                file.write(fresh)
            if self._summing.length == length:  # else an earlier process got the beginning: see `keep`
                self._summing.add(fresh)

    def keep(self, place: Path) -> Checksums:
        """Move the whole file to its place."""
        with self._lock:
            self._summing.add_rest(self._path)
            self._path.replace(place)
            self._kept = self._summing.length
            return self._summing.result

    def discard(self) -> None:
        with self._lock:
            self._is_discarded = True
            self._path.unlink(missing_ok=True)
