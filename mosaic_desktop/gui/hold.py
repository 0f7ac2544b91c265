"""Holds what a workspace began, and lets go of it in order."""

import asyncio
from collections.abc import Callable

from mosaic_desktop.core.tasks import TaskScope


class Hold:
    """Ends a workspace's tasks when it is let go, or when the window's own scope ends."""

    def __init__(self, scope: TaskScope, window_scope: TaskScope) -> None:
        self._let_go = asyncio.Event()
        self._scope = scope
        self._task = window_scope.start(self._keep(scope), "workspace")

    def let_go(self, then: Callable[[], None]) -> None:
        """`then` is called when no task of the workspace is left that could touch its widgets."""
        self._let_go.set()
        if self._task.done():
            self._scope.cancel()  # a task that is cancelled before its first step ends nothing itself
            then()
        else:
            self._task.add_done_callback(lambda _: then())

    async def _keep(self, scope: TaskScope) -> None:
        try:
            await self._let_go.wait()
        finally:
            await scope.aclose(timeout=1.0)
