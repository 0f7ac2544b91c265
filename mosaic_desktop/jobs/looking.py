"""One look at one run: what the service says goes into the row; when it has finished, its outputs are listed."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from mosaic_desktop.core.errors import Code, MosaicError, Problem
from mosaic_desktop.core.naming import NameFacts, render_name
from mosaic_desktop.core.output import Output, OutputId
from mosaic_desktop.core.ports import RemoteOutput, RunStatus
from mosaic_desktop.core.run import Graph, NodeState, Run, RunId, RunState
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.store import Store

TRACKED = (RunState.RUNNING, RunState.COLLECTING)
_IN_TIME_SECONDS = 120.0  # a look after which an end cannot have been long ago; the slowest pace is a fourth of it
_PATIENCE_SECONDS = 600.0  # for outputs that are late, and for a service that denies a run it had confirmed


class RunLook:
    """``on_ended`` hears when a run is over at the service, and again when its outputs are listed."""

    def __init__(self, parts: EngineParts, store: Store, on_ended: Callable[[], None]) -> None:
        self._store = store
        self._service = parts.service
        self._clock = parts.clock
        self._folder_for = parts.folder_for
        self._naming = parts.naming
        self._on_ended = on_ended
        self._doubtful_since: dict[RunId, float] = {}
        self._seen_going_at: dict[RunId, float] = {}  # on the clock of the day, which goes on while the computer sleeps

    async def look_at(self, run_id: RunId, *, with_steps: bool, found_end: Callable[[RunId], None]) -> None:
        """``with_steps``: somebody looks at them. ``found_end`` hears that this look found the run to have ended.
        Raises MosaicError.
        """
        run = self._store.run(run_id)
        if run is None or run.remote_id is None or run.state not in TRACKED:
            return
        if run.state is RunState.RUNNING:
            status = await self._service.run_status(run.remote_id)
            graph = status.graph
            if graph is None and (with_steps or status.outcome is not None or not run.word):
                graph = (await self._service.run_detail(run.remote_id)).graph
            run = self._take(run_id, status, graph)
            if run is not None and run.state is not RunState.RUNNING:
                found_end(run_id)
        if run is not None and run.state is RunState.COLLECTING:
            await self._collect(run)

    def forget_doubts(self, run_id: RunId) -> None:
        """The run is looked at with all patience from here on."""
        self._doubtful_since.pop(run_id, None)

    def gave_up(self, run_id: RunId, error: MosaicError) -> bool:
        """Whether ``error`` ended the run: one that the service denies for long. Anything else is asked again."""
        run = self._store.run(run_id)
        if run is None or run.state not in TRACKED or error.code != Code.NOT_FOUND or not self._is_hopeless(run_id):
            return False
        self._seen_going_at.pop(run_id, None)
        self._fail(run, error.problem)
        return True

    # Inside

    def _take(self, run_id: RunId, status: RunStatus, graph: Graph | None) -> Run | None:
        """Puts what the service said into the row; returns the row, unless it is no longer tracked."""
        run = self._store.run(run_id)
        if run is None or run.state is not RunState.RUNNING:
            return None
        self.forget_doubts(run_id)
        seen = replace(
            run,
            word=status.word,
            message=status.message or run.message,
            progress=status.progress if status.progress is not None else run.progress,
            graph=graph or run.graph,
            problem=None,
        )
        if status.outcome is None:
            self._seen_going_at[run_id] = self._clock.now()
            if seen != run:
                self._show(run, seen)
            return seen
        seen = replace(seen, finished_at=self._end_of(seen))
        if not status.outcome:
            return self._fail(seen, Problem(Code.RUN_FAILED, failure_reason(seen, status.message)))
        finished = self._store.put(replace(seen, state=RunState.COLLECTING, progress=1.0))
        self._on_ended()
        return finished

    def _end_of(self, run: Run) -> float | None:
        """When ``run``, of which it is just heard that it ended, did so; None where that may be long ago, as when the
        application was not there.
        """
        now = self._clock.now()
        seen_going_at = self._seen_going_at.pop(run.id, run.started_at)
        return now if seen_going_at is not None and now - seen_going_at <= _IN_TIME_SECONDS else None

    def _show(self, old: Run, new: Run) -> None:
        """A change of a step is worth a line in the journal; a moved percentage is not."""
        if [node.state for node in old.graph.nodes] != [node.state for node in new.graph.nodes] or (
            (old.word, old.problem) != (new.word, new.problem)
        ):
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
        self._store.put(replace(current, state=RunState.FINISHED, problem=None))
        self.forget_doubts(run.id)
        self._on_ended()

    def _is_hopeless(self, run_id: RunId) -> bool:
        """Whether the same doubt has stood for so long that waiting on makes no sense."""
        now = self._clock.monotonic()
        return now - self._doubtful_since.setdefault(run_id, now) >= _PATIENCE_SECONDS

    def _fail(self, run: Run, problem: Problem) -> Run:
        failed = self._store.put(replace(run, state=RunState.FAILED, problem=problem))
        self.forget_doubts(run.id)
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
            folder=run.folder or self._folder_for(None),
            node_id=remote.node_id,
            size=remote.size or 0,
            duration=remote.duration,
            created_at=self._clock.now(),
        )


def failure_reason(run: Run, message: str) -> str:
    """Why a run failed, from its failed step, else in the service's words for the whole."""
    for node in run.graph.nodes:
        if node.state is NodeState.FAILED and node.error:
            return f"{node.name}: {node.error}"
    return message
