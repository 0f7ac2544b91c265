"""Checksums of a file that a transfer reads or writes, taken on the way.

A piece that was just moved still lies in the processor's cache, where hashing costs least: so it is hashed at once, in
the thread that moves. What cannot be, bytes of an earlier process or a slow hash, is a second thread's work meanwhile.
"""

from collections.abc import Callable
from io import FileIO
from pathlib import Path
from threading import Condition, Thread
from types import TracebackType

from mosaic_desktop.core.errors import Code, LocalFileError, MosaicError, NetworkError
from mosaic_desktop.transfers.watch import Watch

_PIECE = 1024 * 1024
_MOST_WAITING = 64


class Follower:
    """Gives every byte of ``path`` to ``update``, in order and once. Used by one thread, in a ``with``.

    ``apart``: the hash is slower than a transfer, so always in the second thread. What that one has missed is read from
    the file, which must be the same all the time: that is for the transfer to check.
    """

    def __init__(self, path: Path, update: Callable[[bytes], None], watch: Watch, *, apart: bool = False) -> None:
        self._path = path
        self._update = update
        self._watch = watch
        self._apart = apart
        self._changed = Condition()
        self._waiting: dict[int, bytes] = {}
        self._mark = 0
        self._done = 0
        self._closed = False
        self._failure: OSError | MosaicError | None = None
        self._thread: Thread | None = None

    def __enter__(self) -> "Follower":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def offer(self, offset: int, piece: bytes) -> None:
        """``piece`` lies at ``offset`` of the file. Bytes that were offered before may come again."""
        if self._thread is None and offset == self._done and not self._apart:
            self._update(piece)
            self._done += len(piece)
            return
        with self._changed:
            if offset >= self._done and len(self._waiting) < _MOST_WAITING:
                self._waiting[offset] = piece
            self._follow(offset + len(piece))

    def advance(self, mark: int) -> None:
        """The file has ``mark`` bytes that may be read, without having been offered."""
        with self._changed:
            self._follow(mark)

    def finish(self, size: int) -> None:
        """Waits until ``size`` bytes were hashed. Raises OSError, LocalFileError where the file has less, NetworkError
        if the transfer is ended.
        """
        self.advance(size)
        with self._changed:
            while self._thread is not None:
                if self._watch.aborted:
                    raise NetworkError(Code.INTERRUPTED, "ended by the application", seen=True)
                self._changed.wait(0.1)
        if self._failure is not None:
            raise self._failure

    def close(self) -> None:
        with self._changed:
            self._closed = True
            thread = self._thread
        if thread is not None:
            thread.join()

    def _follow(self, mark: int) -> None:
        self._mark = max(self._mark, mark)
        if self._thread is None and self._mark > self._done and self._failure is None:
            self._thread = Thread(target=self._run, name="checksums")
            self._thread.start()

    def _run(self) -> None:
        """Until there is nothing to catch up."""
        file: FileIO | None = None
        try:
            while (piece := self._next()) is not None:
                if not piece:
                    file = file or FileIO(self._path)
                    piece = self._missed(file)
                self._update(piece)
                with self._changed:
                    self._done += len(piece)
        except (OSError, MosaicError) as error:
            with self._changed:
                self._failure = error
                self._end()
        finally:
            if file is not None:
                file.close()

    def _next(self) -> bytes | None:
        """The piece that is due, empty where it must be read; None when there is none."""
        with self._changed:
            if self._closed or self._done >= self._mark:
                self._end()
                return None
            for offset in [offset for offset in self._waiting if offset < self._done]:
                del self._waiting[offset]
            return self._waiting.pop(self._done, b"")

    def _missed(self, file: FileIO) -> bytes:
        with self._changed:
            end = min([self._mark, self._done + _PIECE, *(offset for offset in self._waiting if offset > self._done)])
        file.seek(self._done)
        piece = file.read(end - self._done)
        if not piece:
            raise LocalFileError(Code.FILE_CHANGED)
        return piece

    def _end(self) -> None:
        self._thread = None
        self._changed.notify_all()
