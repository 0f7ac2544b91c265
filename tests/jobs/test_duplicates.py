"""The same content is sent once."""

import asyncio
import shutil

import pytest

from mosaic_desktop.core.actions import Action, asset_actions
from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.errors import Code, JournalError, ServiceError
from mosaic_desktop.core.events import RowChanged
from mosaic_desktop.jobs.engine import Engine
from tests.jobs.rig import SPEC, Rig, until


def row(engine: Engine, asset_id: AssetId) -> Asset:
    asset = engine.store.asset(asset_id)
    assert asset is not None
    return asset


async def uploaded(rig: Rig, engine: Engine) -> AssetId:
    (asset_id,) = await engine.add([rig.file("talk.mp4")])
    await until(lambda: row(engine, asset_id).state is AssetState.READY)
    return asset_id


async def added_copy(rig: Rig, engine: Engine, name: str = "copy.mp4") -> AssetId:
    shutil.copyfile(rig.folder / "talk.mp4", rig.folder / name)
    (asset_id,) = await engine.add([rig.folder / name])
    return asset_id


def test_a_copy_is_compared_and_not_sent(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            first = await uploaded(rig, engine)
            copy = await added_copy(rig, engine)
            engine.run([copy], SPEC)
            await until(lambda: rig.service.started)
            assert row(engine, copy).file_id == row(engine, first).file_id
            assert row(engine, copy).reused_from == "talk.mp4"
            assert Action.SEND_AGAIN in asset_actions(row(engine, copy))
            assert Action.SEND_AGAIN not in asset_actions(row(engine, first))

    asyncio.run(story())
    changes = [event.row for event in rig.events if isinstance(event, RowChanged)]
    states = [row.state for row in changes if isinstance(row, Asset) and row.name == "copy.mp4"]
    assert AssetState.COMPARING in states
    assert AssetState.SIGNING not in states
    assert rig.transfers.sizes_put == [4096]


def test_it_is_remembered_when_the_row_is_gone_and_the_application_was_closed(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            engine.remove([await uploaded(rig, engine)])
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.folder / "talk.mp4"])
            await until(lambda: row(engine, asset_id).state is AssetState.READY)
            assert row(engine, asset_id).reused_from == "talk.mp4"

    asyncio.run(story())
    assert rig.transfers.sizes_put == [4096]


def test_what_only_looks_the_same_is_sent(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            path = rig.file("talk.mp4", 2_000_000)
            (first,) = await engine.add([path])
            await until(lambda: row(engine, first).state is AssetState.READY)
            body = bytearray(path.read_bytes())
            body[1_000_000] ^= 1
            (rig.folder / "other.mp4").write_bytes(body)
            (other,) = await engine.add([rig.folder / "other.mp4"])
            await until(lambda: row(engine, other).state is AssetState.READY)
            assert row(engine, other).reused_from is None
            assert row(engine, other).file_id != row(engine, first).file_id

    asyncio.run(story())
    assert rig.transfers.read == [rig.folder / "other.mp4"]


def test_two_copies_added_together_are_sent_once(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            path = rig.file("talk.mp4")
            shutil.copyfile(path, rig.folder / "copy.mp4")
            ids = await engine.add([path, rig.folder / "copy.mp4"])
            await until(lambda: all(row(engine, asset_id).state is AssetState.READY for asset_id in ids))

    asyncio.run(story())
    assert rig.transfers.sizes_put == [4096]


def test_the_user_may_have_it_sent_all_the_same(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            first = await uploaded(rig, engine)
            copy = await added_copy(rig, engine)
            await until(lambda: row(engine, copy).state is AssetState.READY)
            engine.send_again([first, copy])
            await until(lambda: len(rig.service.finalized) == 2)
            await until(lambda: row(engine, copy).state is AssetState.READY)
            assert row(engine, copy).reused_from is None
            assert row(engine, copy).file_id == "file-of-video-2"
            third = await added_copy(rig, engine, "third.mp4")
            await until(lambda: row(engine, third).state is AssetState.READY)
            assert row(engine, third).file_id == "file-of-video-2", "the latest counts"

    asyncio.run(story())


def test_a_file_that_the_service_lost_is_sent_again(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            await uploaded(rig, engine)
            copy = await added_copy(rig, engine)
            await until(lambda: row(engine, copy).state is AssetState.READY)
            rig.service.errors = {"start_run": [ServiceError(Code.NOT_FOUND, status=404)]}
            engine.run([copy], SPEC)
            await rig.time_until(lambda: rig.service.started)
            assert rig.service.started == [("file-of-video-2", SPEC)]

    asyncio.run(story())


@pytest.mark.expect_log("earlier uploads are not known")
@pytest.mark.expect_log("an upload is not remembered")
def test_a_memory_that_fails_costs_only_the_second_upload(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object) -> None:
        raise JournalError(Code.JOURNAL)

    monkeypatch.setattr(rig.journal, "known", fails)
    monkeypatch.setattr(rig.journal, "remember", fails)

    async def story() -> None:
        async with rig.engine() as engine:
            await uploaded(rig, engine)

    asyncio.run(story())


def test_pausing_stops_the_comparison(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            await uploaded(rig, engine)
            rig.transfers.reading.clear()
            copy = await added_copy(rig, engine)
            await until(lambda: row(engine, copy).state is AssetState.COMPARING)
            engine.pause([copy])
            rig.transfers.reading.set()
            await rig.pass_time(5)
            assert row(engine, copy).state is AssetState.PAUSED
            engine.resume([copy])
            await until(lambda: row(engine, copy).state is AssetState.READY)
            assert row(engine, copy).reused_from == "talk.mp4"

    asyncio.run(story())
