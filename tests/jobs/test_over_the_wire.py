"""Uploads over real connections into the local Mosaic, by a journal on disk."""

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mosaic_desktop.api.client import ClassicMosaic
from mosaic_desktop.core.asset import Asset, AssetId, AssetState, Keeps
from mosaic_desktop.core.clock import SystemClock
from mosaic_desktop.core.events import Event, RowChanged
from mosaic_desktop.core.pace import TransferLimits
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.jobs.engine import Engine
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.journal import SqliteJournal
from mosaic_desktop.transfers.curl import CurlTransfers
from tests.jobs.rig import until
from tests.support.fakes import FakeProbe, MemoryVault
from tests.support.loop import AsyncRun
from tests.support.sandbox_server import RunningSandbox, start_sandbox

CHUNK = 16 * 1024 * 1024
SIZE = 3 * CHUNK + 4321
PACE = TransferLimits(upload_rate=16_000_000)
A_SECOND = 8_000_000  # bytes, in the test of a pause


@asynccontextmanager
async def engine(server: RunningSandbox, root: Path, vault: MemoryVault) -> AsyncIterator[Engine]:
    database = SqliteDatabase(root / "journal.sqlite")
    await database.open()
    service, transfers = ClassicMosaic(server.base_url, Secret(server.api_key)), CurlTransfers()
    made = Engine(
        EngineParts(
            service=service,
            journal=SqliteJournal(database, "p"),
            transfers=transfers,
            probe=FakeProbe(),
            clock=SystemClock(),
            thumbnails=root,
            output_folder=lambda: root / "outputs",
            links=vault,
            limits=PACE,
        )
    )
    await made.start()
    try:
        yield made
    finally:
        await made.stop()
        await transfers.aclose()
        await service.aclose()
        await database.aclose()


def row(engine: Engine, asset_id: AssetId) -> Asset:
    asset = engine.store.asset(asset_id)
    assert asset is not None
    return asset


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(os.urandom(SIZE))
    return path


def stored(root: Path, clip: Path) -> bool:
    """Whether the local Mosaic has exactly this somewhere among its files."""
    content = clip.read_bytes()
    whole = (path for path in root.rglob("*") if path.is_file() and path.stat().st_size == len(content))
    return any(path.read_bytes() == content for path in whole)


class Scale:
    """How much lies in a folder, and for how many seconds that has not changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.size = self._weigh()
        self._since = time.monotonic()

    def rests_for(self) -> float:
        size = self._weigh()
        if size != self.size:
            self.size, self._since = size, time.monotonic()
        return time.monotonic() - self._since

    def _weigh(self) -> int:
        return sum(512 * _blocks(path) for path in self._folder.rglob("*"))


def _blocks(path: Path) -> int:
    try:
        return path.stat().st_blocks
    except FileNotFoundError:  # it was given up meanwhile
        return 0


@pytest.mark.parametrize("kind", ["put", "session"])
def test_a_pause_stops_the_bytes_within_a_second(run_async: AsyncRun, tmp_path: Path, clip: Path, kind: str) -> None:
    async def story(server: RunningSandbox) -> None:
        async with engine(server, tmp_path, MemoryVault()) as going:
            going.set_limits(TransferLimits(upload_rate=A_SECOND))
            (asset_id,) = await going.add([clip])
            await until(lambda: row(going, asset_id).bytes_done > SIZE // 10)
            going.pause([asset_id])
            scale = Scale(tmp_path / "mosaic")
            before = scale.size
            await until(lambda: scale.rests_for() > 0.5)
            assert scale.size - before < A_SECOND
            assert not stored(tmp_path / "mosaic", clip)
            going.set_limits(TransferLimits())
            going.resume([asset_id])
            await until(lambda: row(going, asset_id).state is AssetState.READY)

    with start_sandbox(tmp_path / "mosaic", "--uploads", kind) as server:
        run_async(story(server))
    assert stored(tmp_path / "mosaic", clip)


def test_a_paused_upload_goes_on_after_a_restart(run_async: AsyncRun, tmp_path: Path, clip: Path) -> None:
    vault, least = MemoryVault(), [SIZE]

    async def story(server: RunningSandbox) -> None:
        async with engine(server, tmp_path, vault) as first:
            (asset_id,) = await first.add([clip])
            await until(lambda: row(first, asset_id).bytes_kept >= CHUNK)
            first.pause([asset_id])
            paused = row(first, asset_id)
            assert paused.bytes_done == paused.bytes_kept >= CHUNK
            assert paused.keeps is Keeps.ACROSS_RESTARTS

        async with engine(server, tmp_path, vault) as second:

            def hear(event: Event) -> None:
                if isinstance(event, RowChanged) and isinstance(event.row, Asset) and event.row.bytes_done:
                    least[0] = min(least[0], event.row.bytes_done)

            assert row(second, asset_id).state is AssetState.PAUSED
            second.subscribe(hear)
            second.set_limits(TransferLimits())
            second.resume([asset_id])
            await until(lambda: row(second, asset_id).state is AssetState.READY)

    with start_sandbox(tmp_path / "mosaic", "--uploads", "session") as server:
        run_async(story(server))
    assert least[0] >= CHUNK, "what had arrived was not sent again"
    assert stored(tmp_path / "mosaic", clip)
    assert vault.secrets == {}
    assert b"upload_id" not in (tmp_path / "journal.sqlite").read_bytes()
