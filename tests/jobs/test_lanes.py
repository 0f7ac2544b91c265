"""The slots of the upload queue: obeyed, changed while uploads go on, and passed by small files only."""

import asyncio
import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.pace import EXPRESS_BYTES, MAX_SLOTS, TransferLimits
from mosaic_desktop.jobs.engine import Engine
from mosaic_desktop.jobs.lanes import Going, is_overfull, next_upload
from tests.jobs.rig import Rig, until

SMALL, HUGE = 4096, EXPRESS_BYTES + 1

sizes = st.sampled_from([SMALL, HUGE])
waiting = st.lists(
    st.builds(lambda size, number: Asset(AssetId(str(number)), "clip.mp4", size=size), sizes, st.integers(0, 99))
)


@given(waiting, st.integers(1, MAX_SLOTS))
def test_whatever_waits_the_slots_are_filled_and_not_overfilled(assets: list[Asset], slots: int) -> None:
    busy: list[Going] = []
    left = list(assets)
    while (chosen := next_upload(left, busy, slots)) is not None:
        left.remove(chosen)
        busy.append(Going(chosen.size))
    small = [upload for upload in busy if upload.is_small]
    assert len(busy) <= slots + 1
    assert not is_overfull(busy, slots)
    if len(busy) > slots:
        assert len(small) == 1, "only one small file goes beside slots that are all taken by large ones"
    assert len(busy) >= min(slots, len(assets))
    if len(small) == 0:
        assert not any(asset.size <= EXPRESS_BYTES for asset in left), "nothing small stands behind huge ones"


def row(engine: Engine, asset_id: AssetId) -> Asset:
    asset = engine.store.asset(asset_id)
    assert asset is not None
    return asset


def sending(engine: Engine) -> str:
    return "".join(asset.name[0] for asset in engine.store.assets() if asset.state is AssetState.UPLOADING)


def huge(rig: Rig, name: str) -> Path:
    path = rig.file(name)
    os.truncate(path, HUGE)
    return path


def test_a_small_file_passes_huge_ones_without_stopping_them(rig: Rig) -> None:
    async def story() -> None:
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            for name in ("a.mp4", "b.mp4", "c.mp4"):
                await engine.add([huge(rig, name)])
                await until(lambda: all(asset.state is not AssetState.PROBING for asset in engine.store.assets()))
            await until(lambda: sending(engine) == "ab")
            await engine.add([rig.file("d.mp4")])
            await until(lambda: sending(engine) == "abd")
            (last,) = await engine.add([rig.file("e.mp4")])
            await until(lambda: row(engine, last).state is AssetState.QUEUED)
            await rig.pass_time(5)
            assert sending(engine) == "abd"

    asyncio.run(story())


def test_fewer_slots_hold_at_once_where_nothing_is_lost(rig: Rig) -> None:
    """A plain PUT that has begun is sent to its end; one that keeps what arrived goes back to the queue."""

    async def story() -> None:
        rig.limits = TransferLimits(upload_slots=4)
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            ids = await engine.add([rig.file(f"{letter}.mp4") for letter in "abcd"])
            await until(lambda: sending(engine) == "abcd")
            for path, (progress, size) in zip(rig.transfers.paths_put, rig.transfers.progresses, strict=True):
                if path.name in {"a.mp4", "d.mp4"}:
                    progress(1000, size)
            engine.set_limits(TransferLimits(upload_slots=1))
            assert sending(engine) == "ad", "both have sent something that would be lost"
            rig.transfers.finish.set()
            await until(lambda: all(row(engine, asset_id).state is AssetState.READY for asset_id in ids))

    asyncio.run(story())


def test_sessions_go_back_to_the_queue_with_what_they_have(rig: Rig) -> None:
    async def story() -> None:
        rig.service.sessions = True
        rig.limits = TransferLimits(upload_slots=3)
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            ids = await engine.add([rig.file(f"{letter}.mp4") for letter in "abc"])
            await until(lambda: sending(engine) == "abc")
            rig.transfers.show(0.5)
            engine.set_limits(TransferLimits(upload_slots=1))
            assert sending(engine) == "a"
            assert row(engine, ids[2]).bytes_kept == SMALL // 2
            rig.transfers.finish.set()
            await until(lambda: all(row(engine, asset_id).state is AssetState.READY for asset_id in ids))

    asyncio.run(story())
    assert rig.transfers.begun == [0, 0, 0, SMALL // 2, SMALL // 2]
