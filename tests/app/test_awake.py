"""The computer stays awake while something moves, by a real message on a real session bus."""

import asyncio
import gc
import os
import weakref
from pathlib import Path

import pytest

from mosaic_desktop.app.awake import StayAwake, SystemWakeLock
from mosaic_desktop.core.clock import SystemClock
from tests.app.power_service import power_service
from tests.jobs.rig import Rig, until


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def test_awake_from_the_first_byte_to_the_last(rig: Rig) -> None:
    async def story() -> None:
        with power_service(os.environ["DBUS_SESSION_BUS_ADDRESS"]) as power:
            async with rig.engine() as engine:
                awake = StayAwake(engine, SystemWakeLock(), SystemClock())
                (asset_id,) = await engine.add([rig.file()])
                await until(lambda: len(power.holders) == 1)
                engine.pause([asset_id])
                await until(lambda: not power.holders)
                engine.resume([asset_id])
                await until(lambda: len(power.holders) == 1)
                rig.transfers.finish.set()
                await until(lambda: not power.holders)
                assert power.asked == 2
                await awake.aclose()

    asyncio.run(story())


def test_nothing_is_held_when_the_application_ends_in_the_middle(rig: Rig) -> None:
    async def story() -> None:
        with power_service(os.environ["DBUS_SESSION_BUS_ADDRESS"]) as power:
            async with rig.engine() as engine:
                awake = StayAwake(engine, SystemWakeLock(), SystemClock())
                await engine.add([rig.file()])
                await until(lambda: len(power.holders) == 1)
                await awake.aclose()
                assert not power.holders

    asyncio.run(story())


def test_garbage_is_not_looked_for_on_the_thread_that_asks() -> None:
    """Windows and timers that are garbage must end on the thread of the window."""

    class Cycle:
        def __init__(self) -> None:
            self.itself = self

    async def story() -> None:
        with power_service(os.environ["DBUS_SESSION_BUS_ADDRESS"]) as power:
            lock = SystemWakeLock()
            await lock.hold()
            assert power.holders
            await lock.aclose()
            assert not power.holders

    gc.collect()
    gc.disable()
    try:
        garbage = weakref.ref(Cycle())
        asyncio.run(story())
        assert garbage() is not None
    finally:
        gc.enable()


def test_work_goes_on_where_no_service_can_be_asked(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            awake = StayAwake(engine, SystemWakeLock(), SystemClock())
            (asset_id,) = await engine.add([rig.file()])
            rig.transfers.finish.set()
            await until(lambda: (asset := engine.store.asset(asset_id)) is not None and asset.file_id)
            await awake.aclose()

    asyncio.run(story())
