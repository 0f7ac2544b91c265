"""The file that a download grows: written piece by piece, flushed to disk in the background."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from io import FileIO
from pathlib import Path
from threading import Event, Thread

_SECONDS_BETWEEN_FLUSHES = 1.0
_MOST_PIECES = 512  # that the system takes at once for certain


class PartFile:
    """Opened for its first byte and not before. Raises OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.done = 0
        self._kept: Callable[[int], None] = _nobody
        self._flushed = 0
        self._file: FileIO | None = None
        self._closing = Event()
        self._flusher: Thread | None = None

    def has(self, size: int) -> bool:
        """Whether there are ``size`` bytes from an earlier try."""
        return self.path.is_file() and self.path.stat().st_size >= size

    def open(self, start: int, kept: Callable[[int], None] | None) -> None:
        """To write behind byte ``start``; what is there from that byte on is gone. ``kept`` hears, in whatever thread,
        how many bytes are flushed.
        """
        self._file = FileIO(self.path, "r+" if start else "w")
        if start:
            self._file.truncate(start)
            self._file.seek(start)
        self.done = start
        self._kept = kept or _nobody
        self._tell(start)
        self._flusher = Thread(target=self._flush_now_and_then, name="flush")
        self._flusher.start()

    def write(self, pieces: list[bytes]) -> None:
        """All of them, without putting them together in memory first, where the system can do that."""
        assert self._file is not None
        while pieces:
            if sys.platform == "win32":
                count = self._file.write(b"".join(pieces)) or 0
            else:
                count = os.writev(self._file.fileno(), pieces[:_MOST_PIECES])
            self.done += count
            pieces = _behind(pieces, count)

    def flush(self) -> None:
        """Returns when the disk has everything."""
        assert self._file is not None
        self._end_flusher()
        os.fsync(self._file.fileno())
        self._tell(self.done)

    def discard(self) -> None:
        """What is there is not what it should be."""
        assert self._file is not None
        self._end_flusher()
        self._file.truncate(0)
        self.done = 0
        self._tell(0)

    def close(self) -> None:
        """Flushes what there is, so that the next try can go on from there."""
        if self._file is None:
            return
        with suppress(OSError):  # a full or vanished disk keeps what was flushed before
            if self.done != self._flushed:
                self.flush()
        self._end_flusher()
        with suppress(OSError):
            self._file.close()

    def _end_flusher(self) -> None:
        self._closing.set()
        if self._flusher is not None:
            self._flusher.join()

    def _flush_now_and_then(self) -> None:
        assert self._file is not None
        while not self._closing.wait(_SECONDS_BETWEEN_FLUSHES):
            done = self.done
            if done == self._flushed:
                continue
            try:
                os.fsync(self._file.fileno())
            except OSError:  # the next write or the last flush meets it too, and tells
                return
            self._tell(done)

    def _tell(self, flushed: int) -> None:
        self._flushed = flushed
        self._kept(flushed)


def _behind(pieces: list[bytes], count: int) -> list[bytes]:
    """What is left of ``pieces`` behind the first ``count`` bytes."""
    for place, piece in enumerate(pieces):
        if count < len(piece):
            return [piece[count:], *pieces[place + 1 :]]
        count -= len(piece)
    return []


def _nobody(_flushed: int) -> None:
    """Where a part cannot be continued, nothing of it is kept."""
