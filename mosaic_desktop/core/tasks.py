"""The only place that creates tasks: named, owned by a scope, cancelled together with a deadline."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)


class TaskScope:
    """Owns tasks. A task that raises is logged and handed to ``on_error``; the others go on.

    Lives on the event-loop thread. ``aclose`` ends it; afterwards nothing more is started.
    """

    def __init__(self, name: str, on_error: Callable[[str, BaseException], None] | None = None) -> None:
        self._name = name
        self._on_error = on_error
        self._tasks: dict[asyncio.Task[Any], str] = {}
        self._closed = False

    @property
    def closed(self) -> bool:
        return self._closed

    def start(self, coro: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """Starts ``coro``. Once the scope is closed, raises RuntimeError."""
        if self._closed:
            coro.close()
            raise RuntimeError(f"{self._name} is closed; {name} was not started")
        task = asyncio.get_running_loop().create_task(coro, name=f"{self._name}.{name}")
        self._tasks[task] = name
        task.add_done_callback(self._finished)
        return task

    def replace(self, coro: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """Like ``start``, but a task of the same name that still runs is cancelled first: for searches and loads."""
        for task, known in tuple(self._tasks.items()):
            if known == name:
                task.cancel()
        return self.start(coro, name)

    def cancel(self) -> list[asyncio.Task[Any]]:
        """Ends the scope without waiting for the tasks that it cancels, which are returned."""
        self._closed = True
        current = asyncio.current_task()
        pending = [task for task in self._tasks if task is not current]
        for task in pending:
            task.cancel()
        return pending

    async def aclose(self, timeout: float = 5.0) -> tuple[str, ...]:
        """Cancels what runs, waits at most ``timeout`` seconds, returns the names of tasks that did not end."""
        pending = self.cancel()
        if not pending:
            return ()
        _, late = await asyncio.wait(pending, timeout=timeout)
        names = tuple(sorted(task.get_name() for task in late))
        if names:
            log.warning("%s: still running after %.1f s: %s", self._name, timeout, ", ".join(names))
        return names

    def _finished(self, task: asyncio.Task[Any]) -> None:
        name = self._tasks.pop(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        log.error("%s.%s failed", self._name, name, exc_info=error)
        if self._on_error is not None:
            self._on_error(name, error)


async def ended(future: asyncio.Future[Any]) -> None:
    """Waits for what ``future`` stands for however often the waiting is cancelled; its outcome no longer matters."""
    while not future.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait((future,))
    if not future.cancelled():
        future.exception()
