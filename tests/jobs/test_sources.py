"""Files that change, move or vanish between being added and being sent."""

import asyncio
import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.errors import Code, LocalFileError, NetworkError
from mosaic_desktop.core.retry import RetryPolicy
from mosaic_desktop.jobs import files
from mosaic_desktop.jobs.engine import Engine
from tests.jobs.rig import Rig, until


def row(engine: Engine, asset_id: AssetId) -> Asset:
    asset = engine.store.asset(asset_id)
    assert asset is not None
    return asset


def code(engine: Engine, asset_id: AssetId) -> str | None:
    problem = row(engine, asset_id).problem
    return problem.code if problem is not None else None


@pytest.mark.parametrize("change", ["rewritten", "grown", "touched"])
def test_a_change_is_noticed_while_the_file_is_sent(rig: Rig, change: str) -> None:
    async def story() -> None:
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            path = rig.file()
            (asset_id,) = await engine.add([path])
            await until(lambda: rig.transfers.progresses)
            before = path.stat()
            path.write_bytes(b"w" * (before.st_size + (change == "grown")))
            if change == "touched":
                os.utime(path, ns=(1, before.st_mtime_ns + 1))
            rig.clock.advance(3)
            rig.transfers.show(0.5)
            await until(lambda: row(engine, asset_id).state is AssetState.FAILED)
            assert code(engine, asset_id) == Code.FILE_CHANGED
            rig.transfers.finish.set()
            engine.resume([asset_id])
            await until(lambda: row(engine, asset_id).state is AssetState.READY)

    asyncio.run(story())
    assert rig.service.finalized == ["video-2"]


def test_a_file_that_was_moved_away_is_said_to_be_missing(rig: Rig) -> None:
    async def story() -> None:
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            path = rig.file("shoot/talk.mp4")
            rig.file("shoot/other.txt")
            (asset_id,) = await engine.add([path])
            await until(lambda: rig.transfers.progresses)
            path.rename(path.with_name("moved.mp4"))
            rig.clock.advance(3)
            rig.transfers.show(0.5)
            await until(lambda: row(engine, asset_id).state is AssetState.FAILED)
            assert code(engine, asset_id) == Code.FILE_MISSING
            path.with_name("moved.mp4").rename(path)
            engine.retry_failed()
            rig.transfers.finish.set()
            await until(lambda: row(engine, asset_id).state is AssetState.READY)

    asyncio.run(story())


def unplug(rig: Rig, folder: Path, *, stays: bool) -> None:
    """As a disk that is taken off: its folder is gone, or is an empty one."""
    folder.rename(rig.folder / "unplugged")
    if stays:
        folder.mkdir()


def plug_in(rig: Rig, folder: Path) -> None:
    if folder.exists():
        folder.rmdir()
    (rig.folder / "unplugged").rename(folder)


@pytest.mark.parametrize("stays", [False, True], ids=["folder gone", "folder empty"])
def test_a_disk_that_is_away_is_waited_for(rig: Rig, stays: bool) -> None:
    rig.retry = RetryPolicy(patient=True)
    rig.service.sessions = True

    async def story() -> None:
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            path = rig.file("disk/talk.mp4")
            (asset_id,) = await engine.add([path])
            await until(lambda: rig.transfers.progresses)
            rig.transfers.show(0.5)
            unplug(rig, path.parent, stays=stays)
            rig.transfers.errors = [LocalFileError(Code.FILE_UNREADABLE, "Input/output error")]
            rig.transfers.finish.set()
            await until(lambda: code(engine, asset_id) == Code.FILE_AWAY)
            await rig.pass_time(600)
            assert row(engine, asset_id).state is AssetState.QUEUED, "for as long as it takes"
            plug_in(rig, path.parent)
            await rig.time_until(lambda: row(engine, asset_id).state is AssetState.READY, seconds=15)

    asyncio.run(story())
    assert rig.transfers.begun == [0, 2048], "what had arrived is not sent again"


def test_a_disk_that_comes_back_in_the_middle_of_a_look_is_gone_on_with(rig: Rig) -> None:
    """Its file was missing, and is there when it is looked whether the whole disk is away."""
    rig.transfers.errors = [LocalFileError(Code.FILE_MISSING)]

    async def story() -> None:
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            await rig.time_until(lambda: not rig.transfers.errors)
            await rig.time_until(lambda: row(engine, asset_id).state is AssetState.READY, seconds=15)

    asyncio.run(story())


def test_a_disk_that_comes_back_in_the_middle_of_the_first_look_is_gone_on_with(rig: Rig) -> None:
    missing = [LocalFileError(Code.FILE_MISSING)]

    def picture(_path: Path) -> Path | None:
        if missing:
            raise missing.pop()
        return None

    rig.probe.picture = picture

    async def story() -> None:
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            await rig.time_until(lambda: not missing)
            await rig.time_until(lambda: row(engine, asset_id).state is AssetState.READY, seconds=15)

    asyncio.run(story())


def test_a_disk_that_is_away_at_the_start_is_waited_for_too(rig: Rig) -> None:
    rig.retry = RetryPolicy(patient=True)

    async def story() -> None:
        path = rig.file("disk/talk.mp4")
        facts = path.stat()
        asset = Asset(AssetId("a"), path.name, path, size=facts.st_size, modified_ns=facts.st_mtime_ns)
        rig.journal.rows = {"a": replace(asset, state=AssetState.PROBING)}
        unplug(rig, path.parent, stays=False)
        async with rig.engine() as engine:
            await until(lambda: code(engine, asset.id) == Code.FILE_AWAY)
            plug_in(rig, path.parent)
            await rig.time_until(lambda: row(engine, asset.id).state is AssetState.READY, seconds=15)
            assert row(engine, asset.id).problem is None

    asyncio.run(story())


def test_a_command_line_does_not_wait_for_a_disk_for_ever(rig: Rig) -> None:
    async def story() -> None:
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            path = rig.file("disk/talk.mp4")
            (asset_id,) = await engine.add([path])
            await until(lambda: rig.transfers.progresses)
            unplug(rig, path.parent, stays=False)
            rig.clock.advance(3)
            rig.transfers.show(0.5)
            await rig.time_until(lambda: row(engine, asset_id).state is AssetState.FAILED)
            assert code(engine, asset_id) == Code.FILE_AWAY

    asyncio.run(story())


def test_where_a_file_lay_below_a_dropped_folder_is_kept(rig: Rig) -> None:
    rig.file("shoot/day 1/b.mp4")
    rig.file("shoot/a.mp4")

    async def story() -> None:
        async with rig.engine() as engine:
            await engine.add([rig.folder / "shoot"])
            places = {asset.name: asset.subfolder for asset in engine.store.assets()}
            assert places == {"a.mp4": None, "b.mp4": Path("day 1")}

    asyncio.run(story())


def test_a_disk_that_is_away_is_looked_for_by_one_file_of_a_folder(rig: Rig) -> None:
    """However many lie on it: nothing else is tried, and nothing is written again and again."""
    rig.retry = RetryPolicy(patient=True)

    async def story() -> None:
        async with rig.engine() as engine:
            rig.service.down = NetworkError(Code.UNREACHABLE, seen=False)
            ids = await engine.add([rig.file(f"disk/{n}.mp4") for n in range(30)])
            await until(lambda: all(row(engine, asset_id).state is AssetState.QUEUED for asset_id in ids))
            unplug(rig, rig.folder / "disk", stays=False)
            rig.service.down = None
            await rig.pass_time(120)
            assert sum(code(engine, asset_id) == Code.FILE_AWAY for asset_id in ids) <= rig.limits.upload_slots
            rig.file("here/talk.mp4")
            (other,) = await engine.add([rig.folder / "here" / "talk.mp4"])
            await rig.time_until(lambda: row(engine, other).state is AssetState.READY, seconds=10)
            plug_in(rig, rig.folder / "disk")
            await rig.time_until(lambda: all(row(engine, asset_id).state is AssetState.READY for asset_id in ids))

    asyncio.run(story())


def test_a_folder_that_may_not_be_read_is_no_disk_that_is_away(tmp_path: Path) -> None:
    """Waiting would change nothing about its permissions."""
    answers = {errno.EACCES: False, errno.ENOENT: True, errno.ESTALE: True, errno.ENOTCONN: True}
    for number, away in answers.items():
        assert files.means_not_connected(OSError(number, "")) is away
    assert files.is_away(tmp_path / "gone" / "talk.mp4")
    (tmp_path / "other.txt").touch()
    assert not files.is_away(tmp_path / "talk.mp4")
