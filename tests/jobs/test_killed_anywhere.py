"""The process dies at any moment of the whole story: no row is lost, no run is paid twice, no file is wrong."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mosaic_desktop.core.asset import Asset
from mosaic_desktop.core.events import Event, RowChanged, What
from mosaic_desktop.core.output import OutputState
from mosaic_desktop.core.ports import FetchedFile, RemoteFile, RemoteOutput
from mosaic_desktop.core.run import Run, RunSpec, RunState
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.jobs.engine import Engine
from tests.jobs.rig import SPEC, Rig
from tests.support.fakes import FakeService, FakeTransfers, MemoryJournal, Row

BODY = bytes(range(256)) * 8
MOST_MOMENTS = 200


class Reaper:
    """Counts the moments at which the outside world changes; at the one that was chosen everything stands still."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.came = asyncio.Event()

    async def moment(self) -> None:
        if self.left is None:
            return
        if self.left == 0:
            self.came.set()
            await asyncio.Event().wait()
        self.left -= 1


class MortalJournal(MemoryJournal):
    def __init__(self, reaper: Reaper) -> None:
        super().__init__()
        self.reaper = reaper

    async def save(self, rows: tuple[Row, ...]) -> None:
        await self.reaper.moment()
        await super().save(rows)
        await self.reaper.moment()


class MortalService(FakeService):
    reaper: Reaper

    async def finalize_upload(self, video_id: str) -> RemoteFile:
        file = await super().finalize_upload(video_id)
        await self.reaper.moment()
        return file

    async def start_run(self, file_id: str, spec: RunSpec) -> str:
        run_id = await super().start_run(file_id, spec)
        await self.reaper.moment()
        return run_id

    async def run_outputs(self, run_id: str) -> tuple[RemoteOutput, ...]:
        listed = await super().run_outputs(run_id)
        await self.reaper.moment()
        return listed


class MortalTransfers(FakeTransfers):
    reaper: Reaper

    async def get(self, url: Secret, target: Path, size: int | None, *args: Any, **more: Any) -> FetchedFile:
        fetched = await super().get(url, target, size, *args, **more)
        await self.reaper.moment()
        return fetched


class Life:
    """A rig whose process can die; what it showed to the user is written down."""

    def __init__(self, folder: Path) -> None:
        self.reaper = Reaper()
        output = RemoteOutput("out-1", "node-1", Secret("https://storage.invalid/o"), len(BODY), 14.0)
        service = MortalService(outputs=(output,), outcome=True)
        transfers = MortalTransfers(content=BODY)
        service.reaper = transfers.reaper = self.reaper
        transfers.finish.set()
        self.rig = Rig(folder, service=service, transfers=transfers, journal=MortalJournal(self.reaper))
        self.paths = [self.rig.file(f"{name}.mp4") for name in "ab"]
        self.shown: set[str] = set()

    def hear(self, event: Event) -> None:
        if isinstance(event, RowChanged) and not self.reaper.came.is_set():
            (self.shown.discard if event.what is What.REMOVED else self.shown.add)(event.row.id)

    async def until_dead_or(self, moments: int | None, over: Callable[[Engine], bool]) -> bool:
        """Whether it came to the end. When it dies, nothing is ended in order."""
        self.reaper.left = moments
        self.reaper.came = asyncio.Event()
        self.rig.clock = type(self.rig.clock)()
        engine_of = self.rig.engine()
        engine = await engine_of.__aenter__()
        engine.subscribe(self.hear)
        work = asyncio.get_running_loop().create_task(self.wish(engine))
        await self.rig.time_until(lambda: self.reaper.came.is_set() or (work.done() and over(engine)))
        if self.reaper.came.is_set():
            work.cancel()
            await engine._scope.aclose()  # a dead process ends nothing in order and writes nothing more
            return False
        self.reaper.left = None  # what is still to be written is written, without another moment
        await engine_of.__aexit__(None, None, None)
        return True

    async def wish(self, engine: Engine) -> None:
        """What the user wants and does not see yet; and their decision about runs that only they can settle."""
        assets = await engine.add(self.paths)
        has_run = {run.asset_id for run in engine.store.runs()}
        if wanted := [asset_id for asset_id in assets if asset_id not in has_run]:
            engine.run(wanted, SPEC)
        known = {run.remote_id for run in engine.store.runs()}
        unknown = [f"run-{n + 1}" for n in range(len(self.rig.service.started)) if f"run-{n + 1}" not in known]
        for run in tuple(engine.store.runs_in(RunState.UNCONFIRMED)):
            if unknown:
                engine.adopt(run.id, unknown.pop())
            else:
                engine.start_again(run.id)


def everything_came(engine: Engine) -> bool:
    outputs = tuple(engine.store.outputs())
    return len(outputs) == 2 and all(output.state is OutputState.SAVED for output in outputs)


def rows_of(rows: Sequence[Row], kind: type[Row]) -> list[Row]:
    return [row for row in rows if isinstance(row, kind)]


def test_dying_at_any_moment_loses_nothing_and_pays_once(tmp_path: Path) -> None:
    deaths = 0
    for moments in range(MOST_MOMENTS):
        life = Life(tmp_path / str(moments))
        if asyncio.run(life.until_dead_or(moments, everything_came)):
            break
        deaths += 1
        shown = set(life.shown)
        assert shown <= life.rig.journal.rows.keys(), "what was shown is on disk"
        assert asyncio.run(life.until_dead_or(None, everything_came)), f"it did not go on after {moments} moments"
        rows = tuple(life.rig.journal.rows.values())
        assert shown <= {row.id for row in rows}
        assert (len(rows_of(rows, Asset)), len(rows_of(rows, Run))) == (2, 2)
        assert len(life.rig.service.started) == 2, f"paid twice after {moments} moments"
        files = sorted(path.name for path in life.rig.outputs.iterdir())
        assert files == ["a · Audio enhance.mp4", "b · Audio enhance.mp4"]
        assert all(path.read_bytes() == BODY for path in life.rig.outputs.iterdir())
    else:
        raise AssertionError("the story has no end")
    assert deaths > 30
