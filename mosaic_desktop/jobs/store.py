"""The engine's memory: the current snapshot of every row, written to the journal and then published.

Lives on the event-loop thread; only the engine's parts write to it. ``put`` returns at once; a step that is about to
touch the network first awaits ``saved``. What the user sees is on disk: a change is published once it is durable.
"""

import asyncio
import logging
from collections.abc import Container, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from mosaic_desktop.core.asset import ASSET_TRANSITIONS, Asset, AssetId, AssetState
from mosaic_desktop.core.errors import JournalError
from mosaic_desktop.core.events import Events, Row, RowChanged, What
from mosaic_desktop.core.output import OUTPUT_TRANSITIONS, Output, OutputId, OutputState
from mosaic_desktop.core.ports import Clock, Journal, Recorded
from mosaic_desktop.core.run import RUN_TRANSITIONS, Run, RunId, RunState
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.rows import Rows

_SECONDS_TO_NEXT_WRITE = 5.0
_ROWS_A_WRITE = 100
R = TypeVar("R", Asset, Run, Output)
log = logging.getLogger(__name__)


def check_transition(old: Row, new: Row) -> None:
    """Raises IllegalTransition where ``new`` may not follow ``old``."""
    match old, new:
        case Asset(), Asset():
            ASSET_TRANSITIONS.check(old.state, new.state)
        case Run(), Run():
            RUN_TRANSITIONS.check(old.state, new.state)
        case Output(), Output():
            OUTPUT_TRANSITIONS.check(old.state, new.state)
        case _:
            raise TypeError(f"{type(new).__name__} in place of {type(old).__name__}")


class Store:
    """Rows by id, in the order in which they came."""

    def __init__(self, journal: Journal, events: Events, scope: TaskScope, clock: Clock) -> None:
        self._journal = journal
        self._events = events
        self._scope = scope
        self._clock = clock
        self._writer_runs = False
        self._failing = False
        self._rows = Rows()
        self._last_position = 0.0
        self._unsaved: dict[str, Row | None] = {}
        self._unpublished: list[RowChanged] = []
        self._writing = asyncio.Lock()

    # Reading

    def asset(self, asset_id: AssetId) -> Asset | None:
        return self._get(asset_id, Asset)

    def run(self, run_id: RunId) -> Run | None:
        return self._get(run_id, Run)

    def output(self, output_id: OutputId) -> Output | None:
        return self._get(output_id, Output)

    def assets(self) -> Iterator[Asset]:
        """In queue order."""
        return self._rows.queue()

    def runs(self) -> Iterator[Run]:
        return self._rows.of_kind(Run)

    def outputs(self) -> Iterator[Output]:
        return self._rows.of_kind(Output)

    def assets_in(self, *states: AssetState) -> list[Asset]:
        """In queue order."""
        return list(self._rows.queue(*states))

    def queue_of(self, state: AssetState) -> Iterator[Asset]:
        """Like ``assets_in``, for whoever needs the first few of many. Rows may change meanwhile."""
        return self._rows.queue(state)

    def runs_in(self, *states: RunState) -> Iterator[Run]:
        return self._rows.in_states(Run, *states)

    def runs_called(self, remote_id: str) -> tuple[Run, ...]:
        """By the service's id; several where the user entered one id more than once."""
        return self._rows.of_remote(remote_id)

    def stranded_runs(self) -> list[Run]:
        """Waiting runs that became hopeless since this was asked last: their videos are gone or will not be sent."""
        return self._rows.waiting.stranded()

    def next_run(self) -> Run | None:
        """The waiting run that was wanted first among those whose video was sent. Ask ``stranded_runs`` before."""
        return self._rows.waiting.first()

    def outputs_in(self, *states: OutputState) -> Iterator[Output]:
        return self._rows.in_states(Output, *states)

    def asset_from(self, source: Path | str) -> Asset | None:
        """The latest asset of a path, or of a link by its file id."""
        return self._rows.from_source(source)

    def next_position(self) -> float:
        """The sort key of a row at the end of the queue."""
        return self._last_position + 1

    def outputs_of(self, run_id: RunId) -> tuple[Output, ...]:
        return self._rows.of_run(run_id)

    # Writing

    def fill(self, recorded: Recorded) -> None:
        """Takes over what the journal held, at start-up, before anybody listens. May be done in portions."""
        rows: tuple[Row, ...] = (*recorded.assets, *recorded.runs, *recorded.outputs)
        for row in rows:
            self._keep(row)

    def put(self, row: R) -> R:
        """Adds or replaces a row, writes it down soon and then publishes it. Raises IllegalTransition."""
        old = self._rows.get(row.id)
        if old is not None:
            check_transition(old, row)
        self._change(row, What.ADDED if old is None else What.STATE)
        return row

    def show_progress(self, row: Row) -> None:
        """Replaces and publishes numbers that change all the time and need not survive."""
        current = self._replaced(row)
        if not self._unpublished:  # what was put before is heard before; the row then carries these numbers too
            self._events.publish(RowChanged(What.PROGRESS, current))

    def remove(self, row_id: AssetId | RunId | OutputId) -> None:
        if (row := self._rows.take_out(row_id)) is not None:
            self._unsaved[row_id] = None
            self._announce(RowChanged(What.REMOVED, row))
            self._write_soon()

    async def saved(self) -> None:
        """Returns when everything put so far is durable. Raises JournalError; what failed is kept for the next try."""
        async with self._writing:
            while self._unsaved:
                # Few enough that the event loop is not held up by those who hear of them.
                batch = {row_id: self._unsaved.pop(row_id) for row_id in tuple(islice(self._unsaved, _ROWS_A_WRITE))}
                changes = self._take_unpublished(batch)
                try:
                    await self._write(batch)
                    self._failing = False
                except BaseException as error:
                    missed = {row_id: row for row_id, row in batch.items() if row_id not in self._unsaved}
                    self._unsaved = missed | self._unsaved
                    self._failing = isinstance(error, JournalError)
                    raise
                finally:
                    if self._failing:
                        changes += self._take_unpublished(None)
                    for change in changes:
                        self._events.publish(change)

    # Inside

    def _get(self, row_id: str, kind: type[R]) -> R | None:
        row = self._rows.get(row_id)
        return row if isinstance(row, kind) else None

    def _change(self, row: Row, what: What) -> None:
        current = self._replaced(row)
        self._unsaved.pop(row.id, None)  # behind all that was put before it, which is written no later
        self._unsaved[row.id] = current
        self._announce(RowChanged(what, current))
        self._write_soon()

    def _announce(self, change: RowChanged) -> None:
        """After the write; at once while the journal fails, which must not hide what happens."""
        if self._failing:
            self._events.publish(change)
        else:
            self._unpublished.append(change)

    def _take_unpublished(self, batch: Container[str] | None) -> list[RowChanged]:
        """Changes so far of the rows in ``batch``, None for all. What is changed while they are written comes later."""
        taken = [change for change in self._unpublished if batch is None or change.row.id in batch]
        self._unpublished = [change for change in self._unpublished if batch is not None and change.row.id not in batch]
        return taken

    def _replaced(self, row: Row) -> Row:
        old = self._rows.get(row.id)
        current = replace(row, revision=old.revision + 1 if old else 0)
        self._keep(current)
        return current

    def _keep(self, row: Row) -> None:
        self._rows.keep(row)
        if isinstance(row, Asset):
            self._last_position = max(self._last_position, row.position)

    async def _write(self, batch: dict[str, Row | None]) -> None:
        rows = tuple(row for row in batch.values() if row is not None)
        gone = tuple(row_id for row_id, row in batch.items() if row is None)
        if rows:
            await self._journal.save(rows)
        if gone:
            await self._journal.delete(tuple(AssetId(row_id) for row_id in gone))

    def _write_soon(self) -> None:
        if not self._writer_runs and not self._scope.closed:
            self._writer_runs = True
            self._scope.start(self._write_in_background(), "journal")

    async def _write_in_background(self) -> None:
        """Until everything is written: a disk that is full or locked for a while loses nothing."""
        try:
            while self._unsaved:
                try:
                    await self.saved()
                except JournalError as error:
                    log.warning("the journal was not written: %s", error)
                    await self._clock.sleep(_SECONDS_TO_NEXT_WRITE)
        finally:
            self._writer_runs = False
