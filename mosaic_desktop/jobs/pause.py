"""A rest that can be cut short."""

import asyncio

from mosaic_desktop.core.ports import Clock
from mosaic_desktop.core.tasks import TaskScope


class Pause:
    """One at a time. ``end`` also counts before ``rest``, until the next ``begin``."""

    def __init__(self, clock: Clock, scope: TaskScope, name: str) -> None:
        self._clock = clock
        self._scope = scope
        self._name = name
        self._ended = False
        self._sleeper: asyncio.Task[object] | None = None

    def begin(self) -> None:
        """From here on an ``end`` counts for the next rest."""
        self._ended = False

    def end(self) -> None:
        self._ended = True
        if self._sleeper is not None:
            self._sleeper.cancel()

    async def rest(self, seconds: float | None) -> None:
        """Returns after ``seconds``, None for any time, or when it was ended."""
        if self._ended:
            return
        sleep = asyncio.Event().wait() if seconds is None else self._clock.sleep(seconds)
        self._sleeper = sleeper = self._scope.start(sleep, self._name)
        try:
            await asyncio.wait({sleeper})
        finally:
            sleeper.cancel()
            self._sleeper = None
