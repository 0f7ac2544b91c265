"""The engine: the one thing that window and command line talk to.

Free of Qt. Lives on the event-loop thread. Commands are plain calls that return at once; what they lead to is heard
through ``events`` and read from ``store``.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from mosaic_desktop.core.actions import Move
from mosaic_desktop.core.activity import Activity, activity
from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.asset import AssetId, AssetState
from mosaic_desktop.core.errors import Code, MosaicError
from mosaic_desktop.core.events import Event, Events, LimitsChanged, ServiceReached, SpendingHeld
from mosaic_desktop.core.output import BUSY_OUTPUT_STATES, Output, OutputId, OutputState
from mosaic_desktop.core.pace import TransferLimits
from mosaic_desktop.core.run import GOING_RUN_STATES, RunId, RunSpec, RunState
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.asset_commands import AssetCommands
from mosaic_desktop.jobs.decisions import RunDecisions
from mosaic_desktop.jobs.failed_runs import FailedRuns
from mosaic_desktop.jobs.history import History
from mosaic_desktop.jobs.intake import Intake
from mosaic_desktop.jobs.key import KeyGate
from mosaic_desktop.jobs.looking import RunLook
from mosaic_desktop.jobs.output_commands import OutputCommands
from mosaic_desktop.jobs.outputs import OutputFetcher
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.reasons import Reasons
from mosaic_desktop.jobs.recovery import portions, recover
from mosaic_desktop.jobs.resuming import Resuming
from mosaic_desktop.jobs.runs import RunStarter
from mosaic_desktop.jobs.spending import Spending
from mosaic_desktop.jobs.store import Store
from mosaic_desktop.jobs.tracker import RunTracker
from mosaic_desktop.jobs.turns import ROWS_A_TURN, Turns
from mosaic_desktop.jobs.uploads import UploadQueue
from mosaic_desktop.jobs.waking import SleepWatch

log = logging.getLogger(__name__)


class Engine:
    """One profile's work. ``start`` before anything else; ``stop`` ends it in order."""

    def __init__(self, parts: EngineParts) -> None:
        self.events = Events()
        self.limits = parts.limits
        self._parts = parts
        self._scope = TaskScope("engine", self._on_task_error)
        self.store = Store(parts.journal, self.events, self._scope, parts.clock)
        self._intake = Intake(parts, self.store, self.events, self._scope, self._pump)
        self._uploads = UploadQueue(parts, self.store, self.events, self._scope, self._pump)
        reasons = Reasons(self.store, self._scope)
        self._key = KeyGate(parts, self.events, self._scope, reasons, self._go_on)
        self._spending = Spending(self.store, self.events, reasons, self._spend_again)
        self._tracker = RunTracker(
            parts,
            self.store,
            self.events,
            self._scope,
            self._key,
            RunLook(parts, self.store, self._run_ended),
            lambda: self._starter.waits_for_slot,
        )
        self._starter = RunStarter(
            parts,
            self.store,
            self.events,
            self._scope,
            self._spending,
            self._key,
            self._tracker.poke,
            self._uploads.pump,
        )
        self._decisions = RunDecisions(parts, self.store, self._spending, self._pump, self._tracker.poke)
        self._failed = FailedRuns(parts, self.store, self.events, self._scope, self._spending, self._tracker.begin)
        self._fetcher = OutputFetcher(parts, self.store, self.events, self._scope, self._key)
        self._sleep_watch = SleepWatch(parts.clock, self._scope, self._woke)
        self._turns = Turns(self._scope)
        self._download_turns = Turns(self._scope)
        self._history = History(self.events, self._scope, self._turns)
        self._resuming = Resuming(
            self.store, self._uploads.anew, self._intake.look_into, self._pump, self._decisions.want_with
        )
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
        self._downloads = OutputCommands(self.store, self._fetcher, self._download_turns)
        self._away = False
        self.events.subscribe(self._on_event)

    # Life

    async def start(self) -> None:
        """Takes up every unfinished row. Raises JournalError."""
        recorded = await asyncio.to_thread(recover, await self._parts.journal.load())
        for portion in portions(recorded, ROWS_A_TURN):
            self.store.fill(portion)
            await asyncio.sleep(0)
        self.set_limits(self._parts.limits)
        self._spending.take_up()
        self._fetcher.take_up()
        self._tracker.start()
        self._sleep_watch.start()
        for asset in self.store.assets_in(AssetState.PROBING):
            self._intake.look_into(asset.id)
        self._pump()

    async def stop(self) -> None:
        """Ends all work so that the next start goes on with it: an answer to a paid call is awaited for a little."""
        self._turns.finish()
        self._download_turns.finish()
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
            self.store.runs_in(*GOING_RUN_STATES),
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

    @property
    def has_finished(self) -> bool:
        """Whether ``clear_finished`` would take anything out."""
        return next(self._commands.finished(), None) is not None

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
        self._fetcher.set_slots(limits.download_slots)
        self.limits = limits
        self.events.publish(LimitsChanged(limits))

    def set_in_front(self, in_front: bool) -> None:
        """Whether the user may be looking; behind other windows, runs are looked at less often."""
        self._tracker.set_in_front(in_front)

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
        return self._decisions.want(asset_ids, spec)

    @property
    def spending_held(self) -> SpendingHeld:
        """Whether runs wait for credits, as the event of that name said last."""
        return self._spending.held

    def continue_spending(self) -> None:
        """The user topped up, or wants to try: everything that waits for credits goes on."""
        self._spending.go_on()

    def watch(self, run_ids: Collection[RunId] | None) -> None:
        """Whose steps are on the screen; None for all runs."""
        self._tracker.watch(run_ids)

    def hear_of(self, remote_id: str) -> bool:
        """A verified webhook delivery says that the run of this id ended, as the service calls it. A hint: the service
        is asked for the run at once, and only its answer changes anything. Returns whether the run is known.
        """
        return self._tracker.hear_of(remote_id)

    def expects(self, remote_id: str) -> bool:
        """Whether a run of this id goes on of whose end no delivery has told."""
        return self._tracker.expects(remote_id)

    def start_again(self, run_id: RunId) -> None:
        self._decisions.start_again(run_id)

    def adopt(self, run_id: RunId, remote_id: str) -> None:
        self._decisions.adopt(run_id, remote_id)

    def drop(self, run_id: RunId) -> None:
        self._decisions.drop(run_id)

    def run_again(self, run_id: RunId) -> RunId | None:
        """A second, separately paid run of the same video with the same settings; None if the video is gone."""
        return self._decisions.again(run_id)

    def retry_steps(self, run_id: RunId) -> None:
        """Retries every failed step of a failed run (contract: POST /retry-agent-run-node)."""
        self._failed.retry_steps(run_id)

    def look_again(self, run_id: RunId) -> None:
        """Watches a run once more that was given up: it may go on at the service, or have outputs by now."""
        self._failed.look_again(run_id)

    def forget_run(self, run_id: RunId) -> None:
        """Takes a run that is over out of the list, with its outputs' rows; files stay on disk."""
        run = self.store.run(run_id)
        if run is None or run.state not in {RunState.FINISHED, RunState.FAILED, RunState.DROPPED}:
            return
        for output in self.store.outputs_of(run_id):
            self._fetcher.cancel(output.id)
            self.store.remove(output.id)
        self.store.remove(run_id)
        self._spending.let_go_if_unwanted()

    # Outputs

    def pause_download(self, output_ids: Iterable[OutputId]) -> None:
        """What has come is kept."""
        self._downloads.pause(output_ids)

    def pause_all_downloads(self) -> None:
        self._downloads.pause_all()

    def resume_download(self, output_ids: Iterable[OutputId]) -> None:
        """Goes on with paused and failed downloads behind what has come."""
        self._downloads.resume(output_ids)

    def resume_all_downloads(self) -> None:
        self._downloads.resume_all()

    def retry_failed_downloads(self) -> None:
        self._downloads.retry_failed()

    def download_again(self, output_id: OutputId) -> None:
        """From the beginning, into the folder of today, beside what is there."""
        self._downloads.again(output_id)

    def cancel_download(self, output_id: OutputId) -> None:
        """What has come is thrown away."""
        self._downloads.cancel(output_id)

    def forget_outputs(self, output_ids: Iterable[OutputId]) -> None:
        """Takes outputs that do not move out of the list; a finished file stays on disk, a partial one does not."""
        self._downloads.forget(output_ids)

    def clear_saved(self) -> None:
        """Takes every saved output out of the list; the files stay on disk."""
        self._downloads.clear_saved()

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
                self._go_on()

    def _go_on(self) -> None:
        """What waited for the service, for a key or for its next try does not wait any longer."""
        self._uploads.hurry()
        self._starter.hurry()
        self._fetcher.hurry()
        self._tracker.look_now()

    def _woke(self) -> None:
        self._key.ask_now()
        self._go_on()

    def _spend_again(self) -> None:
        for run in self._spending.retries():
            self._failed.retry_steps(run.id)
        self._starter.pump()

    def _run_ended(self) -> None:
        self._starter.pump()
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
