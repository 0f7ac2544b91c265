"""Checksums of a file in a thread of their own, behind the transfer that reads or writes it.

Hashing costs the transfer nothing then, and bytes that an earlier process moved are caught up from disk meanwhile.
"""

from collections.abc import Callable
from io import FileIO
from pathlib import Path
from threading import Condition, Thread
from types import TracebackType

from mosaic_desktop.core.errors import Code, LocalFileError, MosaicError, NetworkError
from mosaic_desktop.transfers.watch import Watch

_PIECE = 1024 * 1024
_MOST_WAITING = 16


class Follower:
    """Gives every byte of ``path`` to ``update``, in order and once. Used by one thread, in a ``with``
    or from ``start`` to ``close``.

    Pieces come from the transfer as long as the hashing keeps up; what it has missed is read from the file, which must
    be the same all the time: that is for the transfer to check.
    """

    def __init__(self, path: Path, update: Callable[[bytes], None], watch: Watch) -> None:
        self._path = path
        self._update = update
        self._watch = watch
        self._changed = Condition()
        self._waiting: dict[int, bytes] = {}
        self._mark = 0
        self._done = 0
        self._closed = False
        self._failure: OSError | MosaicError | None = None
        self._thread = Thread(target=self._run, name="checksums")

    def __enter__(self) -> "Follower":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def offer(self, offset: int, piece: bytes) -> None:
        """``piece`` lies at ``offset`` of the file. Bytes that were offered before may come again."""
        with self._changed:
            if offset >= self._done and len(self._waiting) < _MOST_WAITING:
                self._waiting[offset] = piece
            self._mark = max(self._mark, offset + len(piece))
            self._changed.notify_all()

    def advance(self, mark: int) -> None:
        """The file has ``mark`` bytes that may be read, without having been offered."""
        with self._changed:
            self._mark = max(self._mark, mark)
            self._changed.notify_all()

    def finish(self, size: int) -> None:
        """Waits until ``size`` bytes were hashed. Raises OSError, LocalFileError where the file has less, NetworkError
        if the transfer is ended.
        """
        self.advance(size)
        with self._changed:
            while self._done < size and self._failure is None:
                if self._watch.aborted:
                    raise NetworkError(Code.INTERRUPTED, "ended by the application", seen=True)
                self._changed.wait(0.1)
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        file: FileIO | None = None
        try:
            while (piece := self._next()) is not None:
                if not piece:
                    file = file or FileIO(self._path)
                    piece = self._missed(file)
                self._update(piece)
                with self._changed:
                    self._done += len(piece)
                    self._changed.notify_all()
        except (OSError, MosaicError) as error:
            with self._changed:
                self._failure = error
                self._changed.notify_all()
        finally:
            if file is not None:
                file.close()

    def _next(self) -> bytes | None:
        """The piece that is due, empty where it must be read; None at the end."""
        with self._changed:
            while self._done >= self._mark and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            piece = self._waiting.pop(self._done, b"")
            for offset in [offset for offset in self._waiting if offset < self._done]:
                del self._waiting[offset]
            return piece

    def _missed(self, file: FileIO) -> bytes:
        with self._changed:
            end = min([self._mark, self._done + _PIECE, *(o for o in self._waiting if o > self._done)])
        file.seek(self._done)
        piece = file.read(end - self._done)
        if not piece:
            raise LocalFileError(Code.FILE_CHANGED)
        return piece
