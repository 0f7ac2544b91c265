"""Small real stand-ins for the ports, for tests of whoever uses them: a service in memory, transfers that move nothing,
a journal that forgets at the end, a probe that believes everything, and a clock that is turned by hand.
"""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.asset import Asset, AssetId
from mosaic_desktop.core.content import KnownContent
from mosaic_desktop.core.errors import Code, JournalError, LocalFileError, MosaicError
from mosaic_desktop.core.output import Output, OutputId
from mosaic_desktop.core.ports import (
    FetchedFile,
    Kept,
    Partial,
    Progress,
    Recorded,
    RemoteFile,
    RemoteOutput,
    RunStatus,
    SentFile,
    Settings,
    UploadTicket,
)
from mosaic_desktop.core.run import Graph, Run, RunId, RunSpec
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.video import MediaInfo

Row = Asset | Run | Output


class ManualClock:
    """Stands still until `advance`; sleepers wake when their time has come."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self._start = now
        self._passed = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self._start + self._passed

    def monotonic(self) -> float:
        return self._passed

    async def sleep(self, seconds: float) -> None:
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._passed + seconds, waiting))
        await waiting

    def advance(self, seconds: float) -> None:
        self._passed += seconds
        due = [waiting for until, waiting in self._sleepers if until <= self._passed]
        self._sleepers = [(until, waiting) for until, waiting in self._sleepers if until > self._passed]
        for waiting in due:
            if not waiting.done():
                waiting.set_result(None)


@dataclass
class FakeService:
    """A Mosaic in memory. Runs go on until `outcome` says otherwise.

    Put errors into `errors` by method name; each is raised once, in order. `started` has every accepted run.
    """

    agents: tuple[Agent, ...] = ()
    outcome: bool | None = None
    outputs: tuple[RemoteOutput, ...] = ()
    errors: dict[str, list[MosaicError]] = field(default_factory=dict)
    started: list[tuple[str, RunSpec]] = field(default_factory=list)
    finalized: list[str] = field(default_factory=list)
    retried: list[str] = field(default_factory=list)
    hold: dict[str, asyncio.Event] = field(default_factory=dict)
    graph: Graph | None = None
    status: RunStatus | None = None
    looks: int = 0
    listings: int = 0
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def request_upload(self, name: str, size: int, content_type: str) -> UploadTicket:
        await self._answer("request_upload")
        number = next(self._numbers)
        return UploadTicket(Secret(f"https://storage.invalid/{number}?X-Goog-Signature=secret"), f"video-{number}")

    async def finalize_upload(self, video_id: str) -> RemoteFile:
        await self._answer("finalize_upload")
        self.finalized.append(video_id)
        return RemoteFile(f"file-of-{video_id}", video_id)

    async def list_agents(self, limit: int | None = None) -> tuple[Agent, ...]:
        await self._answer("list_agents")
        return self.agents[:limit]

    async def start_run(self, file_id: str, spec: RunSpec) -> str:
        await self._answer("start_run")
        self.started.append((file_id, spec))
        return f"run-{len(self.started)}"

    async def run_detail(self, run_id: str) -> RunStatus:
        await self._answer("run_detail")
        return replace(self._status(), graph=self.graph)

    async def run_status(self, run_id: str) -> RunStatus:
        self.looks += 1
        await self._answer("run_status")
        return self._status()

    async def run_outputs(self, run_id: str) -> tuple[RemoteOutput, ...]:
        self.listings += 1
        await self._answer("run_outputs")
        return self.outputs

    async def retry_node(self, node_id: str) -> None:
        await self._answer("retry_node")
        self.retried.append(node_id)

    async def aclose(self) -> None:
        return

    def _status(self) -> RunStatus:
        words = {None: "running", True: "success", False: "failed"}
        return self.status or RunStatus(words[self.outcome], self.outcome)

    async def _answer(self, method: str) -> None:
        if (gate := self.hold.get(method)) is not None:
            await gate.wait()
        if waiting := self.errors.get(method):
            raise waiting.pop(0)


@dataclass
class FakeTransfers:
    """Moves nothing. `finish` decides when transfers end: set it to let them, clear it to keep them going.

    `errors` and `get_errors` are raised once each, in order, by uploads and downloads. `bodies` are given out in order
    before `content`.
    """

    content: bytes = b""
    bodies: list[bytes] = field(default_factory=list)
    finish: asyncio.Event = field(default_factory=asyncio.Event)
    progresses: list[tuple[Progress, int]] = field(default_factory=list)
    errors: list[MosaicError] = field(default_factory=list)
    get_errors: list[MosaicError] = field(default_factory=list)
    sizes_put: list[int] = field(default_factory=list)
    rates: tuple[int | None, int | None] = (None, None)

    def limit(self, upload_rate: int | None, download_rate: int | None) -> None:
        self.rates = (upload_rate, download_rate)

    async def put(
        self, url: Secret, source: Path, size: int, content_type: str, progress: Progress, kept: Kept | None = None
    ) -> SentFile:
        self.progresses.append((progress, size))
        self.sizes_put.append(size)
        await self.finish.wait()
        if self.errors:
            raise self.errors.pop(0)
        progress(size, size)
        return SentFile(await self.digest(source, size, progress))

    async def digest(self, source: Path, size: int, progress: Progress) -> str:
        content = await asyncio.to_thread(source.read_bytes)
        return f"sha256:{hashlib.sha256(content).hexdigest()}"

    async def get(
        self,
        url: Secret,
        target: Path,
        size: int | None,
        progress: Progress,
        *,
        partial: Partial | None = None,
        found: Callable[[str], None] | None = None,
        kept: Kept | None = None,
    ) -> FetchedFile:
        self.progresses.append((progress, size or 0))
        body = self.bodies.pop(0) if self.bodies else self.content
        await asyncio.to_thread(target.write_bytes, body[: len(body) // 2])
        await self.finish.wait()
        if self.get_errors:
            raise self.get_errors.pop(0)
        await asyncio.to_thread(target.write_bytes, body)
        return FetchedFile(len(body))

    def show(self, share: float) -> None:
        """Reports `share` (0 to 1) of every transfer as done."""
        for progress, size in self.progresses:
            progress(int(size * share), size)

    async def aclose(self) -> None:
        return


class MemoryJournal:
    """Remembers rows until the test ends. While `broken`, nothing can be written."""

    broken = False

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self.rows: dict[str, Row] = {row.id: row for row in rows}
        self.contents: dict[str, KnownContent] = {}

    async def load(self) -> Recorded:
        rows = tuple(self.rows.values())
        return Recorded(
            tuple(row for row in rows if isinstance(row, Asset)),
            tuple(row for row in rows if isinstance(row, Run)),
            tuple(row for row in rows if isinstance(row, Output)),
        )

    async def save(self, rows: tuple[Row, ...]) -> None:
        if self.broken:
            raise JournalError(Code.JOURNAL)
        self.rows.update((row.id, row) for row in rows)

    async def delete(self, ids: tuple[AssetId | RunId | OutputId, ...]) -> None:
        for row_id in ids:
            self.rows.pop(row_id, None)

    async def remember(self, content: KnownContent) -> None:
        self.contents[content.content] = content

    async def known(self, sample: str) -> tuple[KnownContent, ...]:
        alike = [content for content in self.contents.values() if content.sample == sample]
        return tuple(sorted(alike, key=lambda content: -content.sent_at))

    async def forget(self, file_id: str) -> None:
        self.contents = {key: content for key, content in self.contents.items() if content.file_id != file_id}


@dataclass
class FakeProbe:
    """Takes every file for a video, except those whose name holds "notes"."""

    media: MediaInfo = field(default_factory=lambda: MediaInfo(14.0, 1920, 1080, "h264", "aac", 25.0))
    picture: Callable[[Path], Path | None] = lambda path: None

    async def probe(self, path: Path) -> MediaInfo:
        if "notes" in path.name:
            raise LocalFileError(Code.NOT_A_VIDEO)
        return self.media

    async def thumbnail(self, path: Path, target: Path) -> Path | None:
        return self.picture(path)


class MemorySettings:
    """Settings that are written nowhere."""

    def __init__(self, value: Settings) -> None:
        self._value = value

    @property
    def value(self) -> Settings:
        return self._value

    def change(self, **changes: object) -> Settings:
        self._value = replace(self._value, **changes)  # type: ignore[arg-type]
        return self._value
