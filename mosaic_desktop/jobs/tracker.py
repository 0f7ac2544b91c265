"""Watching runs until the service says how they ended, then listing their outputs.

One loop with one pace for all runs (contract: poll about every five seconds). The cheap call tells state and progress;
the steps are asked for as well while runs are few; among many, for those that are looked at and those that ended.
"""

import asyncio
import logging
import random
import uuid
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from mosaic_desktop.core.errors import Code, MosaicError, Problem
from mosaic_desktop.core.events import Events, ServiceReached
from mosaic_desktop.core.naming import NameFacts, render_name
from mosaic_desktop.core.output import Output, OutputId
from mosaic_desktop.core.ports import RemoteOutput, RunStatus
from mosaic_desktop.core.run import Graph, NodeState, Run, RunId, RunState
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.store import Store

_CALLS_AT_ONCE = 4
_PATIENCE_SECONDS = 600.0  # for outputs that are late, and for a service that denies a run it had confirmed
_FEW = 10  # runs whose steps are all followed; that many a plan runs at once
_TRACKED = (RunState.RUNNING, RunState.COLLECTING)
log = logging.getLogger(__name__)


class RunTracker:
    """``on_ended`` hears of every run that is over."""

    def __init__(
        self, parts: EngineParts, store: Store, events: Events, scope: TaskScope, on_ended: Callable[[], None]
    ) -> None:
        self._store = store
        self._events = events
        self._service = parts.service
        self._clock = parts.clock
        self._scope = scope
        self._retry = parts.retry
        self._folder = parts.output_folder
        self._naming = parts.naming
        self._on_ended = on_ended
        self._pace = parts.pace
        self._watched: frozenset[RunId] | None = frozenset()
        self._failures = 0
        self._tracked = 0
        self._doubtful_since: dict[RunId, float] = {}
        self._wake = asyncio.Event()

    def start(self) -> None:
        self._scope.start(self._loop(), "tracker")

    def poke(self) -> None:
        """Looks soon, without waiting for the pace: something was started or is being looked at."""
        self._wake.set()

    def begin(self, run_id: RunId) -> None:
        """A run is looked at from here on, with all patience."""
        self._doubtful_since.pop(run_id, None)
        self.poke()

    def watch(self, run_ids: Collection[RunId] | None) -> None:
        """The runs whose steps are being looked at; None for all."""
        self._watched = None if run_ids is None else frozenset(run_ids)
        if not self._failures:  # a pause that the service asked for is kept
            self.poke()

    # The loop

    async def _loop(self) -> None:
        while True:
            tracked = [run.id for run in self._store.runs_in(*_TRACKED)]
            self._wake.clear()
            if not tracked:
                await self._wake.wait()
                continue
            self._tracked = len(tracked)
            error = await self._look_at_all(tracked)
            await self._rest(error)

    async def _look_at_all(self, run_ids: list[RunId]) -> MosaicError | None:
        """Returns the last error, if any look failed."""
        gate = asyncio.Semaphore(_CALLS_AT_ONCE)

        async def look(run_id: RunId) -> MosaicError | None:
            async with gate:
                try:
                    await self._look_at(run_id)
                except MosaicError as error:
                    return self._settle_failure(run_id, error)
            return None

        looks = await asyncio.gather(*map(look, run_ids), return_exceptions=True)
        for fault in looks:
            if isinstance(fault, Exception) and not isinstance(fault, MosaicError):
                log.error("a look at a run failed", exc_info=fault)  # the others are looked at all the same
        errors = [error for error in looks if isinstance(error, MosaicError)]
        self._events.publish(ServiceReached(errors[-1].problem if errors else None))
        return errors[-1] if errors else None

    async def _rest(self, error: MosaicError | None) -> None:
        """Sleeps for the pace, or longer after errors; wakes early when poked."""
        pause = self._pace
        self._failures = self._failures + 1 if error is not None else 0
        if error is not None:
            steps = min(self._failures, self._retry.attempts - 1)
            pause = max(pause, self._retry.wait(error, steps, random.random()) or self._retry.longest)
        sleeper = self._scope.replace(self._clock.sleep(pause), "tracker pause")
        waker = self._scope.replace(self._wake.wait(), "tracker wake")
        try:
            await asyncio.wait({sleeper, waker}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeper.cancel()
            waker.cancel()

    # One run

    async def _look_at(self, run_id: RunId) -> None:
        run = self._store.run(run_id)
        if run is None or run.remote_id is None or run.state not in _TRACKED:
            return
        if run.state is RunState.RUNNING:
            status = await self._service.run_status(run.remote_id)
            graph = await self._graph(run, status)
            run = self._take(run_id, status, graph)
        if run is not None and run.state is RunState.COLLECTING:
            await self._collect(run)

    async def _graph(self, run: Run, status: RunStatus) -> Graph | None:
        looked_at = self._watched is None or run.id in self._watched or self._tracked <= _FEW
        if status.graph is not None or not (looked_at or status.outcome is not None or not run.graph.nodes):
            return status.graph
        assert run.remote_id is not None
        return (await self._service.run_detail(run.remote_id)).graph

    def _take(self, run_id: RunId, status: RunStatus, graph: Graph | None) -> Run | None:
        """Puts what the service said into the row; returns the row, unless it is no longer tracked."""
        run = self._store.run(run_id)
        if run is None or run.state is not RunState.RUNNING:
            return None
        self._doubtful_since.pop(run_id, None)
        seen = replace(
            run,
            word=status.word,
            message=status.message or run.message,
            progress=status.progress if status.progress is not None else run.progress,
            graph=graph or run.graph,
            problem=None,
        )
        if status.outcome is None:
            if seen != run:
                self._show(run, seen)
            return seen
        if status.outcome:
            return self._store.put(replace(seen, state=RunState.COLLECTING, progress=1.0))
        return self._fail(seen, Problem(Code.RUN_FAILED, failure_reason(seen, status.message)))

    def _show(self, old: Run, new: Run) -> None:
        """A change of a step is worth a line in the journal; a moved percentage is not."""
        if [node.state for node in old.graph.nodes] != [node.state for node in new.graph.nodes] or old.word != new.word:
            self._store.put(new)
        else:
            self._store.show_progress(new)

    async def _collect(self, run: Run) -> None:
        assert run.remote_id is not None
        listed = await self._service.run_outputs(run.remote_id)
        current = self._store.run(run.id)
        if current is None or current.state is not RunState.COLLECTING:
            return
        late = not listed or any(remote.url is None for remote in listed)
        if late and not self._is_hopeless(run.id):
            return
        listed = tuple(remote for remote in listed if remote.url is not None)
        if not listed:
            self._fail(current, Problem(Code.NO_OUTPUTS))
            return
        known = {output.key for output in self._store.outputs_of(run.id)}
        for index, remote in enumerate(listed):
            if remote.key not in known:
                self._store.put(self._output(current, remote, index))
        # The outputs and the finished run reach the journal in one transaction.
        self._store.put(replace(current, state=RunState.FINISHED, finished_at=self._clock.now()))
        self._doubtful_since.pop(run.id, None)
        self._on_ended()

    def _is_hopeless(self, run_id: RunId) -> bool:
        """Whether the same doubt has stood for so long that waiting on makes no sense."""
        now = self._clock.monotonic()
        return now - self._doubtful_since.setdefault(run_id, now) >= _PATIENCE_SECONDS

    def _fail(self, run: Run, problem: Problem) -> Run:
        failed = self._store.put(replace(run, state=RunState.FAILED, problem=problem, finished_at=self._clock.now()))
        self._doubtful_since.pop(run.id, None)
        self._on_ended()
        return failed

    def _output(self, run: Run, remote: RemoteOutput, index: int) -> Output:
        rendered_at = datetime.fromtimestamp(self._clock.now()).astimezone()
        facts = NameFacts(Path(run.asset_name).stem, run.spec.agent_name, rendered_at, run.remote_id or "", index)
        return Output(
            id=OutputId(uuid.uuid4().hex),
            run_id=run.id,
            key=remote.key,
            name=render_name(self._naming().template, facts),
            folder=run.folder or self._folder(),
            node_id=remote.node_id,
            size=remote.size or 0,
            duration=remote.duration,
            created_at=self._clock.now(),
        )

    def _settle_failure(self, run_id: RunId, error: MosaicError) -> MosaicError | None:
        """A run that the service denies for long is given up; until then, and for anything else, it is asked again."""
        run = self._store.run(run_id)
        if run is not None and run.state in _TRACKED and error.code == Code.NOT_FOUND and self._is_hopeless(run_id):
            self._fail(run, error.problem)
            return None
        log.info("a run could not be looked at: %s", error)
        return error


def failure_reason(run: Run, message: str) -> str:
    """Why a run failed, from its failed step, else in the service's words for the whole."""
    for node in run.graph.nodes:
        if node.state is NodeState.FAILED and node.error:
            return f"{node.name}: {node.error}"
    return message
