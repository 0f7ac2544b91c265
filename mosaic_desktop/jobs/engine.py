"""The engine: the one thing that window and command line talk to.

Free of Qt. Lives on the event-loop thread. Commands are plain calls that return at once; what they lead to is heard
through ``events`` and read from ``store``.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from mosaic_desktop.core.actions import Action, Move, output_actions
from mosaic_desktop.core.activity import Activity, activity
from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.asset import AssetId, AssetState
from mosaic_desktop.core.errors import Code, MosaicError
from mosaic_desktop.core.events import Event, Events, ServiceReached
from mosaic_desktop.core.output import BUSY_OUTPUT_STATES, Output, OutputId, OutputState
from mosaic_desktop.core.pace import TransferLimits
from mosaic_desktop.core.run import BUSY_RUN_STATES, NodeState, RunId, RunSpec, RunState
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.asset_commands import AssetCommands
from mosaic_desktop.jobs.history import History
from mosaic_desktop.jobs.intake import Intake
from mosaic_desktop.jobs.outputs import OutputFetcher
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.recovery import recover
from mosaic_desktop.jobs.resuming import Resuming
from mosaic_desktop.jobs.runs import RunStarter, assets_of, may_have_started
from mosaic_desktop.jobs.store import Store
from mosaic_desktop.jobs.tracker import RunTracker
from mosaic_desktop.jobs.turns import Turns
from mosaic_desktop.jobs.uploads import UploadQueue

log = logging.getLogger(__name__)


class Engine:
    """One profile's work. ``start`` before anything else; ``stop`` ends it in order."""

    def __init__(self, parts: EngineParts) -> None:
        self.events = Events()
        self._parts = parts
        self._scope = TaskScope("engine", self._on_task_error)
        self.store = Store(parts.journal, self.events, self._scope, parts.clock)
        self._intake = Intake(parts, self.store, self.events, self._scope, self._pump)
        self._uploads = UploadQueue(parts, self.store, self.events, self._scope, self._pump)
        self._tracker = RunTracker(parts, self.store, self.events, self._scope, self._run_ended)
        self._starter = RunStarter(parts, self.store, self.events, self._scope, self._tracker.poke, self._uploads.pump)
        self._fetcher = OutputFetcher(parts, self.store, self._scope)
        self._turns = Turns(self._scope)
        self._history = History(self.events, self._scope, self._turns)
        self._resuming = Resuming(self.store, self._uploads.anew, self._intake.look_into, self._pump)
        self._commands = AssetCommands(
            self.store,
            self._scope,
            self._uploads,
            self._resuming,
            self._turns,
            self._history,
            self._intake.look_into,
            self._pump,
        )
        self._away = False
        self.events.subscribe(self._on_event)

    # Life

    async def start(self) -> None:
        """Takes up every unfinished row. Raises JournalError."""
        recorded = await self._parts.journal.load()
        self.store.fill(recover(recorded))
        self.set_limits(self._parts.limits)
        self._tracker.start()
        for asset in self.store.assets_in(AssetState.PROBING):
            self._intake.look_into(asset.id)
        self._pump()

    async def stop(self) -> None:
        """Ends all work so that the next start goes on with it: an answer to a paid call is awaited for a little."""
        self._turns.finish()
        await self._history.close()
        await self._starter.finish_call()
        await self._scope.aclose()
        try:
            await self.store.saved()
        except MosaicError as error:
            log.warning("the last changes were not written: %s", error)

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        return self.events.subscribe(listener)

    @property
    def activity(self) -> Activity:
        return activity(
            self.store.assets_in(AssetState.UPLOADING),
            self.store.runs_in(*BUSY_RUN_STATES),
            self.store.outputs_in(OutputState.DOWNLOADING),
        )

    # Assets

    def offer(self, offered: Sequence[Path | str]) -> None:
        """Files, folders and links that the user dropped, browsed or pasted."""
        self._scope.start(self._intake.add(offered), "intake")

    async def add(self, offered: Sequence[Path | str]) -> tuple[AssetId, ...]:
        """Like ``offer``; returns the rows when they are in the queue, those already there included."""
        return await self._intake.add(offered)

    def pause(self, asset_ids: Iterable[AssetId]) -> None:
        self._commands.pause(asset_ids)

    def pause_all(self) -> None:
        self._commands.pause_all()

    def cancel(self, asset_ids: Iterable[AssetId]) -> None:
        self._commands.cancel(asset_ids)

    def resume(self, asset_ids: Iterable[AssetId]) -> None:
        """Goes on with paused, failed and cancelled uploads; a changed file is taken as it is now."""
        self._commands.resume(asset_ids)

    def resume_all(self) -> None:
        self._commands.resume_all()

    def retry_failed(self) -> None:
        self._commands.retry_failed()

    async def take_up(self, asset_ids: Iterable[AssetId]) -> None:
        """Like ``resume``; returns when the rows are on their way again."""
        self._resuming.want(asset_ids)
        await self._resuming.take_up()

    def send_again(self, asset_ids: Iterable[AssetId]) -> None:
        """Sends what was not sent because the service has the same content already."""
        self._commands.send_again(asset_ids)

    def remove(self, asset_ids: Iterable[AssetId]) -> None:
        """Takes rows out of the queue; a file on disk, runs and outputs stay."""
        self._commands.remove(asset_ids)

    def clear_finished(self) -> None:
        """Takes out what is uploaded and no run waits for."""
        self._commands.clear_finished()

    def move(self, asset_ids: Iterable[AssetId], move: Move) -> None:
        """In the order of the queue; rows that are moved together keep their order among each other."""
        self._commands.move(asset_ids, move)

    def place_before(self, asset_ids: Iterable[AssetId], before: AssetId | None) -> None:
        """Puts rows in front of another one; None for the end of the queue."""
        self._commands.place_before(asset_ids, before)

    def undo(self) -> None:
        """Takes back what the user did last to the queue, as ``Undoable`` says."""
        self._history.undo()

    def set_limits(self, limits: TransferLimits) -> None:
        """How much may move at the same time; holds at once, also for transfers under way."""
        self._parts.transfers.limit(limits.upload_rate, limits.download_rate)
        self._uploads.set_slots(limits.upload_slots)

    # Runs

    async def agents(self) -> tuple[Agent, ...]:
        try:
            found = await self._parts.service.list_agents()
        except MosaicError as error:
            self.events.publish(ServiceReached(error.problem))
            raise
        self.events.publish(ServiceReached(None))
        return found

    def run(self, asset_ids: Sequence[AssetId], spec: RunSpec) -> tuple[RunId, ...]:
        """One run per asset; each starts as soon as its upload is confirmed."""
        return self._starter.want(assets_of(self.store, asset_ids), spec)

    def watch(self, run_ids: Collection[RunId] | None) -> None:
        """Whose steps are on the screen; None for all runs."""
        self._tracker.watch(run_ids)

    def start_again(self, run_id: RunId) -> None:
        self._starter.start_again(run_id)

    def adopt(self, run_id: RunId, remote_id: str) -> None:
        self._starter.adopt(run_id, remote_id)

    def drop(self, run_id: RunId) -> None:
        self._starter.drop(run_id)

    def run_again(self, run_id: RunId) -> RunId | None:
        """A second, separately paid run of the same video with the same settings; None if the video is gone."""
        return self._starter.again(run_id)

    def retry_steps(self, run_id: RunId) -> None:
        """Retries every failed step of a failed run (contract: POST /retry-agent-run-node)."""
        self._scope.replace(self._retry_steps(run_id), f"retry steps {run_id}")

    async def _retry_steps(self, run_id: RunId) -> None:
        run = self.store.run(run_id)
        if run is None or run.state is not RunState.FAILED or run.remote_id is None:
            return
        taken, refusal = False, None
        for node in run.graph.nodes:
            if node.state is NodeState.FAILED:
                error = await self._retry_node(node.id)
                # A step that is not failed any more is under way already; a lost answer may have been a yes.
                taken = taken or error is None or error.code == Code.INVALID_STATE or may_have_started(error)
                refusal = error or refusal
        current = self.store.run(run_id)
        if current is None or current.state is not RunState.FAILED:
            return
        if taken:
            self.look_again(run_id)
        elif refusal is not None:
            self.store.put(replace(current, problem=refusal.problem))

    async def _retry_node(self, node_id: str) -> MosaicError | None:
        try:
            await self._parts.service.retry_node(node_id)
        except MosaicError as error:
            return error
        return None

    def look_again(self, run_id: RunId) -> None:
        """Watches a run once more that was given up: it may go on at the service, or have outputs by now."""
        run = self.store.run(run_id)
        if run is not None and run.state is RunState.FAILED and run.remote_id is not None:
            now = self._parts.clock.now()
            began = now - (run.elapsed(now) or 0.0)  # the time in which it stood still does not count
            self.store.put(replace(run, state=RunState.RUNNING, problem=None, started_at=began, finished_at=None))
            self._tracker.begin(run_id)

    def forget_run(self, run_id: RunId) -> None:
        """Takes a run that is over out of the list, with its outputs' rows; files stay on disk."""
        run = self.store.run(run_id)
        if run is None or run.state not in {RunState.FINISHED, RunState.FAILED, RunState.DROPPED}:
            return
        for output in self.store.outputs_of(run_id):
            self._fetcher.cancel(output.id)
            self.store.remove(output.id)
        self.store.remove(run_id)

    # Outputs

    def download_again(self, output_id: OutputId) -> None:
        self._fetcher.again(output_id)

    def cancel_download(self, output_id: OutputId) -> None:
        self._fetcher.cancel(output_id)

    def forget_outputs(self, output_ids: Iterable[OutputId]) -> None:
        """Takes outputs that do not move out of the list; a finished file stays on disk, a partial one does not."""
        for output_id in output_ids:
            output = self.store.output(output_id)
            if output is not None and Action.REMOVE in output_actions(output):
                self._fetcher.cancel(output_id)
                self.store.remove(output_id)

    def outputs_of(self, run_id: RunId) -> tuple[Output, ...]:
        return self.store.outputs_of(run_id)

    # Inside

    def _pump(self) -> None:
        self._uploads.pump()
        self._starter.pump()
        self._fetcher.pump()

    def _on_event(self, event: Event) -> None:
        """Once the service is there again, what waited for it does not wait out its pause."""
        if isinstance(event, ServiceReached):
            back = self._away and event.problem is None
            self._away = event.problem is not None and event.problem.code == Code.UNREACHABLE
            if back:
                self._uploads.hurry()
                self._starter.slot_freed()

    def _run_ended(self) -> None:
        self._starter.slot_freed()
        self._fetcher.pump()

    def _on_task_error(self, name: str, error: BaseException) -> None:
        """A fault of this program: the row it belongs to says so instead of standing still."""
        problem = error.problem if isinstance(error, MosaicError) else MosaicError(Code.UNEXPECTED).problem
        row_id = name.rpartition(" ")[2]
        asset = self.store.asset(AssetId(row_id))
        if asset is not None and asset.state not in {AssetState.READY, AssetState.FAILED}:
            self.store.put(replace(asset, state=AssetState.FAILED, problem=problem))
        run = self.store.run(RunId(row_id))
        if run is not None and run.state is RunState.STARTING:
            self.store.put(replace(run, state=RunState.UNCONFIRMED, problem=problem))
        output = self.store.output(OutputId(row_id))
        if output is not None and output.state in BUSY_OUTPUT_STATES:
            self.store.put(replace(output, state=OutputState.FAILED, problem=problem))
