"""``core.ports.Transfers`` in a process of its own, where neither Python nor libcurl keeps the window waiting."""

import asyncio
import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from mosaic_desktop.core.child import Child, NotStartedError
from mosaic_desktop.core.errors import Code, LocalFileError, NetworkError
from mosaic_desktop.core.ports import FetchedFile, Kept, Partial, Progress, SentFile
from mosaic_desktop.core.program import ChildWord, own_command
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.tasks import ended
from mosaic_desktop.transfers import messages
from mosaic_desktop.transfers.messages import Do, News, Request, Told

T = TypeVar("T")
Fields = Mapping[str, Any]
Listeners = Mapping[Told, Callable[[Any], None]]

_SECONDS_TO_START = 20.0
_SECONDS_TO_END = 5.0
_WHAT = "the mover of bytes"


class _GoneError(Exception):
    """The mover ended, or did not begin."""


@dataclass(frozen=True, slots=True)
class _Transfer:
    future: asyncio.Future[Any]
    hear: Listeners


@dataclass(slots=True)
class _Mover:
    """A child and what it is doing. Once it is ``gone``, nothing more is asked of it."""

    child: Child
    transfers: dict[int, _Transfer] = field(default_factory=dict)
    gone: bool = False


class TransferProcess:
    """The child (``command``, by default this program as a mover) is started with the first transfer, and again if it
    ended meanwhile, upon which what it did counts as broken. Links travel through its pipe alone. Lives on one loop.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._command = tuple(command or own_command(ChildWord.MOVE_BYTES))
        self._thread = ThreadPoolExecutor(1, "mover")  # starting and telling may block
        self._starting = asyncio.Lock()
        self._numbers = itertools.count(1)
        self._limits: tuple[int | None, int | None] = (None, None)
        self._mover: _Mover | None = None
        self._closed = False

    def limit(self, upload_rate: int | None, download_rate: int | None) -> None:
        """Bytes a second over all transfers of each direction; holds at once, also for those under way."""
        self._limits = upload_rate, download_rate
        if self._mover is not None:
            self._tell_limits(self._mover)

    async def put(
        self, url: Secret, source: Path, size: int, content_type: str, progress: Progress, kept: Kept | None = None
    ) -> SentFile:
        """See ``CurlTransfers.put``. Raises StorageError, NetworkError, IntegrityError, LocalFileError."""
        fields = messages.put(url, source, size, content_type)
        return await self._move(Do.PUT, fields, _hearing(progress, kept=kept), SentFile)

    async def digest(self, source: Path, size: int, progress: Progress) -> str:
        """See ``CurlTransfers.digest``. Raises LocalFileError."""
        fields = {"source": str(source), "size": size}
        for _ in range(2):  # the first mover may have been ended from outside
            with suppress(_GoneError):
                return await self._carried_out(Do.DIGEST, fields, _hearing(progress), str)
        raise LocalFileError(Code.FILE_UNREADABLE, "reading it broke off twice")

    async def get(
        self,
        url: Secret,
        target: Path,
        size: int | None,
        progress: Progress,
        *,
        partial: Partial | None = None,
        found: Callable[[str], None] | None = None,
        kept: Kept | None = None,
    ) -> FetchedFile:
        """See ``CurlTransfers.get``. Raises StorageError, NetworkError, IntegrityError, LocalFileError."""
        fields = messages.get(url, target, size, partial)
        return await self._move(Do.GET, fields, _hearing(progress, found=found, kept=kept), messages.read_fetched)

    async def aclose(self) -> None:
        """Ends what still moves and the child. May be repeated."""
        self._closed = True
        async with self._starting:
            mover, self._mover = self._mover, None
        if mover is not None:
            for number in mover.transfers:
                self._tell(mover, Request(number, Do.END, {}))
            if moving := [transfer.future for transfer in mover.transfers.values()]:
                await asyncio.wait(moving, timeout=_SECONDS_TO_END)
            await asyncio.wrap_future(self._thread.submit(mover.child.close))
        self._thread.shutdown(wait=False)

    # Inside

    async def _move(self, do: Do, fields: Fields, hear: Listeners, read: Callable[[Any], T]) -> T:
        try:
            return await self._carried_out(do, fields, hear, read)
        except _GoneError:
            raise NetworkError(Code.INTERRUPTED, "the part of this app that moves bytes ended", seen=True) from None

    async def _carried_out(self, do: Do, fields: Fields, hear: Listeners, read: Callable[[Any], T]) -> T:
        """What ``read`` makes of the outcome. The transfer has ended when this returns or raises, also after a
        cancellation.
        """
        mover, number = await self._need_mover(), next(self._numbers)
        transfer = mover.transfers[number] = _Transfer(asyncio.get_running_loop().create_future(), hear)
        try:
            self._tell(mover, Request(number, do, fields))
            return read(await asyncio.shield(transfer.future))
        except asyncio.CancelledError:
            self._tell(mover, Request(number, Do.END, {}))
            await ended(transfer.future)
            raise
        finally:
            del mover.transfers[number]

    async def _need_mover(self) -> _Mover:
        async with self._starting:
            if self._closed:
                raise _GoneError
            if self._mover is not None and self._mover.gone:
                self._thread.submit(self._mover.child.close)
                self._mover = None
            if self._mover is None:
                self._mover = await self._started()
            return self._mover

    async def _started(self) -> _Mover:
        mover = _Mover(Child(self._command, _WHAT))
        begun = False
        try:
            async with asyncio.timeout(_SECONDS_TO_START):
                await asyncio.wrap_future(self._thread.submit(mover.child.start))
            begun = True
        except (NotStartedError, TimeoutError):
            raise _GoneError from None
        finally:
            if not begun:
                mover.child.kill()
                self._thread.submit(mover.child.close)
        loop = asyncio.get_running_loop()
        threading.Thread(target=_listen, args=(mover, loop), name="mover's news", daemon=True).start()
        self._tell_limits(mover)
        return mover

    def _tell_limits(self, mover: _Mover) -> None:
        up, down = self._limits
        self._tell(mover, Request(0, Do.LIMIT, {"upload_rate": up, "download_rate": down}))

    def _tell(self, mover: _Mover, request: Request) -> None:
        with suppress(RuntimeError):  # the thread was shut down, and the child with it
            self._thread.submit(mover.child.tell, request.encode())


def _hearing(progress: Progress, *, found: Callable[[str], None] | None = None, kept: Kept | None = None) -> Listeners:
    listeners: dict[Told, Callable[[Any], None] | None] = {
        Told.PROGRESS: lambda value: progress(*value),
        Told.FOUND: found,
        Told.KEPT: kept,
    }
    return {told: hear for told, hear in listeners.items() if hear is not None}


# On the thread that listens


def _listen(mover: _Mover, loop: asyncio.AbstractEventLoop) -> None:
    with suppress(RuntimeError):  # the loop was closed under the transfers
        with suppress(ValueError):  # half a line, in the middle of which it ended
            while line := mover.child.hear():
                loop.call_soon_threadsafe(_heard, mover, messages.read_news(line))
        mover.child.kill()
        loop.call_soon_threadsafe(_ended, mover)


# On the event loop


def _heard(mover: _Mover, news: News) -> None:
    transfer = mover.transfers.get(news.number)
    if transfer is None or transfer.future.done():
        return
    match news.told:
        case Told.DONE:
            transfer.future.set_result(news.value)
        case Told.FAILED:
            transfer.future.set_exception(messages.read_failure(news.value))
        case _:
            if (hear := transfer.hear.get(news.told)) is not None:
                hear(news.value)


def _ended(mover: _Mover) -> None:
    mover.gone = True
    for transfer in mover.transfers.values():
        if not transfer.future.done():
            transfer.future.set_exception(_GoneError())
