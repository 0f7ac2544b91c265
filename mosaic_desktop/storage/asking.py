"""Questions to a keyring, which may wait for the user and never answer, each on a thread of its own."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from mosaic_desktop.core.errors import Code, VaultError

T = TypeVar("T")


class Asking:
    """``timeout``: seconds in which an answer comes that asks nobody; ``patience``: seconds that the user has. Beyond
    them VaultError (KEYRING_SILENT) is raised.

    Questions that may ask the user take turns. One that hangs is left behind on its thread, which does not keep the
    process alive; a later change of the same secret waits for it there, so that an old value never comes after a new
    one.
    """

    def __init__(self, timeout: float, patience: float) -> None:
        self._timeout = timeout
        self._patience = patience
        self._turn = asyncio.Lock()
        self._changes: dict[str, _Changes] = {}

    async def look(self, question: Callable[[], T]) -> T:
        """A question that asks nothing of the user, so it does not wait for one that does."""
        async with _within(self._timeout):
            return await _on_own_thread(question)

    async def ask(self, question: Callable[[], T]) -> T:
        async with _within(self._patience), self._turn:
            return await _on_own_thread(question)

    async def change(self, name: str, change: Callable[[], None]) -> None:
        async with _within(self._patience), self._turn:
            changes = self._changes.setdefault(name, _Changes())
            number = changes.last = changes.last + 1

            def in_order() -> None:
                with changes.lock:
                    if number == changes.last:  # else somebody gave up on it, and asked for another one
                        change()

            await _on_own_thread(in_order)


@dataclass(slots=True)
class _Changes:
    """Of one secret: the number of the last one that was asked for; ``lock`` is held by the one under way."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    last: int = 0


@asynccontextmanager
async def _within(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise VaultError(Code.KEYRING_SILENT, retryable=True) from error


async def _on_own_thread(work: Callable[[], T]) -> T:
    """``work`` on a thread that is left behind, not waited for, when the await is cancelled."""
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # it belongs to whoever awaits
            future.set_exception(error)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    return await asyncio.wrap_future(future)
