"""Uploads that go on: sessions of the storage, kept before the first byte and forgotten after the last."""

import asyncio

import pytest

from mosaic_desktop.core.asset import Asset, AssetId, AssetState, Keeps
from mosaic_desktop.core.errors import Code, NetworkError, VaultError
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.jobs.engine import Engine
from tests.jobs.rig import Rig, until
from tests.support.fakes import MemoryVault

SIZE = 100_000


@pytest.fixture
def rig(rig: Rig) -> Rig:
    rig.service.sessions = True
    rig.links = MemoryVault()
    rig.transfers.finish.clear()
    return rig


def row(engine: Engine, asset_id: AssetId) -> Asset:
    asset = engine.store.asset(asset_id)
    assert asset is not None
    return asset


def secrets(rig: Rig) -> dict[str, str]:
    assert rig.links is not None
    return {name: secret.reveal() for name, secret in rig.links.secrets.items()}


async def half_sent(rig: Rig, engine: Engine) -> AssetId:
    (asset_id,) = await engine.add([rig.file(size=SIZE)])
    await until(lambda: rig.transfers.progresses)
    rig.transfers.show(0.5)
    return asset_id


def test_the_session_is_safe_before_the_first_byte_and_gone_after_the_last(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            await until(lambda: rig.transfers.progresses)
            assert list(secrets(rig)) == [f"upload-{asset_id}"]
            assert row(engine, asset_id).keeps is Keeps.ACROSS_RESTARTS
            assert not any("session-1" in repr(stored) for stored in rig.journal.rows.values())
            rig.transfers.finish.set()
            await until(lambda: row(engine, asset_id).state is AssetState.READY)
            assert secrets(rig) == {}
            assert row(engine, asset_id).keeps is Keeps.NOTHING

    asyncio.run(story())


def test_a_broken_connection_costs_nothing_that_arrived(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            asset_id = await half_sent(rig, engine)
            rig.transfers.errors = [NetworkError(Code.INTERRUPTED, seen=True)]
            rig.transfers.finish.set()
            await until(lambda: row(engine, asset_id).problem)
            assert row(engine, asset_id).bytes_done == row(engine, asset_id).bytes_kept == SIZE // 2
            await rig.time_until(lambda: row(engine, asset_id).state is AssetState.READY)

    asyncio.run(story())
    assert rig.transfers.begun == [0, SIZE // 2]
    assert rig.service.finalized == ["video-1"]


def test_a_pause_keeps_what_arrived_and_a_cancel_does_not(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            asset_id = await half_sent(rig, engine)
            engine.pause([asset_id])
            assert row(engine, asset_id).bytes_done == SIZE // 2
            engine.resume([asset_id])
            await until(lambda: len(rig.transfers.begun) == 2)
            engine.cancel([asset_id])
            await until(lambda: not secrets(rig))
            assert (row(engine, asset_id).bytes_done, row(engine, asset_id).keeps) == (0, Keeps.NOTHING)
            engine.resume([asset_id])
            await until(lambda: len(rig.transfers.begun) == 3)

    asyncio.run(story())
    assert rig.transfers.begun == [0, SIZE // 2, 0]


@pytest.mark.parametrize("paused", [False, True])
def test_another_start_goes_on_where_the_last_one_ended(rig: Rig, paused: bool) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            asset_id = await half_sent(rig, engine)
            if paused:
                engine.pause([asset_id])
        async with rig.engine() as engine:
            assert row(engine, asset_id).bytes_done == row(engine, asset_id).bytes_kept
            engine.resume([asset_id])
            await until(lambda: len(rig.transfers.begun) == 2)
            rig.transfers.finish.set()
            await until(lambda: row(engine, asset_id).state is AssetState.READY)

    asyncio.run(story())
    assert rig.transfers.begun == [0, SIZE // 2]
    assert secrets(rig) == {}


REFUSING = (
    pytest.mark.expect_log("an upload session is kept in memory only"),
    pytest.mark.expect_log("an upload session stays in the keyring"),
)


@pytest.mark.parametrize("vault", ["none", pytest.param("refuses", marks=REFUSING)])
def test_without_a_keyring_a_session_lasts_as_long_as_the_process(rig: Rig, vault: str) -> None:
    if vault == "none":
        rig.links = None
    else:
        assert rig.links is not None
        rig.links.problem = VaultError(Code.KEYRING_FAILED)

    async def story() -> None:
        async with rig.engine() as engine:
            asset_id = await half_sent(rig, engine)
            assert row(engine, asset_id).keeps is Keeps.UNTIL_EXIT
            engine.pause([asset_id])
            engine.resume([asset_id])
            await until(lambda: len(rig.transfers.begun) == 2)
        async with rig.engine() as engine:
            assert (row(engine, asset_id).bytes_done, row(engine, asset_id).keeps) == (0, Keeps.NOTHING)
            rig.transfers.finish.set()
            await until(lambda: row(engine, asset_id).state is AssetState.READY)

    asyncio.run(story())
    assert rig.transfers.begun == [0, SIZE // 2, 0]


def test_a_session_that_the_storage_lost_is_signed_again_at_once(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            asset_id = await half_sent(rig, engine)
            engine.pause([asset_id])
            rig.transfers.held.clear()
            rig.transfers.finish.set()
            engine.resume([asset_id])
            await rig.time_until(lambda: row(engine, asset_id).state is AssetState.READY, seconds=5)

    asyncio.run(story())
    assert rig.service.finalized == ["video-2"]


def test_a_keyring_that_is_locked_for_now_costs_nothing(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            asset_id = await half_sent(rig, engine)
            await rig.pass_time(2)
            rig.transfers.show(0.6)
        assert rig.links is not None
        rig.links.problem = VaultError(Code.KEYRING_LOCKED)
        async with rig.engine() as engine:
            await until(lambda: row(engine, asset_id).problem)
            assert row(engine, asset_id).state is AssetState.QUEUED
            rig.links.problem = None
            rig.transfers.finish.set()
            await rig.time_until(lambda: row(engine, asset_id).state is AssetState.READY)

    asyncio.run(story())
    assert rig.transfers.begun == [0, SIZE * 6 // 10]


@pytest.mark.expect_log("an upload session was not found", "kept in memory only", "stays in the keyring")
def test_with_a_keyring_that_is_gone_the_upload_begins_anew(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            asset_id = await half_sent(rig, engine)
            await rig.pass_time(2)
            rig.transfers.show(0.6)
        assert rig.links is not None
        rig.links.problem = VaultError(Code.KEYRING_GONE, "GNOME Keyring")
        rig.transfers.finish.set()
        async with rig.engine() as engine:
            await rig.time_until(lambda: row(engine, asset_id).state is AssetState.READY)

    asyncio.run(story())
    assert rig.transfers.begun == [0, 0]


def test_a_file_that_changed_does_not_go_on_with_the_old_one(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            asset_id = await half_sent(rig, engine)
            engine.pause([asset_id])
            rig.file(size=SIZE + 1)
            rig.transfers.finish.set()
            engine.resume([asset_id])
            await until(lambda: row(engine, asset_id).state is AssetState.READY)

    asyncio.run(story())
    assert rig.transfers.begun == [0, 0]
    assert secrets(rig) == {}


def test_failures_are_counted_from_the_last_byte_that_got_through(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            asset_id = await half_sent(rig, engine)
            rig.transfers.finish.set()
            rig.transfers.errors = [NetworkError(Code.INTERRUPTED, seen=True) for _ in range(7)]
            await rig.time_until(lambda: not rig.transfers.errors)
            assert row(engine, asset_id).attempt == 7
            rig.transfers.finish.clear()
            await rig.time_until(lambda: len(rig.transfers.begun) == 8)
            rig.transfers.show(0.7)
            rig.transfers.errors = [NetworkError(Code.INTERRUPTED, seen=True) for _ in range(7)]
            rig.transfers.finish.set()
            await rig.time_until(lambda: row(engine, asset_id).state is AssetState.READY)

    asyncio.run(story())


class SlowVault(MemoryVault):
    """Writes at once and takes long to say so."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = asyncio.Event()

    async def write(self, name: str, secret: Secret) -> None:
        await super().write(name, secret)
        await self.answers.wait()


def test_a_session_that_no_row_knows_does_not_stay_in_the_keyring(rig: Rig) -> None:
    rig.links = vault = SlowVault()

    async def story() -> None:
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            await until(lambda: vault.secrets)
            engine.pause([asset_id])
            await until(lambda: not vault.secrets)
            vault.answers.set()
            rig.transfers.finish.set()
            engine.resume([asset_id])
            await until(lambda: row(engine, asset_id).state is AssetState.READY)
            assert vault.secrets == {}

    asyncio.run(story())
