"""Starting runs, each paid once.

The intent is in the journal before the call. Where the answer is lost, the run is *unconfirmed*: the call is never
repeated by itself (contract, POST /run-agent: not idempotent, and it spends credits).
"""

import asyncio
import logging
import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.errors import Code, MosaicError, NetworkError, Problem, ProtocolError
from mosaic_desktop.core.events import Events, ServiceReached
from mosaic_desktop.core.run import Run, RunId, RunSpec, RunState
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.store import Store

_SLOT_CHECK_SECONDS = 30.0
_LONGEST_WAIT_FOR_AN_ANSWER = 5.0
log = logging.getLogger(__name__)


class RunStarter:
    """Starts waiting runs, one call at a time, as soon as their video is ready."""

    def __init__(
        self,
        parts: EngineParts,
        store: Store,
        events: Events,
        scope: TaskScope,
        on_started: Callable[[], None],
        on_upload_needed: Callable[[], None],
    ) -> None:
        self._store = store
        self._events = events
        self._service = parts.service
        self._clock = parts.clock
        self._scope = scope
        self._retry = parts.retry
        self._folder = parts.output_folder
        self._on_started = on_started
        self._on_upload_needed = on_upload_needed
        self._task: asyncio.Task[None] | None = None
        self._not_before = 0.0
        self._stopping = False

    def want(self, assets: Sequence[Asset], spec: RunSpec) -> tuple[RunId, ...]:
        """Writes down one intended run per asset."""
        made = []
        for asset in assets:
            run = Run(
                RunId(uuid.uuid4().hex),
                asset.id,
                spec,
                asset_name=asset.name,
                folder=self._folder(),
                created_at=self._clock.now(),
            )
            made.append(self._store.put(run).id)
        self.pump()
        return tuple(made)

    def pump(self) -> None:
        """Starts the next waiting run. Cheap to call after any change."""
        if self._task is not None or self._scope.closed or self._stopping or self._clock.monotonic() < self._not_before:
            return
        if (run := self._next()) is not None:
            self._task = self._scope.start(self._start(run.id), f"start {run.id}")
            self._task.add_done_callback(self._ended)

    def slot_freed(self) -> None:
        """A run ended, so a start that the plan's limit held back may work."""
        self._not_before = 0.0
        self.pump()

    async def finish_call(self) -> None:
        """At shutdown: waits a little for an answer that is under way, so that it is not lost."""
        self._stopping = True
        if self._task is not None:
            await asyncio.wait([self._task], timeout=_LONGEST_WAIT_FOR_AN_ANSWER)

    # Inside

    def _next(self) -> Run | None:
        for run in self._store.runs_in(RunState.WAITING):
            asset = self._store.asset(run.asset_id)
            if asset is None or asset.state in {AssetState.FAILED, AssetState.CANCELLED}:
                problem = (asset.problem if asset else None) or Problem(Code.VIDEO_REMOVED)
                self._fail(run, problem)
            elif asset.state is AssetState.READY:
                return run
        return None

    async def _start(self, run_id: RunId) -> None:
        run = self._store.run(run_id)
        asset = self._store.asset(run.asset_id) if run else None
        if run is None or asset is None or asset.file_id is None or run.state is not RunState.WAITING:
            return
        run = self._store.put(replace(run, state=RunState.STARTING, problem=None))
        try:
            await self._store.saved()
            remote_id = await self._service.start_run(asset.file_id, run.spec)
        except MosaicError as error:
            if not await self._uploads_again(run, asset, error):
                self._settle_failure(run, error)
        else:
            self._events.publish(ServiceReached(None))
            self._store.put(
                replace(run, state=RunState.RUNNING, remote_id=remote_id, started_at=self._clock.now(), attempt=0)
            )
            self._on_started()

    def _settle_failure(self, run: Run, error: MosaicError) -> None:
        problem = error.problem
        if error.code == Code.RUN_LIMIT:
            self._hold(replace(run, state=RunState.WAITING, problem=problem), _SLOT_CHECK_SECONDS)
        elif may_have_started(error):
            log.warning("the start of a run stays unconfirmed: %s", error)
            self._store.put(replace(run, state=RunState.UNCONFIRMED, problem=problem))
        elif (wait := self._retry.wait(error, run.attempt + 1, random.random())) is not None:
            self._hold(replace(run, state=RunState.WAITING, problem=problem, attempt=run.attempt + 1), wait)
            self._events.publish(ServiceReached(problem))
        else:
            self._fail(run, problem)

    def _fail(self, run: Run, problem: Problem) -> None:
        self._store.put(replace(run, state=RunState.FAILED, problem=problem, finished_at=self._clock.now()))

    async def _uploads_again(self, run: Run, asset: Asset, error: MosaicError) -> bool:
        """Where the service does not have the video (any more), it is sent once more and the run waits for that."""
        if error.code not in {Code.NOT_FOUND, Code.FORBIDDEN} or asset.is_link or run.attempt:
            return False
        if not await self._knows_agent(run.spec):
            return False
        current = self._store.asset(asset.id)
        if current is not None and current.state is AssetState.READY and current.file_id == asset.file_id:
            unsent = replace(current, file_id=None, video_id=None, content_sent=False, bytes_done=0)
            self._store.put(replace(unsent, state=AssetState.QUEUED))
        self._store.put(replace(run, state=RunState.WAITING, attempt=1))
        self._on_upload_needed()
        return True

    async def _knows_agent(self, spec: RunSpec) -> bool:
        """False also where the service cannot be asked: then what it said stands."""
        if spec.agent_id is None:
            return True
        try:
            return any(agent.id == spec.agent_id for agent in await self._service.list_agents())
        except MosaicError:
            return False

    def _hold(self, run: Run, seconds: float) -> None:
        self._store.put(run)
        self._not_before = self._clock.monotonic() + seconds
        self._scope.start(self._pump_after(seconds), "hold")

    async def _pump_after(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self.pump()

    def _ended(self, _task: asyncio.Task[None]) -> None:
        self._task = None
        self.pump()

    # The user's decisions

    def start_again(self, run_id: RunId) -> None:
        """For an unconfirmed run: another call, which may charge twice. Also for a dropped one."""
        run = self._store.run(run_id)
        if run is not None and run.state in {RunState.UNCONFIRMED, RunState.DROPPED}:
            self._store.put(replace(run, state=RunState.WAITING, problem=None, created_at=self._clock.now()))
            self.pump()

    def adopt(self, run_id: RunId, remote_id: str) -> None:
        """For an unconfirmed run: the user found the run's id."""
        run = self._store.run(run_id)
        if run is not None and run.state is RunState.UNCONFIRMED:
            now = self._clock.now()
            self._store.put(
                replace(run, state=RunState.RUNNING, remote_id=remote_id.strip(), problem=None, started_at=now)
            )
            self._on_started()

    def drop(self, run_id: RunId) -> None:
        run = self._store.run(run_id)
        if run is not None and run.state in {RunState.WAITING, RunState.UNCONFIRMED}:
            self._store.put(replace(run, state=RunState.DROPPED, problem=None, finished_at=self._clock.now()))

    def again(self, run_id: RunId) -> RunId | None:
        """Another run of the same video with the same settings."""
        run = self._store.run(run_id)
        asset = self._store.asset(run.asset_id) if run else None
        return None if run is None or asset is None else self.want((asset,), run.spec)[0]


def may_have_started(error: MosaicError) -> bool:
    """Whether the service may have taken the call although no usable answer came."""
    if isinstance(error, NetworkError):
        return error.seen
    if isinstance(error, ProtocolError):
        return True
    return (error.status or 0) >= 500 or error.code in {Code.GATEWAY, Code.UNREADABLE_ANSWER}


def assets_of(store: Store, asset_ids: Sequence[AssetId]) -> tuple[Asset, ...]:
    return tuple(asset for asset_id in asset_ids if (asset := store.asset(asset_id)) is not None)
