"""Looking into video files by a process of its own: a file may make FFmpeg crash, or keep it busy for ever."""

import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from mosaic_desktop.core.child import Child, NotStartedError
from mosaic_desktop.core.errors import Code, LocalFileError
from mosaic_desktop.core.program import ChildWord, own_command
from mosaic_desktop.core.video import MediaInfo
from mosaic_desktop.media import messages
from mosaic_desktop.media.messages import Question, Wish

T = TypeVar("T")

_SECONDS_A_FILE = 30.0  # a sleeping disk or a slow share wants some, FFmpeg itself milliseconds
_ATTEMPTS = 2  # the first may have met a child that was ended from outside
# A child at rest costs some 40 MB, another start a quarter of a second: it outlives the pauses of one who adds
# videos, and no more.
_SECONDS_AT_REST = 60.0


class AvProbe:
    """Implements the MediaProbe port. Lives on one event loop; ``aclose`` ends it within moments.

    A child (``command``, by default this program as a reader) is started with the first file and answers for one
    after the other. One that takes longer than ``seconds`` is refused as FILE_UNREADABLE, one that ends its reader
    twice as NOT_A_VIDEO. After ``rest`` seconds without work the child is let go until the next file.
    """

    def __init__(
        self,
        command: Sequence[str] | None = None,
        *,
        seconds: float = _SECONDS_A_FILE,
        rest: float = _SECONDS_AT_REST,
    ) -> None:
        self._command = tuple(command or own_command(ChildWord.READ_VIDEOS))
        self._seconds = seconds
        self._rest = rest
        self._thread = ThreadPoolExecutor(1, "probe")  # everything about a child that may block
        self._turn = asyncio.Lock()
        self._child: Child | None = None
        self._used = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    async def probe(self, path: Path) -> MediaInfo:
        """Raises LocalFileError: FILE_MISSING, FILE_EMPTY, FILE_UNREADABLE, NOT_A_VIDEO."""
        return await self._ask(Question(Wish.FACTS, path), messages.read_facts)

    async def thumbnail(self, path: Path, target: Path) -> Path | None:
        """A JPEG of at most 336 x 188 pixels, as the film is shown; None where no picture can be read or kept."""
        try:
            jpeg = await self._ask(Question(Wish.PICTURE, path), messages.read_picture)
            if jpeg is None:
                return None
            await asyncio.to_thread(_write_whole, jpeg, target)
        except (LocalFileError, OSError):
            return None
        return target

    async def aclose(self) -> None:
        """May be repeated. What is being read or waits is cancelled; afterwards no process and no pipe is left."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        if self._child is not None:
            self._child.kill()
        async with self._turn:
            self._drop_child()
        await asyncio.to_thread(self._thread.shutdown)

    async def _ask(self, question: Question, read: Callable[[bytes], T]) -> T:
        async with self._turn:
            for _ in range(_ATTEMPTS):
                answer = await self._answer(question)
                try:
                    return read(answer)
                except ValueError:  # there is none, or it is none of ours
                    self._drop_child()
        raise LocalFileError(Code.NOT_A_VIDEO, "reading it broke off twice")

    async def _answer(self, question: Question) -> bytes:
        if self._closed:
            raise asyncio.CancelledError
        child = self._child or self._new_child()
        answered = False
        try:
            async with asyncio.timeout(self._seconds):
                answer = await asyncio.wrap_future(self._thread.submit(_ask, child, question.encode()))
            answered = True
            return answer
        except TimeoutError:
            raise LocalFileError(Code.FILE_UNREADABLE, "reading it took too long") from None
        finally:
            self._used = time.monotonic()
            if not answered:  # also where nobody waits any more: only a child without a question is left alone
                self._drop_child()

    def _new_child(self) -> Child:
        self._child = Child(self._command, "the reader of videos")
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._rest, self._rested)
        return self._child

    def _rested(self) -> None:
        """Looks whether the child has had its rest. One timer for all questions: they may be many."""
        self._timer = None
        if self._child is None:
            return
        left = self._used + self._rest - time.monotonic()
        if left > 0 or self._turn.locked():
            self._timer = asyncio.get_running_loop().call_later(max(left, self._rest / 2), self._rested)
        else:
            child, self._child = self._child, None
            self._thread.submit(child.close)

    def _drop_child(self) -> None:
        if self._child is not None:
            child, self._child = self._child, None
            child.kill()
            self._thread.submit(child.close)


def _ask(child: Child, question: bytes) -> bytes:
    """Not a whole line where the child ended instead. Raises LocalFileError if it does not start."""
    try:
        if not child.is_started:
            child.start()
    except NotStartedError:
        raise LocalFileError(
            Code.FILE_UNREADABLE, "the part of this app that looks into videos did not start"
        ) from None
    child.tell(question)
    return child.hear()


def _write_whole(data: bytes, target: Path) -> None:
    """All of it or nothing. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=target.suffix)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(part).replace(target)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
