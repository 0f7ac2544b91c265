"""Pausing everything over real connections: bytes stop both ways, and nothing of it is lost."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from mosaic_desktop.core.asset import AssetId, AssetState
from mosaic_desktop.core.clock import SystemClock
from mosaic_desktop.core.output import Output, OutputId, OutputState
from mosaic_desktop.core.pace import TransferLimits
from mosaic_desktop.core.ports import RemoteOutput, UploadTicket
from mosaic_desktop.core.run import Run, RunId, RunState
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.jobs.engine import Engine
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.transfers.curl import CurlTransfers
from tests.jobs.rig import SPEC, until
from tests.support.fakes import FakeProbe, FakeService, MemoryJournal
from tests.support.loop import AsyncRun
from tests.transfers.storage_server import StorageServer, Talk

SIZE = 64 * 1024 * 1024
A_SECOND = 8_000_000  # bytes, each way
PACE = TransferLimits(upload_rate=A_SECOND, download_rate=A_SECOND)


@dataclass
class ServiceWithStorage(FakeService):
    """Uploads go where downloads come from."""

    link: Secret = field(default_factory=lambda: Secret(""))

    async def request_upload(self, name: str, size: int, content_type: str) -> UploadTicket:
        return UploadTicket(self.link, "video-1")


class Scale:
    """What has moved, and for how many seconds nothing has."""

    def __init__(self, moved: Callable[[], tuple[int, int]]) -> None:
        self._moved = moved
        self._last = moved()
        self._moved_at = time.monotonic()

    def rests_for(self) -> float:
        now = time.monotonic()
        if (count := self._moved()) != self._last:
            self._last, self._moved_at = count, now
        return now - self._moved_at


def store_and_serve(talk: Talk) -> None:
    if talk.seen.method == "PUT":
        talk.invite()
        talk.take(keep=False)
    else:
        talk.answer(200, bytes(SIZE))


def test_pausing_all_stops_the_bytes_of_both_ways_within_a_second(run_async: AsyncRun, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(bytes(SIZE))
    made = Run(RunId("r"), AssetId("a"), SPEC, "talk.mp4", tmp_path, RunState.FINISHED, "run-1")
    coming = Output(OutputId("o"), made.id, "out-1", "made.mp4", tmp_path, size=SIZE)

    async def story(server: StorageServer) -> None:
        listed = RemoteOutput("out-1", "node-1", server.link(), SIZE)
        service, journal, transfers = ServiceWithStorage(outputs=(listed,)), MemoryJournal(), CurlTransfers()
        service.link = server.link("/bucket/sent.mp4")
        journal.rows |= {made.id: made, coming.id: coming}
        engine = Engine(
            EngineParts(
                service, journal, transfers, FakeProbe(), SystemClock(), tmp_path, lambda: tmp_path, limits=PACE
            )
        )
        await engine.start()
        (sent,) = await engine.add([clip])

        def moved() -> tuple[int, int]:
            part = tmp_path / "made.mp4.part"
            received = sum(seen.received for seen in server.seen if seen.method == "PUT")
            return received, part.stat().st_size if part.exists() else 0

        await until(lambda: min(moved()) > SIZE // 20)
        engine.pause_all()
        engine.pause_all_downloads()
        scale, before = Scale(moved), moved()
        await until(lambda: scale.rests_for() > 0.5)
        assert all(count - then < A_SECOND for count, then in zip(moved(), before, strict=True))
        assert all(0 < count < SIZE for count in moved())
        asset, output = engine.store.asset(sent), engine.store.output(coming.id)
        assert asset is not None
        assert output is not None
        assert (asset.state, output.state) == (AssetState.PAUSED, OutputState.PAUSED)
        await engine.stop()
        await transfers.aclose()

    with StorageServer(store_and_serve) as server:
        run_async(story(server))
