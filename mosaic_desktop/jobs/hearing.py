"""What webhook deliveries tell of runs. They are hints: what a run's state is, only the service's answer says.

A delivery makes the tracker look at its run at once. It also shows that the ends of runs are told, so that it is enough
to ask seldom: until a run is found to have ended of which nothing was heard, or until nothing came for ten minutes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection

from mosaic_desktop.core.ports import Clock
from mosaic_desktop.core.run import RunId
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.looking import TRACKED
from mosaic_desktop.jobs.store import Store

_TRUST_SECONDS = 600.0
_CALLS_AT_ONCE = 4
_LOOKS = 12  # the delivery may be ahead of the service's answers, and of the outputs


class Hearing:
    """``look``: looks at one run now and returns whether it may be looked at again after ``pace`` seconds."""

    def __init__(
        self, store: Store, clock: Clock, scope: TaskScope, pace: float, look: Callable[[RunId], Awaitable[bool]]
    ) -> None:
        self._store = store
        self._clock = clock
        self._scope = scope
        self._pace = pace
        self._look = look
        self._gate = asyncio.Semaphore(_CALLS_AT_ONCE)
        self._heard: set[RunId] = set()
        self._trusted_until = 0.0

    @property
    def trusted(self) -> bool:
        """Whether the ends of runs are told."""
        return self._clock.monotonic() < self._trusted_until

    def hear_of(self, remote_id: str) -> bool:
        """Whether a run of that id is known."""
        runs = self._store.runs_called(remote_id)
        if not runs:
            return False
        self._trusted_until = self._clock.monotonic() + _TRUST_SECONDS
        for run in runs:
            if run.state in TRACKED and not self._scope.closed:
                self._heard.add(run.id)
                # In place of a look that may have begun before the run ended.
                self._scope.replace(self._follow(run.id), f"follow {run.id}")
        return True

    def expects(self, remote_id: str) -> bool:
        """Whether a run of that id goes on of whose end nothing was heard."""
        return any(run.state in TRACKED and run.id not in self._heard for run in self._store.runs_called(remote_id))

    def found_end(self, run_id: RunId) -> None:
        """The service was asked and said that the run has ended."""
        if run_id not in self._heard:
            self._trusted_until = 0.0

    def begin(self, run_id: RunId) -> None:
        """The run goes on: its next end is another one."""
        self._heard.discard(run_id)

    def keep_only(self, tracked: Collection[RunId]) -> None:
        self._heard.intersection_update(tracked)

    async def _follow(self, run_id: RunId) -> None:
        for _ in range(_LOOKS):
            async with self._gate:
                answered = await self._look(run_id)
            if not answered or not self._is_tracked(run_id):
                return
            await self._clock.sleep(self._pace)
        self.begin(run_id)  # what was told was an earlier end

    def _is_tracked(self, run_id: RunId) -> bool:
        run = self._store.run(run_id)
        return run is not None and run.state in TRACKED
