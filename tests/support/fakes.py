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
from mosaic_desktop.core.errors import (
    Code,
    JournalError,
    LocalFileError,
    MosaicError,
    ServiceError,
    StorageError,
    VaultError,
)
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
    VaultState,
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
    """A Mosaic in memory. Runs go on until `outcome`, or `outcomes` by run id, says otherwise.

    Put errors into `errors` by method name; each is raised once, in order; `down` is raised by every call while it is
    set. `started` has every accepted run; at most `slots` of them go on at a time.
    """

    agents: tuple[Agent, ...] = ()
    outcome: bool | None = None
    outputs: tuple[RemoteOutput, ...] = ()
    outcomes: dict[str, bool] = field(default_factory=dict)
    errors: dict[str, list[MosaicError]] = field(default_factory=dict)
    down: MosaicError | None = None
    slots: int | None = None
    sessions: bool = False  # whether links are resumable sessions
    started: list[tuple[str, RunSpec]] = field(default_factory=list)
    finalized: list[str] = field(default_factory=list)
    retried: list[str] = field(default_factory=list)
    hold: dict[str, asyncio.Event] = field(default_factory=dict)
    graph: Graph | None = None
    status: RunStatus | None = None
    looks: int = 0
    details: int = 0
    listings: int = 0
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def request_upload(self, name: str, size: int, content_type: str) -> UploadTicket:
        await self._answer("request_upload")
        number = next(self._numbers)
        query = f"upload_id=session-{number}" if self.sessions else "X-Goog-Signature=secret"
        return UploadTicket(Secret(f"https://storage.invalid/{number}?{query}"), f"video-{number}")

    async def finalize_upload(self, video_id: str) -> RemoteFile:
        await self._answer("finalize_upload")
        self.finalized.append(video_id)
        return RemoteFile(f"file-of-{video_id}", video_id)

    async def list_agents(self, limit: int | None = None) -> tuple[Agent, ...]:
        await self._answer("list_agents")
        return self.agents[:limit]

    async def start_run(self, file_id: str, spec: RunSpec) -> str:
        await self._answer("start_run")
        going = [n for n in range(len(self.started)) if self._outcome(f"run-{n + 1}") is None]
        if self.slots is not None and len(going) >= self.slots:
            raise ServiceError(Code.RUN_LIMIT, status=403, retryable=True)
        self.started.append((file_id, spec))
        return f"run-{len(self.started)}"

    async def run_detail(self, run_id: str) -> RunStatus:
        self.details += 1
        await self._answer("run_detail")
        return replace(self._status(run_id), graph=self.graph)

    async def run_status(self, run_id: str) -> RunStatus:
        self.looks += 1
        await self._answer("run_status")
        return self._status(run_id)

    async def run_outputs(self, run_id: str) -> tuple[RemoteOutput, ...]:
        self.listings += 1
        await self._answer("run_outputs")
        return self.outputs

    async def retry_node(self, node_id: str) -> None:
        await self._answer("retry_node")
        self.retried.append(node_id)

    async def aclose(self) -> None:
        return

    def _status(self, run_id: str) -> RunStatus:
        words = {None: "running", True: "success", False: "failed"}
        outcome = self._outcome(run_id)
        return self.status or RunStatus(words[outcome], outcome)

    def _outcome(self, run_id: str) -> bool | None:
        return self.outcomes.get(run_id, self.outcome)

    async def _answer(self, method: str) -> None:
        if (gate := self.hold.get(method)) is not None:
            await gate.wait()
        if self.down is not None:
            raise self.down
        if waiting := self.errors.get(method):
            raise waiting.pop(0)


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class FakeTransfers:
    """Moves nothing. `finish` decides when transfers end: set it to let them, clear it to keep them going.

    `errors` and `get_errors` are raised once each, in order, by uploads and downloads, the latter half way. `bodies`
    are given out in order before `content`. The storage calls what it has `etag`; `partials` has what was gone on with.

    `held` has bytes by session, which a storage loses where they are taken out; `begun` from where each upload went on;
    `paths_put` what was sent; `read` what was read to be compared, which `reading` lets end.
    """

    content: bytes = b""
    bodies: list[bytes] = field(default_factory=list)
    etag: str | None = "v1"
    partials: list[Partial | None] = field(default_factory=list)
    finish: asyncio.Event = field(default_factory=asyncio.Event)
    progresses: list[tuple[Progress, int]] = field(default_factory=list)
    errors: list[MosaicError] = field(default_factory=list)
    get_errors: list[MosaicError] = field(default_factory=list)
    sizes_put: list[int] = field(default_factory=list)
    paths_put: list[Path] = field(default_factory=list)
    held: dict[Secret, int] = field(default_factory=dict)
    begun: list[int] = field(default_factory=list)
    read: list[Path] = field(default_factory=list)
    rates: tuple[int | None, int | None] = (None, None)
    reading: asyncio.Event = field(default_factory=_set)
    begun_sessions: set[Secret] = field(default_factory=set)

    def limit(self, upload_rate: int | None, download_rate: int | None) -> None:
        self.rates = (upload_rate, download_rate)

    async def put(
        self, url: Secret, source: Path, size: int, content_type: str, progress: Progress, kept: Kept | None = None
    ) -> SentFile:
        start = 0
        if kept is not None:
            if url in self.begun_sessions and url not in self.held:
                raise StorageError(Code.LINK_EXPIRED, retryable=True, status=410)
            self.begun_sessions.add(url)
            start = self.held.setdefault(url, 0)
            kept(start)
        self.begun.append(start)

        def moved(done: int, total: int) -> None:
            progress(done, total)
            if kept is not None:
                self.held[url] = done
                kept(done)

        self.progresses.append((moved, size))
        self.sizes_put.append(size)
        self.paths_put.append(source)
        await self.finish.wait()
        if self.errors:
            raise self.errors.pop(0)
        moved(size, size)
        return SentFile(await _content_of(source))

    async def digest(self, source: Path, size: int, progress: Progress) -> str:
        self.read.append(source)
        await self.reading.wait()
        return await _content_of(source)

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
        self.partials.append(partial)
        body = self.bodies.pop(0) if self.bodies else self.content
        goes_on = partial is not None and partial.etag == self.etag
        start = partial.kept if partial is not None and goes_on else 0
        half = start + (len(body) - start) // 2
        if found is not None and self.etag is not None:
            found(self.etag)
        await asyncio.to_thread(_write, target, body[start:half], start)
        if kept is not None:
            kept(half)
        await self.finish.wait()
        if self.get_errors:
            raise self.get_errors.pop(0)
        await asyncio.to_thread(_write, target, body[half:], half)
        return FetchedFile(len(body))

    def show(self, share: float) -> None:
        """Reports `share` (0 to 1) of every transfer as done."""
        for progress, size in self.progresses:
            progress(int(size * share), size)

    async def aclose(self) -> None:
        return


async def _content_of(source: Path) -> str:
    content = await asyncio.to_thread(source.read_bytes)
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _write(target: Path, piece: bytes, at: int) -> None:
    """Behind the first `at` bytes of the file, which then ends with `piece`."""
    with target.open("r+b" if at else "wb") as file:
        file.seek(at)
        file.write(piece)
        file.truncate()


class MemoryJournal:
    """Remembers rows until the test ends. While `broken`, nothing can be written. `writes`: how many rows each time."""

    broken = False

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self.rows: dict[str, Row] = {row.id: row for row in rows}
        self.contents: dict[str, KnownContent] = {}
        self.writes: list[int] = []

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
        self.writes.append(len(rows))
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
        if not await asyncio.to_thread(path.exists):
            raise LocalFileError(Code.FILE_MISSING)
        if "notes" in path.name:
            raise LocalFileError(Code.NOT_A_VIDEO)
        return self.media

    async def thumbnail(self, path: Path, target: Path) -> Path | None:
        return self.picture(path)


class MemoryVault:
    """A keyring without a disk. While `problem` is set, it does nothing."""

    def __init__(self) -> None:
        self.secrets: dict[str, Secret] = {}
        self.problem: VaultError | None = None

    async def state(self) -> VaultState:
        return VaultState("Test keyring", self.problem.code if self.problem else None)

    async def peek(self, name: str) -> Secret | None:
        self._answer()
        return self.secrets.get(name)

    async def read(self, name: str) -> Secret | None:
        return await self.peek(name)

    async def write(self, name: str, secret: Secret) -> None:
        self._answer()
        self.secrets[name] = secret

    async def delete(self, name: str) -> None:
        self._answer()
        self.secrets.pop(name, None)

    def _answer(self) -> None:
        if self.problem is not None:
            raise self.problem


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
