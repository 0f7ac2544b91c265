"""Starting runs, each paid once.

The intent is in the journal before the call. Where the answer is lost, the run is *unconfirmed*: the call is never
repeated by itself (contract, POST /run-agent: not idempotent, and it spends credits).
"""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import replace

from mosaic_desktop.core.errors import Code, MosaicError, Problem
from mosaic_desktop.core.events import Events, ServiceReached
from mosaic_desktop.core.run import Run, RunId, RunState
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.key import KeyGate
from mosaic_desktop.jobs.lost_videos import LostVideos
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.reach import may_have_been_taken, reached
from mosaic_desktop.jobs.slots import RunSlots
from mosaic_desktop.jobs.spending import Spending
from mosaic_desktop.jobs.store import Store

_LONGEST_WAIT_FOR_AN_ANSWER = 5.0
log = logging.getLogger(__name__)


class RunStarter:
    """Starts waiting runs, the one that was wanted first before the others, one call at a time."""

    def __init__(
        self,
        parts: EngineParts,
        store: Store,
        events: Events,
        scope: TaskScope,
        spending: Spending,
        key: KeyGate,
        on_started: Callable[[], None],
        on_upload_needed: Callable[[], None],
    ) -> None:
        self._store = store
        self._events = events
        self._service = parts.service
        self._clock = parts.clock
        self._scope = scope
        self._retry = parts.retry
        self._spending = spending
        self._key = key
        self._slots = RunSlots(parts.clock)
        self._on_started = on_started
        self._lost_videos = LostVideos(parts, store, on_upload_needed)
        self._task: asyncio.Task[None] | None = None
        self._not_before = 0.0
        self._refusal: Problem | None = None
        self._stopping = False

    @property
    def waits_for_slot(self) -> bool:
        """Whether a run is held back until another one ends."""
        return self._refusal is not None

    def pump(self) -> None:
        """Starts the next waiting run. Cheap to call after any change."""
        if self._task is not None or self._scope.closed or self._stopping:
            return
        run = self._next()
        if run is None:
            self._refusal = None
            self._spending.let_go_if_unwanted()
        elif self._spending.problem is None and not self._key.closed and self._clock.monotonic() >= self._not_before:
            if self._slots.may_start(self._going()):
                self._task = self._scope.start(self._start(run.id), f"start {run.id}")
                self._task.add_done_callback(self._ended)
            elif self._refusal is not None and run.problem != self._refusal:
                self._store.put(replace(run, problem=self._refusal))

    def hurry(self) -> None:
        """What waits for its next try is tried now."""
        self._not_before = 0.0
        self._slots.ask_now()
        self.pump()

    async def finish_call(self) -> None:
        """At shutdown: waits a little for an answer that is under way, so that it is not lost."""
        self._stopping = True
        if self._task is not None:
            await asyncio.wait([self._task], timeout=_LONGEST_WAIT_FOR_AN_ANSWER)

    # Inside

    def _next(self) -> Run | None:
        for run in self._store.stranded_runs():
            asset = self._store.asset(run.asset_id)
            self._fail(run, (asset.problem if asset else None) or Problem(Code.VIDEO_REMOVED))
        return self._store.next_run()

    def _going(self) -> int:
        return sum(1 for _ in self._store.runs_in(RunState.RUNNING))

    async def _start(self, run_id: RunId) -> None:
        run = self._store.run(run_id)
        asset = self._store.asset(run.asset_id) if run else None
        if run is None or asset is None or asset.file_id is None or run.state is not RunState.WAITING:
            return
        run = self._store.put(replace(run, state=RunState.STARTING, problem=None))
        going = self._going()
        try:
            await self._store.saved()
            remote_id = await self._service.start_run(asset.file_id, run.spec)
        except MosaicError as error:
            if not await self._lost_videos.sends_again(run, asset, error):
                self._settle_failure(run, error, going)
        else:
            self._slots.accepted(going)
            self._refusal = None
            self._store.put(
                replace(run, state=RunState.RUNNING, remote_id=remote_id, started_at=self._clock.now(), attempt=0)
            )
            self._events.publish(ServiceReached(None))
            self._on_started()

    def _settle_failure(self, run: Run, error: MosaicError, going: int) -> None:
        problem = error.problem
        waiting = replace(run, state=RunState.WAITING, problem=problem)
        if error.code == Code.RUN_LIMIT:
            self._refusal = problem
            self._store.put(waiting)
            self._pump_later(self._slots.refused(going, error.retry_after))
        elif error.code == Code.NO_CREDITS:
            self._store.put(waiting)
            self._spending.hold(problem)
        elif error.code == Code.INVALID_KEY:
            self._store.put(waiting)  # the gate closes with the event and says when to go on
        elif may_have_been_taken(error):
            log.warning("the start of a run stays unconfirmed: %s", error)
            self._store.put(replace(run, state=RunState.UNCONFIRMED, problem=problem))
        elif (wait := self._retry.wait(error, run.attempt + 1, random.random())) is not None:
            self._store.put(replace(waiting, attempt=run.attempt + 1))
            self._not_before = self._clock.monotonic() + wait
            self._pump_later(wait)
        else:
            self._fail(run, problem)
        if (event := reached(error)) is not None:
            self._events.publish(event)

    def _fail(self, run: Run, problem: Problem) -> None:
        self._store.put(replace(run, state=RunState.FAILED, problem=problem, finished_at=self._clock.now()))

    def _pump_later(self, seconds: float) -> None:
        if not self._scope.closed:
            self._scope.start(self._pump_after(seconds), "hold")

    async def _pump_after(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self.pump()

    def _ended(self, _task: asyncio.Task[None]) -> None:
        self._task = None
        self.pump()
