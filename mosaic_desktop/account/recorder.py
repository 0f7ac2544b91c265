"""Follows the runs that the engine tells of, and writes down what each of them cost once it can be told."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from mosaic_desktop.account.costs import LONGEST_GAP, Stretch, around, measured
from mosaic_desktop.core.account import BalanceReading, RunCost
from mosaic_desktop.core.account_ports import Ledger
from mosaic_desktop.core.asset import AssetId
from mosaic_desktop.core.errors import JournalError
from mosaic_desktop.core.events import Event, RowChanged, What
from mosaic_desktop.core.ports import Clock
from mosaic_desktop.core.run import Run, RunState

_KEPT_SECONDS = 2 * LONGEST_GAP
log = logging.getLogger(__name__)


class CostRecorder:
    """``seconds_of``: the length of an asset's video, where known."""

    def __init__(self, ledger: Ledger, clock: Clock, seconds_of: Callable[[AssetId], float | None]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._seconds_of = seconds_of
        self._stretches: dict[str, Stretch] = {}
        self._open: set[str] = set()  # runs whose cost is not written down yet
        self._starting: set[str] = set()

    @property
    def is_starting(self) -> bool:
        """Whether the start of a run is under way, so that a reading may be from before or after it."""
        return bool(self._starting)

    def take_over(self, runs: Iterable[Run], costs: Iterable[RunCost]) -> None:
        """At start: runs that the engine has already, and what was written down of them."""
        written = {cost.run_id: cost.at for cost in costs}
        oldest = self._clock.now() - _KEPT_SECONDS
        for run in runs:
            if run.state is RunState.STARTING:
                self._follow(run)
            stretch = self._restored(run)
            if stretch is None or run.id in self._stretches:
                continue
            if stretch.ended is not None and stretch.ended < oldest:
                continue
            self._stretches[run.id] = stretch
            if not stretch.is_measurable:
                continue
            if stretch.ended is None or written.get(run.id, 0.0) < stretch.ended:
                self._open.add(run.id)

    def hear(self, event: Event) -> bool:
        """Whether a run began or ended with this, so that a reading under way says nothing certain."""
        match event:
            case RowChanged(what=What.STATE | What.ADDED, row=Run() as run):
                return self._follow(run)
            case RowChanged(what=What.REMOVED, row=Run() as run):
                self._starting.discard(run.id)
                self._give_up(run.id)
        return False

    async def settle(self, readings: Sequence[BalanceReading]) -> tuple[RunCost, ...]:
        """Writes down every cost that ``readings`` (oldest first) tell by now, and returns them. What cannot be written
        is tried again with the next reading.
        """
        found: list[RunCost] = []
        for run_id in tuple(self._open):
            stretch = self._stretches.get(run_id)
            if stretch is None:
                continue
            cost = measured(stretch, self._stretches.values(), readings)
            if cost is not None:
                try:
                    await self._ledger.add_cost(cost)
                except JournalError as error:
                    log.warning("the cost of a run was not written down: %s", error)
                    continue
                found.append(cost)
            is_settled = cost is not None or around(stretch, readings) or self._is_too_old(stretch)
            if is_settled and self._stretches.get(run_id) is stretch:  # it may have gone on meanwhile
                self._open.discard(run_id)
        self._forget_old()
        return tuple(found)

    # Inside

    def _follow(self, run: Run) -> bool:
        known = self._stretches.get(run.id)
        was_starting = run.id in self._starting
        self._starting.discard(run.id)
        match run.state:
            case RunState.STARTING:
                self._starting.add(run.id)
                self._put(Stretch(run.id, run.spec.title, self._seconds_of(run.asset_id), self._clock.now()))
                return True
            case RunState.RUNNING:
                going = replace(known, ended=None, is_failed=False, is_measurable=True) if known else _going(run)
                self._put(replace(going, seconds=going.seconds or self._seconds_of(run.asset_id)))
                return was_starting or known is None or known.ended is not None
            case RunState.FINISHED | RunState.FAILED if known is not None and known.ended is None:
                if run.remote_id is None:  # it never began
                    self._drop(run.id)
                else:
                    ended = run.finished_at or self._clock.now()
                    self._put(replace(known, ended=ended, is_failed=run.state is RunState.FAILED))
                return True
            case RunState.UNCONFIRMED if known is not None:
                self._put(replace(known, ended=self._clock.now(), is_measurable=False))
                return True
            case RunState.WAITING if known is not None and known.ended is None:
                self._drop(run.id)
        return was_starting

    def _restored(self, run: Run) -> Stretch | None:
        seconds = self._seconds_of(run.asset_id)
        if run.state is RunState.UNCONFIRMED:  # begun at some time since it was wanted
            return Stretch(run.id, run.spec.title, seconds, run.created_at, self._clock.now(), is_measurable=False)
        if run.remote_id is None or run.started_at is None:
            return None
        ended = run.finished_at if run.state in (RunState.FINISHED, RunState.FAILED) else None
        return replace(_going(run), seconds=seconds, ended=ended, is_failed=run.state is RunState.FAILED)

    def _put(self, stretch: Stretch) -> None:
        self._stretches[stretch.run_id] = stretch
        if stretch.is_measurable:
            self._open.add(stretch.run_id)
        else:
            self._open.discard(stretch.run_id)

    def _drop(self, run_id: str) -> None:
        self._stretches.pop(run_id, None)
        self._open.discard(run_id)

    def _give_up(self, run_id: str) -> None:
        """Nobody will tell when it ends."""
        known = self._stretches.get(run_id)
        if known is not None and known.ended is None:
            self._put(replace(known, ended=self._clock.now(), is_measurable=False))

    def _is_too_old(self, stretch: Stretch) -> bool:
        return stretch.ended is not None and self._clock.now() - stretch.ended > LONGEST_GAP

    def _forget_old(self) -> None:
        oldest = self._clock.now() - _KEPT_SECONDS
        gone = [id for id, one in self._stretches.items() if one.ended is not None and one.ended < oldest]
        for run_id in gone:
            self._drop(run_id)


def _going(run: Run) -> Stretch:
    return Stretch(run.id, run.spec.title, None, run.started_at or run.created_at)
