"""Watching runs until the service says how they ended.

One loop with one pace for all runs (contract: poll about every five seconds). The cheap call tells state and progress;
the steps are asked for as well while runs are few; among many, for those that are looked at and those that ended.

Looks are six times as far apart while nobody can see them. While deliveries tell of the ends of runs they are twice as
far apart, but for runs whose steps are on the screen: deliveries tell neither of steps nor of progress.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Collection

from mosaic_desktop.core.errors import Code, MosaicError
from mosaic_desktop.core.events import Events, ServiceReached
from mosaic_desktop.core.run import RunId
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.hearing import Hearing
from mosaic_desktop.jobs.key import KeyGate
from mosaic_desktop.jobs.looking import TRACKED, RunLook
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.pause import Pause
from mosaic_desktop.jobs.reach import holds_for_all, reached
from mosaic_desktop.jobs.store import Store

_CALLS_AT_ONCE = 4
_FEW = 10  # runs whose steps are all followed; that many a plan runs at once
_SLOWER_UNSEEN = 6
_SLOWER_TOLD = 2
_STEPS_SLOWER = 3  # where the steps of many runs are wanted at once
log = logging.getLogger(__name__)


class RunTracker:
    """``is_urgent``: whether something waits for the end of a run, so that it must be heard soon at any time."""

    def __init__(
        self,
        parts: EngineParts,
        store: Store,
        events: Events,
        scope: TaskScope,
        key: KeyGate,
        look: RunLook,
        is_urgent: Callable[[], bool],
    ) -> None:
        self._store = store
        self._events = events
        self._clock = parts.clock
        self._scope = scope
        self._retry = parts.retry
        self._key = key
        self._look = look
        self._is_urgent = is_urgent
        self._pace = parts.pace
        self._in_front = True
        self._watched: frozenset[RunId] | None = frozenset()
        self._asked: frozenset[RunId] = frozenset()
        self._few = True
        self._steps_due: dict[RunId, float] = {}
        self._failures = 0
        self._due_at = 0.0
        self._soon = False  # asked for all, perhaps while they are being looked at
        self._seen_due_at = 0.0  # for runs on the screen
        self._not_before = 0.0  # after trouble with the service
        self._told_to_wait = False
        self._late: dict[RunId, tuple[int, float]] = {}  # failures in a row, and when it is due
        self._pause = Pause(parts.clock, scope, "tracker pause")
        self._hearing = Hearing(store, parts.clock, scope, self._pace, self._look_at_one)

    def start(self) -> None:
        self._scope.start(self._loop(), "tracker")

    def poke(self) -> None:
        """Looks soon, without waiting for the pace; a pause after errors is kept."""
        if self._clock.monotonic() >= self._not_before:
            self._soon = True
            self._pause.end()

    def look_now(self) -> None:
        """Whatever was waited for may be over: the service is back, or the computer slept."""
        self._failures, self._not_before = 0, 0.0
        self._late.clear()
        self.poke()

    def hear_of(self, remote_id: str) -> bool:
        """A delivery says that this run ended, so it is looked at now. Returns whether the run is known."""
        return self._hearing.hear_of(remote_id)

    def expects(self, remote_id: str) -> bool:
        """Whether a run of this id goes on of whose end no delivery has told."""
        return self._hearing.expects(remote_id)

    def begin(self, run_id: RunId) -> None:
        """A run is looked at from here on, with all patience."""
        self._look.forget_doubts(run_id)
        self._hearing.begin(run_id)
        self._late.pop(run_id, None)
        self.poke()

    def watch(self, run_ids: Collection[RunId] | None) -> None:
        """The runs whose steps are being looked at, which are asked for at once; None for all."""
        self._watched = None if run_ids is None else frozenset(run_ids)
        if self._watched is None:
            self.poke()
        elif self._watched and self._clock.monotonic() >= self._not_before:
            self._asked = self._watched
            self._pause.end()

    def set_in_front(self, in_front: bool) -> None:
        """Whether the user may be looking. Behind other windows or in the tray, looks are six times as far apart."""
        came, self._in_front = in_front and not self._in_front, in_front
        if came:
            self.poke()

    # The loop

    async def _loop(self) -> None:
        while True:
            self._pause.begin()
            asked, self._asked = self._asked, frozenset()
            tracked = [run.id for run in self._store.runs_in(*TRACKED)]
            self._hearing.keep_only(tracked)
            if not tracked or self._key.closed:
                await self._pause.rest(None)
                continue
            self._few = len(tracked) <= _FEW
            self._steps_due = {run_id: due for run_id in tracked if (due := self._steps_due.get(run_id)) is not None}
            seen = self._seen(tracked)
            now = self._clock.monotonic()
            if now < self._not_before:
                pass  # whatever ended the rest came too early
            elif self._soon or now >= self._due_at:
                self._soon = False
                await self._look_at_all(tracked)
                self._due_at = self._clock.monotonic() + self._pace * self._slowness()
                self._seen_due_at = self._clock.monotonic() + self._pace
            elif seen and now >= self._seen_due_at:
                await self._look_at_all(seen)
                self._seen_due_at = self._clock.monotonic() + self._pace
            elif now_asked := [run_id for run_id in tracked if run_id in asked]:
                await self._look_at_all(now_asked)
            due_at = min(self._due_at, self._seen_due_at) if seen else self._due_at
            due_at = 0.0 if self._soon else due_at
            await self._pause.rest(max(due_at, self._not_before) - self._clock.monotonic())

    def _slowness(self) -> int:
        if self._in_front:
            return _SLOWER_TOLD if self._hearing.trusted else 1
        return 1 if self._is_urgent() and not self._hearing.trusted else _SLOWER_UNSEEN

    def _seen(self, tracked: list[RunId]) -> list[RunId]:
        """Runs whose steps somebody sees."""
        if not self._in_front:
            return []
        return tracked if self._watched is None else [run_id for run_id in tracked if run_id in self._watched]

    async def _look_at_one(self, run_id: RunId) -> bool:
        """At once, also where it or all were to be asked later, unless the service said when. Returns whether it was
        answered.
        """
        if self._key.closed:
            return False  # all are looked at once it opens
        if self._told_to_wait and self._clock.monotonic() < self._not_before:
            self._soon = True
            return False
        self._late.pop(run_id, None)
        await self._look_at_all([run_id])
        return run_id not in self._late and self._clock.monotonic() >= self._not_before

    async def _look_at_all(self, run_ids: list[RunId]) -> None:
        now = self._clock.monotonic()
        due = [run_id for run_id in run_ids if self._late.get(run_id, (0, 0.0))[1] <= now]
        gate = asyncio.Semaphore(_CALLS_AT_ONCE)
        held: list[MosaicError] = []

        async def look(run_id: RunId) -> MosaicError | None:
            async with gate:
                if held:
                    return held[0]
                try:
                    await self._look.look_at(
                        run_id, with_steps=self._follows_steps(run_id), found_end=self._hearing.found_end
                    )
                except MosaicError as error:
                    if holds_for_all(error):
                        held.append(error)
                    else:
                        self._put_off(run_id, error)
                    return error
                self._late.pop(run_id, None)
            return None

        looks = await asyncio.gather(*map(look, due), return_exceptions=True)
        for fault in looks:
            if isinstance(fault, Exception) and not isinstance(fault, MosaicError):
                log.error("a look at a run failed", exc_info=fault)  # the others are looked at all the same
        self._hold(held[0] if held else None)
        self._tell(held or [look for look in looks if isinstance(look, MosaicError)], answered=None in looks)

    def _follows_steps(self, run_id: RunId) -> bool:
        if self._few:
            return True
        if self._watched is not None:
            return run_id in self._watched
        now = self._clock.monotonic()
        if now < self._steps_due.get(run_id, 0.0):
            return False
        self._steps_due[run_id] = now + (_STEPS_SLOWER - 0.5) * self._pace
        return True

    def _put_off(self, run_id: RunId, error: MosaicError) -> None:
        """The trouble is with one run: it alone is asked less often."""
        if self._look.gave_up(run_id, error):
            self._late.pop(run_id, None)
            return
        log.info("a run could not be looked at: %s", error)
        failures = self._late.get(run_id, (0, 0.0))[0] + 1
        self._late[run_id] = failures, self._clock.monotonic() + self._wait(error, failures)

    def _hold(self, error: MosaicError | None) -> None:
        """The trouble is with the service: nobody asks until the wait is over, or until it is seen to be back."""
        now = self._clock.monotonic()
        if error is not None:
            log.info("runs could not be looked at: %s", error)
            self._failures += 1
            self._told_to_wait = error.retry_after is not None or error.code == Code.RATE_LIMIT
            self._not_before = now + self._wait(error, self._failures)
            return
        self._failures = 0
        if now < self._not_before and not self._told_to_wait:
            self._not_before = 0.0
            self._pause.end()

    def _wait(self, error: MosaicError, failures: int) -> float:
        """A run that may cost is never given up, so the waits go on at their longest."""
        steps = min(failures, self._retry.attempts - 1)
        wait = self._retry.wait(error, steps, random.random())
        return max(self._pace, self._retry.longest if wait is None else wait)

    def _tell(self, errors: list[MosaicError], *, answered: bool) -> None:
        """One look that was answered shows that the service is there, unless the trouble is with all of it."""
        if answered and not any(map(holds_for_all, errors)):
            self._events.publish(ServiceReached(None))
        elif errors and (event := reached(errors[0])) is not None:
            self._events.publish(event)
