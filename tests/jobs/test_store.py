"""What reaches the journal, in which order, and what is told of it when."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from mosaic_desktop.core.asset import Asset, AssetId
from mosaic_desktop.core.errors import JournalError
from mosaic_desktop.core.events import Event, Events, RowChanged
from mosaic_desktop.core.output import Output, OutputId
from mosaic_desktop.core.run import Run, RunId, RunSpec, RunState
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.store import Store
from tests.support.fakes import ManualClock, MemoryJournal, Row

RUN = Run(RunId("r"), AssetId("a"), RunSpec(prompt="cut"), state=RunState.COLLECTING)
OUTPUT = Output(OutputId("o"), RunId("r"), "key", "x.mp4", Path("/"))
MANY = 250  # more than reach the journal at once


class SlowJournal(MemoryJournal):
    """Each write waits until `gate` is set; `seen` has what the journal held after it."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.seen: list[dict[str, Row]] = []

    async def save(self, rows: tuple[Row, ...]) -> None:
        await self.gate.wait()
        await super().save(rows)
        self.seen.append(dict(self.rows))


def put_a_run_that_finishes_among_many(store: Store) -> None:
    store.put(RUN)
    for number in range(MANY):
        store.put(Asset(AssetId(str(number)), "clip.mp4", Path(f"/{number}")))
    store.put(OUTPUT)
    store.put(replace(RUN, state=RunState.FINISHED))


def assert_no_finished_run_without_its_outputs(journal: SlowJournal) -> None:
    assert len(journal.seen) > 1
    for rows in journal.seen:
        run = rows.get(RUN.id)
        assert not isinstance(run, Run) or run.state is not RunState.FINISHED or OUTPUT.id in rows


def test_a_finished_run_is_never_written_before_its_outputs() -> None:
    async def story() -> None:
        journal, scope = SlowJournal(), TaskScope("test")
        store = Store(journal, Events(), scope, ManualClock())
        put_a_run_that_finishes_among_many(store)
        journal.gate.set()
        await store.saved()
        await scope.aclose()
        assert_no_finished_run_without_its_outputs(journal)

    asyncio.run(story())


@pytest.mark.expect_log("the journal was not written")
def test_nor_where_a_write_fails_under_it() -> None:
    async def story() -> None:
        journal, scope = SlowJournal(), TaskScope("test")
        store = Store(journal, Events(), scope, ManualClock())
        store.put(RUN)
        await asyncio.sleep(0)  # the row is being written
        put_a_run_that_finishes_among_many(store)
        journal.broken = True
        journal.gate.set()
        with pytest.raises(JournalError):
            await store.saved()
        journal.broken = False
        await store.saved()
        await scope.aclose()
        assert_no_finished_run_without_its_outputs(journal)

    asyncio.run(story())


def test_what_changes_during_a_write_is_told_after_its_own() -> None:
    async def story() -> None:
        journal, scope, events = SlowJournal(), TaskScope("test"), Events()
        store = Store(journal, events, scope, ManualClock())
        heard: list[tuple[RunState, RunState]] = []

        def hear(event: Event) -> None:
            kept = journal.rows[RUN.id]
            if isinstance(event, RowChanged) and isinstance(event.row, Run) and isinstance(kept, Run):
                heard.append((event.row.state, kept.state))

        events.subscribe(hear)
        store.put(RUN)
        await asyncio.sleep(0)  # the row is being written
        store.put(replace(RUN, state=RunState.FINISHED))
        journal.gate.set()
        await store.saved()
        await scope.aclose()
        assert heard == [(RunState.COLLECTING, RunState.COLLECTING), (RunState.FINISHED, RunState.FINISHED)]

    asyncio.run(story())
