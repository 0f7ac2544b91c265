"""What can still come of a run that failed: its failed steps are retried, or it is looked at once more."""

from collections.abc import Callable
from dataclasses import replace

from mosaic_desktop.core.errors import Code, MosaicError
from mosaic_desktop.core.events import Events
from mosaic_desktop.core.run import NodeState, RunId, RunState
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.reach import holds_for_all, may_have_been_taken, reached
from mosaic_desktop.jobs.spending import Spending
from mosaic_desktop.jobs.store import Store


class FailedRuns:
    """``on_begun`` hears of every run that goes on."""

    def __init__(
        self,
        parts: EngineParts,
        store: Store,
        events: Events,
        scope: TaskScope,
        spending: Spending,
        on_begun: Callable[[RunId], None],
    ) -> None:
        self._service = parts.service
        self._clock = parts.clock
        self._store = store
        self._events = events
        self._scope = scope
        self._spending = spending
        self._on_begun = on_begun

    def retry_steps(self, run_id: RunId) -> None:
        """Retries every failed step (contract: POST /retry-agent-run-node), or joins what waits for credits."""
        run = self._store.run(run_id)
        if run is None or run.state is not RunState.FAILED or run.remote_id is None:
            return
        if self._spending.problem is not None:
            self._store.put(replace(run, problem=self._spending.problem))
        else:
            self._scope.replace(self._retry_steps(run_id), f"retry steps {run_id}")

    def look_again(self, run_id: RunId) -> None:
        """Watches a run once more that was given up: it may go on at the service, or have outputs by now."""
        run = self._store.run(run_id)
        if run is not None and run.state is RunState.FAILED and run.remote_id is not None:
            now = self._clock.now()
            began = now - (run.elapsed(now) or 0.0)  # the time in which it stood still does not count
            self._store.put(replace(run, state=RunState.RUNNING, problem=None, started_at=began, finished_at=None))
            self._on_begun(run_id)

    async def _retry_steps(self, run_id: RunId) -> None:
        run = self._store.run(run_id)
        if run is None:
            return
        taken, refusal = False, None
        for node in run.graph.nodes:
            if node.state is NodeState.FAILED:
                error = await self._retry_step(node.id)
                # A step that is not failed any more is under way already; a lost answer may have been a yes.
                taken = taken or error is None or error.code == Code.INVALID_STATE or may_have_been_taken(error)
                refusal = error or refusal
                if error is not None and (error.code == Code.NO_CREDITS or holds_for_all(error)):
                    break
        self._settle(run_id, taken, refusal)

    def _settle(self, run_id: RunId, taken: bool, refusal: MosaicError | None) -> None:
        run = self._store.run(run_id)
        if run is not None and run.state is RunState.FAILED:
            if taken:
                self.look_again(run_id)
            elif refusal is not None:
                self._store.put(replace(run, problem=refusal.problem))
        if refusal is not None and refusal.code == Code.NO_CREDITS:
            self._spending.hold(refusal.problem)
        if refusal is not None and (event := reached(refusal)) is not None:
            self._events.publish(event)

    async def _retry_step(self, node_id: str) -> MosaicError | None:
        try:
            await self._service.retry_node(node_id)
        except MosaicError as error:
            return error
        return None
