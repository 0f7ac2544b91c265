"""One video's way through the real parts: engine, journal on disk, API layer and transfers, against a small Mosaic.

Only the clock runs faster, and the film is not looked into.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

from mosaic_desktop.api.client import ClassicMosaic
from mosaic_desktop.api.exchange import Timeouts
from mosaic_desktop.core.asset import Asset, AssetState
from mosaic_desktop.core.events import Event, Refused, RowChanged, ServiceReached
from mosaic_desktop.core.output import Output, OutputState
from mosaic_desktop.core.ports import SecretStore
from mosaic_desktop.core.retry import RetryPolicy
from mosaic_desktop.core.run import Run, RunSpec, RunState
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.sentences import UNCONFIRMED, sentence
from mosaic_desktop.core.video import MediaInfo
from mosaic_desktop.jobs.engine import Engine
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.journal import SqliteJournal
from mosaic_desktop.transfers.curl import CurlTransfers
from mosaic_desktop.transfers.exchange import Settings
from tests.faults.mini_mosaic import MiniMosaic
from tests.faults.state import Fault
from tests.faults.talk import AGENT
from tests.support.fakes import FakeProbe
from tests.support.waiting import PATIENCE, until_async

VIDEO = bytes(range(256)) * 4096  # 1 MiB
RENDERED = bytes(reversed(VIDEO)) + b"end"
SPEC = RunSpec(agent_id=AGENT["id"], agent_name=AGENT["name"])
_FASTER = 50.0


class QuickClock:
    """``jump`` seconds are added to the wall clock, as a sleeping computer or somebody who sets it does."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self.jump = 0.0

    def now(self) -> float:
        return 1_700_000_000.0 + self.monotonic() + self.jump

    def monotonic(self) -> float:
        return (time.monotonic() - self._began) * _FASTER

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / _FASTER)


@dataclass
class Story:
    """``said``: every sentence that a row or the status line showed, in order. ``base_url``: where the app looks."""

    folder: Path
    mosaic: MiniMosaic
    base_url: str = ""
    rendered: bytes = RENDERED
    said: list[str] = field(default_factory=list)
    clock: QuickClock = field(default_factory=QuickClock)
    links: SecretStore | None = None
    engine: Engine | None = None
    database: SqliteDatabase | None = None

    def __post_init__(self) -> None:
        self.base_url = self.base_url or self.mosaic.base_url
        self.source.write_bytes(VIDEO)

    @property
    def source(self) -> Path:
        return self.folder / "talk.mp4"

    @property
    def outputs(self) -> Path:
        return self.folder / "outputs"

    @property
    def target(self) -> Path:
        return self.outputs / "talk · Copy.mp4"

    @property
    def journal(self) -> Path:
        return self.folder / "journal.db"

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Engine]:
        """The application from its start to its end; may be opened again."""
        self.database = database = SqliteDatabase(self.journal)
        await database.open()
        service = ClassicMosaic(
            self.base_url,
            Secret("mk_test_0123456789abcdef"),
            timeouts=Timeouts(connect=1, read=0.5, write=1, start=1.8, total=2),
        )
        transfers = CurlTransfers(settings=Settings(connect=1, stall=0.7, answer=0.7))
        self.engine = Engine(
            EngineParts(
                service=service,
                journal=SqliteJournal(database, "account"),
                transfers=transfers,
                probe=FakeProbe(MediaInfo(self.mosaic.seconds, 1920, 1080, "h264", "aac", 25.0)),
                clock=self.clock,
                thumbnails=self.folder,
                output_folder=lambda: self.outputs,
                links=self.links,
                retry=RetryPolicy(patient=True),
            )
        )
        self.engine.subscribe(self._hear)
        try:
            await self.engine.start()
            yield self.engine
        finally:
            await self.engine.stop()
            await transfers.aclose()
            await service.aclose()
            await database.aclose()

    async def begin(self) -> None:
        """The user adds the video and runs the agent on it."""
        assert self.engine is not None
        added = await self.engine.add([self.source])
        self.engine.run(added, SPEC)

    async def send_again(self) -> None:
        """The user goes on with the upload, and all comes well."""
        assert self.engine is not None
        self.engine.resume([self.asset.id])
        await self.until(lambda: self.saved)

    async def fetch_again(self) -> None:
        """The user downloads the output again, and all comes well."""
        assert self.engine is not None
        assert self.output is not None
        self.engine.download_again(self.output.id)
        await self.until(lambda: self.saved)

    async def pass_time(self, seconds: float) -> None:
        """On the faster clock."""
        end = self.clock.monotonic() + seconds
        await self.until(lambda: self.clock.monotonic() > end)

    async def lock_journal(self, locked: bool) -> None:
        """While it is locked, SQLite refuses every write."""
        assert self.database is not None
        await self.database.run(lambda sql: sql.set_authorizer(_refuse_writing if locked else None))

    # What there is now

    @property
    def asset(self) -> Asset:
        assert self.engine is not None
        (asset,) = self.engine.store.assets()
        return asset

    @property
    def run(self) -> Run:
        assert self.engine is not None
        (run,) = self.engine.store.runs()
        return run

    @property
    def output(self) -> Output | None:
        assert self.engine is not None
        return next(self.engine.store.outputs(), None)

    @property
    def saved(self) -> bool:
        return (output := self.output) is not None and output.state is OutputState.SAVED

    @property
    def waits(self) -> bool:
        """The output waits for its next try."""
        return (output := self.output) is not None and output.state is OutputState.WAITING

    @property
    def stuck(self) -> bool:
        """Nothing goes on without the user."""
        output = self.output
        return (
            self.asset.state is AssetState.FAILED
            or self.run.state in {RunState.UNCONFIRMED, RunState.FAILED}
            or (output is not None and output.state is OutputState.FAILED)
        )

    async def until(self, condition: Callable[[], object], timeout: float = PATIENCE) -> None:
        try:
            await until_async(condition, timeout)
        except AssertionError as error:
            raise AssertionError(f"{self.asset}\n{self.run}\n{self.output}\n{self.said}\n{self.mosaic.log}") from error

    async def reads(self, text: str) -> None:
        """Waits until the user has read a sentence with ``text`` in it."""
        await self.until(lambda: any(text in said for said in self.said))

    def kept_rows(self) -> tuple[int, int, int]:
        """Assets, runs and outputs in the journal, once the application has ended."""
        with closing(sqlite3.connect(self.journal)) as sql:
            assets, runs, outputs = (
                sql.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("assets", "runs", "outputs")
            )
        return assets, runs, outputs

    def _hear(self, event: Event) -> None:
        match event:
            case RowChanged(row=Run(state=RunState.UNCONFIRMED)):
                self._say(UNCONFIRMED)
            case RowChanged(row=row) if row.problem is not None:
                self._say(sentence(row.problem))
            case ServiceReached(problem=problem) if problem is not None:
                self._say(sentence(problem))
            case Refused(problem=problem):
                self._say(sentence(problem))
            case _:
                pass

    def _say(self, text: str) -> None:
        if text not in self.said:
            self.said.append(text)


async def lives_through(folder: Path, fault: Fault, says: str, *, sessions: bool = False) -> None:
    """One fault on the way, after which all goes well without the user, who has read ``says`` in between."""
    with MiniMosaic(RENDERED, faults=[fault], sessions=sessions) as mosaic:
        story = Story(folder, mosaic)
        async with story.open():
            await story.begin()
            await story.until(lambda: story.saved or story.stuck)
            assert story.saved, (story.said, story.asset, story.run, story.output)
        assert_all_well(story)
        assert not says or any(says in text for text in story.said), story.said


def _refuse_writing(action: int, *_what: str | None) -> int:
    writes = {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE}
    return sqlite3.SQLITE_DENY if action in writes else sqlite3.SQLITE_OK


def assert_all_well(story: Story) -> None:
    """One row of each kind, one run paid, the right bytes under the right name and nothing beside it."""
    assert story.kept_rows() == (1, 1, 1)
    assert story.mosaic.starts_of("talk.mp4") == 1
    assert [path.name for path in story.outputs.iterdir()] == [story.target.name]
    assert story.target.read_bytes() == story.rendered
    assert story.source.read_bytes() == VIDEO
    assert not story.mosaic.tainted
    assert not story.mosaic.faults
