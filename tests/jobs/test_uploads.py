"""The upload queue: pausing, faults, and what is never sent."""

import asyncio
import os

import pytest

from mosaic_desktop.core.asset import Asset, AssetId, AssetState, Keeps
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, NetworkError, ServiceError, StorageError
from mosaic_desktop.core.retry import RetryPolicy
from mosaic_desktop.jobs.engine import Engine
from tests.jobs.rig import Rig, until


def row(engine: Engine, asset_id: AssetId) -> Asset:
    asset = engine.store.asset(asset_id)
    assert asset is not None
    return asset


def test_pausing_stops_the_bytes_and_resuming_sends_the_file(rig: Rig) -> None:
    async def story() -> None:
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            await until(lambda: rig.transfers.progresses)
            rig.transfers.show(0.5)
            assert row(engine, asset_id).bytes_done == 2048
            engine.pause([asset_id])
            assert row(engine, asset_id).state is AssetState.PAUSED
            assert row(engine, asset_id).bytes_done == 0, "a plain PUT keeps nothing"
            rig.transfers.finish.set()
            await rig.pass_time(30)
            assert row(engine, asset_id).state is AssetState.PAUSED
            engine.resume([asset_id])
            await until(lambda: row(engine, asset_id).state is AssetState.READY)

    asyncio.run(story())


def test_a_cancelled_upload_can_be_tried_again_and_a_removed_one_is_gone(rig: Rig) -> None:
    async def story() -> None:
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            await until(lambda: rig.transfers.progresses)
            engine.cancel([asset_id])
            assert row(engine, asset_id).state is AssetState.CANCELLED
            engine.resume([asset_id])
            await until(lambda: len(rig.transfers.progresses) == 2)
            engine.remove([asset_id])
            assert engine.store.asset(asset_id) is None
        assert rig.journal.rows == {}

    asyncio.run(story())


TRANSIENT: dict[str, tuple[str, MosaicError]] = {
    "no network": ("request_upload", NetworkError(Code.UNREACHABLE, seen=False)),
    "service error": ("request_upload", ServiceError(Code.SERVER, retryable=True, status=500)),
    "finalize cut": ("finalize_upload", NetworkError(Code.INTERRUPTED, seen=True)),
}


@pytest.mark.parametrize(("call", "error"), TRANSIENT.values(), ids=TRANSIENT)
def test_a_passing_fault_is_got_over_without_the_user(rig: Rig, call: str, error: MosaicError) -> None:
    rig.service.errors = {call: [error, error]}

    async def story() -> None:
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            await until(lambda: row(engine, asset_id).problem)
            assert row(engine, asset_id).state is AssetState.QUEUED
            await rig.time_until(lambda: row(engine, asset_id).state is AssetState.READY)
            assert row(engine, asset_id).problem is None

    asyncio.run(story())
    assert len(rig.transfers.progresses) == 1, "the bytes are sent once"


def test_a_service_that_is_back_is_used_at_once(rig: Rig) -> None:
    rig.service.errors = {"request_upload": [NetworkError(Code.UNREACHABLE, seen=False) for _ in range(6)]}

    async def story() -> None:
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            await rig.time_until(lambda: not rig.service.errors["request_upload"])
            await engine.agents()
            await until(lambda: row(engine, asset_id).state is AssetState.READY)

    asyncio.run(story())


def test_an_expired_link_is_asked_for_again(rig: Rig) -> None:
    async def story() -> None:
        rig.transfers.errors = [StorageError(Code.LINK_EXPIRED, retryable=True)]
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            await rig.time_until(lambda: row(engine, asset_id).state is AssetState.READY, seconds=5)

    asyncio.run(story())
    assert rig.service.finalized == ["video-2"]


def test_a_transfer_that_never_gets_through_is_given_up(rig: Rig) -> None:
    async def story() -> None:
        rig.transfers.errors = [NetworkError(Code.INTERRUPTED, seen=True) for _ in range(50)]
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            await rig.time_until(lambda: row(engine, asset_id).state is AssetState.FAILED, seconds=900)

    asyncio.run(story())
    assert len(rig.transfers.sizes_put) == 8


def test_a_rejected_key_costs_no_second_upload(rig: Rig) -> None:
    rig.service.errors = {"finalize_upload": [AuthError(Code.INVALID_KEY, status=401)]}

    async def story() -> None:
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            await until(lambda: row(engine, asset_id).problem)
            await rig.pass_time(30)
            assert row(engine, asset_id).state is AssetState.QUEUED, "it waits for a key that is taken"
            await engine.agents()
            await until(lambda: row(engine, asset_id).state is AssetState.READY)

    asyncio.run(story())
    assert len(rig.transfers.sizes_put) == 1


def test_a_row_that_was_resumed_and_removed_stays_away(rig: Rig) -> None:
    async def story() -> None:
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            await until(lambda: rig.transfers.progresses)
            engine.pause([asset_id])
            engine.resume([asset_id])
            engine.remove([asset_id])
            await rig.pass_time(5)
            assert engine.store.asset(asset_id) is None
        assert rig.journal.rows == {}

    asyncio.run(story())


def test_a_fault_for_good_says_so_and_waits_for_the_user(rig: Rig) -> None:
    rig.service.errors = {"request_upload": [ServiceError(Code.VALIDATION, "Too long a name.", status=400)]}

    async def story() -> None:
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            await until(lambda: row(engine, asset_id).state is AssetState.FAILED)
            problem = row(engine, asset_id).problem
            assert problem is not None
            assert problem.detail == "Too long a name."
            engine.resume([asset_id])
            await until(lambda: row(engine, asset_id).state is AssetState.READY)

    asyncio.run(story())


def test_a_file_that_changed_is_not_sent_until_the_user_says_so(rig: Rig) -> None:
    async def story() -> None:
        path = rig.file()
        rig.service.errors = {"request_upload": [NetworkError(Code.UNREACHABLE, seen=False)]}
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([path])
            await until(lambda: row(engine, asset_id).problem)
            path.write_bytes(b"w" * 5000)
            await rig.time_until(lambda: row(engine, asset_id).state is AssetState.FAILED)
            problem = row(engine, asset_id).problem
            assert problem is not None
            assert problem.code == Code.FILE_CHANGED
            assert rig.transfers.progresses == []
            engine.resume([asset_id])
            await until(lambda: row(engine, asset_id).state is AssetState.READY)
            assert row(engine, asset_id).size == 5000

    asyncio.run(story())


def test_a_file_that_changes_while_it_is_sent_is_not_finalized(rig: Rig) -> None:
    async def story() -> None:
        path = rig.file()
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([path])
            await until(lambda: rig.transfers.progresses)
            os.utime(path, ns=(1, 1))
            rig.transfers.finish.set()
            await until(lambda: row(engine, asset_id).state is AssetState.FAILED)

    asyncio.run(story())
    assert rig.service.finalized == []


def test_two_at_a_time_in_the_order_of_the_queue(rig: Rig) -> None:
    async def story() -> None:
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            ids = await engine.add([rig.file(f"{n}.mp4") for n in range(4)])
            await until(lambda: len(rig.transfers.progresses) == 2)
            await rig.pass_time(5)
            assert len(rig.transfers.progresses) == 2
            waiting = [row(engine, asset_id).state for asset_id in ids[2:]]
            assert waiting == [AssetState.QUEUED] * 2
            rig.transfers.finish.set()
            await until(lambda: all(row(engine, asset_id).state is AssetState.READY for asset_id in ids))

    asyncio.run(story())


def test_a_plain_upload_that_broke_says_that_it_starts_over(rig: Rig) -> None:
    async def story() -> None:
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file()])
            await until(lambda: rig.transfers.progresses)
            rig.transfers.show(0.5)
            rig.transfers.errors = [NetworkError(Code.INTERRUPTED, seen=True)]
            rig.transfers.finish.set()
            await until(lambda: row(engine, asset_id).problem)
            problem = row(engine, asset_id).problem
            assert problem is not None
            assert problem.code == Code.STARTS_OVER
            assert row(engine, asset_id).keeps is Keeps.NOTHING
            await rig.time_until(lambda: row(engine, asset_id).state is AssetState.READY)

    asyncio.run(story())
    assert rig.transfers.begun == [0, 0]


def test_a_service_that_is_away_is_asked_by_one_row_only(rig: Rig) -> None:
    rig.retry = RetryPolicy(patient=True)

    async def story() -> None:
        async with rig.engine() as engine:
            rig.service.down = NetworkError(Code.UNREACHABLE, seen=False)
            ids = await engine.add([rig.file(f"{n}.mp4") for n in range(20)])
            await until(lambda: AssetState.PROBING not in {row(engine, asset_id).state for asset_id in ids})
            await rig.pass_time(900)
            told = [asset_id for asset_id in ids if row(engine, asset_id).problem]
            assert len(told) <= rig.limits.upload_slots, "the others wait without a fault of theirs"
            rig.service.down = None
            await rig.time_until(lambda: all(row(engine, asset_id).state is AssetState.READY for asset_id in ids), 90)

    asyncio.run(story())


@pytest.mark.parametrize(
    "error",
    [
        ServiceError(Code.RATE_LIMIT, retryable=True, status=429, retry_after=120),
        StorageError(Code.STORAGE, retryable=True, status=503, retry_after=120),
    ],
    ids=["service", "storage"],
)
def test_a_wish_for_a_pause_is_granted(rig: Rig, error: MosaicError) -> None:
    if isinstance(error, StorageError):
        rig.transfers.errors = [error]
    else:
        rig.service.errors = {"request_upload": [error]}

    async def story() -> None:
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([rig.file("a.mp4")])
            await until(lambda: row(engine, asset_id).problem)
            (other,) = await engine.add([rig.file("b.mp4")])
            await until(lambda: row(engine, other).state is AssetState.QUEUED)
            await rig.pass_time(115)
            assert row(engine, asset_id).state is AssetState.QUEUED
            assert row(engine, other).state is AssetState.QUEUED, "asked of all"
            await rig.time_until(lambda: row(engine, other).state is AssetState.READY, seconds=10)
            await rig.time_until(lambda: row(engine, asset_id).state is AssetState.READY, seconds=10)

    asyncio.run(story())


def test_a_long_outage_uses_up_no_tries(rig: Rig) -> None:
    rig.retry = RetryPolicy(patient=True)

    async def story() -> None:
        async with rig.engine() as engine:
            rig.service.down = NetworkError(Code.UNREACHABLE, seen=False)
            (asset_id,) = await engine.add([rig.file()])
            await until(lambda: row(engine, asset_id).problem)
            await rig.pass_time(1800)
            assert row(engine, asset_id).state is AssetState.QUEUED
            rig.transfers.errors = [NetworkError(Code.INTERRUPTED, seen=True) for _ in range(6)]
            rig.service.down = None
            await rig.time_until(lambda: row(engine, asset_id).state is AssetState.READY)

    asyncio.run(story())


def test_sleep_is_not_waited_out(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            rig.service.errors = {
                "request_upload": [ServiceError(Code.RATE_LIMIT, retryable=True, status=429, retry_after=600)]
            }
            (asset_id,) = await engine.add([rig.file()])
            await until(lambda: row(engine, asset_id).problem)
            await rig.pass_time(10)
            rig.clock.advance(300)  # the lid was closed
            await until(lambda: row(engine, asset_id).state is AssetState.READY)

    asyncio.run(story())
