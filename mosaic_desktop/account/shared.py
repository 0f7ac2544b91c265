"""Work that is under way once at a time and shared by whoever needs its result."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from mosaic_desktop.core.errors import Code, MosaicError, NetworkError
from mosaic_desktop.core.tasks import TaskScope

Work = Coroutine[Any, Any, MosaicError | None]
"""Returns what prevented it, since it may be that nobody is left to catch what it raises."""


class SharedWork:
    """A caller that is cancelled leaves the work alone, since others may wait for it or depend on its being done."""

    def __init__(self, scope: TaskScope, name: str) -> None:
        self._scope = scope
        self._name = name
        self._task: asyncio.Task[MosaicError | None] | None = None

    @property
    def task(self) -> asyncio.Task[MosaicError | None] | None:
        """What is under way, or was last."""
        return self._task

    @property
    def is_under_way(self) -> bool:
        return self._task is not None and not self._task.done()

    def begin(self, work: Callable[[], Work]) -> None:
        """Begins ``work`` unless some is under way. Does nothing once the scope is closed."""
        if not self.is_under_way and not self._scope.closed:
            self._task = self._scope.start(work(), self._name)

    def put(self, work: Work) -> None:
        """From here on this is what is under way. What was, goes on for itself."""
        self._task = self._scope.start(work, self._name)

    async def wait(self) -> None:
        """Until what is under way has ended in any way."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def join(self, work: Callable[[], Work]) -> None:
        """Begins ``work`` or joins what is under way. Raises what prevented it, and NetworkError at the end."""
        if self._scope.closed:
            raise NetworkError(Code.UNREACHABLE, "the account is closed", seen=False)
        self.begin(work)
        task = self._task
        assert task is not None
        await asyncio.wait({task})
        if task.cancelled():
            raise NetworkError(Code.INTERRUPTED, seen=False)
        if (error := task.result()) is not None:
            raise error.with_traceback(None)
