"""Rows and models for tests, without an engine: events are published by hand."""

from pathlib import Path

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.events import Events, Row, RowChanged, What
from mosaic_desktop.core.output import Output, OutputId
from mosaic_desktop.core.run import Run, RunId, RunSpec
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.store import Store
from tests.support.fakes import ManualClock, MemoryJournal

SPEC = RunSpec(agent_id="reframe", agent_name="Reframe")


class Board:
    """A store and its events, as an engine has them."""

    def __init__(self, *rows: Row) -> None:
        self.events = Events()
        self.store = Store(MemoryJournal(), self.events, TaskScope("test"), ManualClock())
        for row in rows:
            self.publish(What.ADDED, row)

    def publish(self, what: What, row: Row) -> None:
        """Changes the row in the store, then tells everyone, as the engine does."""
        self.store._keep(row)
        self.events.publish(RowChanged(what, row))


def asset(name: str, size: int = 5_000_000, state: AssetState = AssetState.READY, **more: object) -> Asset:
    path = Path("/videos") / name
    return Asset(AssetId(name), name, path=path, size=size, state=state, **more)  # type: ignore[arg-type]


def run(number: int, **more: object) -> Run:
    return Run(RunId(f"run-{number}"), AssetId("a.mp4"), SPEC, asset_name="a.mp4", **more)  # type: ignore[arg-type]


def output(number: int, **more: object) -> Output:
    name = f"a · Reframe {number}.mp4"
    return Output(OutputId(f"out-{number}"), RunId("run-1"), "key", name, Path("/out"), **more)  # type: ignore[arg-type]
