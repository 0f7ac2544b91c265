"""What may be offered, and what is refused with which reason."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mosaic_desktop.core.asset import AssetState
from mosaic_desktop.core.errors import Code
from tests.jobs.rig import SPEC, Rig, until


def offer(rig: Rig, *things: Path | str) -> list[str]:
    """Offers, waits until every file was looked into, and returns the names in the queue."""

    async def story() -> list[str]:
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            await engine.add(things)
            await until(lambda: all(asset.state is not AssetState.PROBING for asset in engine.store.assets()))
            return [asset.name for asset in engine.store.assets()]

    return asyncio.run(story())


def test_folders_are_taken_with_everything_below(rig: Rig) -> None:
    for name in ("day 1/b.mov", "day 1/a.mp4", "day 2/deep/c.mkv", "day 2/readme.txt", ".hidden/d.mp4", "._e.mp4"):
        rig.file(f"shoot/{name}")
    assert offer(rig, rig.folder / "shoot") == ["a.mp4", "b.mov", "c.mkv"]
    assert rig.refusals() == []


REFUSED: dict[str, tuple[Callable[[Rig], Path | str], Code]] = {
    "gone": (lambda rig: rig.folder / "gone.mp4", Code.FILE_MISSING),
    "empty": (lambda rig: rig.file("empty.mp4", 0), Code.FILE_EMPTY),
    "small": (lambda rig: rig.file("small.mp4", 1023), Code.FILE_TOO_SMALL),
    "text": (lambda rig: rig.file("notes.txt"), Code.NOT_A_VIDEO),
    "folder": (lambda rig: rig.file("papers/readme.txt").parent, Code.NO_VIDEOS_IN_FOLDER),
    "link": (lambda _: "https://example.com/video", Code.UNKNOWN_LINK),
    "playlist": (lambda _: "https://www.youtube.com/playlist?list=PL1", Code.UNKNOWN_LINK),
}


@pytest.mark.parametrize(("make", "code"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_sent_is_refused_with_its_reason(
    rig: Rig, make: Callable[[Rig], Path | str], code: Code
) -> None:
    assert offer(rig, make(rig)) == []
    assert rig.refusals() == [code]


def test_a_file_over_the_plans_limit_is_refused(rig: Rig) -> None:
    path = rig.file("huge.mp4")
    os.truncate(path, 10 * 1024**3 + 1)
    assert offer(rig, path) == []
    assert rig.refusals() == [Code.FILE_TOO_LARGE]


def test_six_gigabytes_keep_their_number(rig: Rig) -> None:
    path = rig.file("long.mp4")
    os.truncate(path, 6_000_000_000)

    async def story() -> int:
        rig.transfers.finish.clear()
        async with rig.engine() as engine:
            (asset_id,) = await engine.add([path])
            await until(lambda: rig.transfers.progresses)
            rig.transfers.show(0.75)
            asset = engine.store.asset(asset_id)
            assert asset is not None
            assert asset.bytes_done == 4_500_000_000
            assert asset.per_mille == 750
            return asset.size

    assert asyncio.run(story()) == 6_000_000_000


def test_the_same_file_is_one_row(rig: Rig) -> None:
    path = rig.file()
    assert offer(rig, path, path) == ["talk.mp4"]
    assert rig.refusals() == [Code.ALREADY_QUEUED]


def test_a_youtube_link_needs_no_upload(rig: Rig) -> None:
    async def story() -> None:
        async with rig.engine() as engine:
            (asset_id,) = await engine.add(["https://youtu.be/dQw4w9WgXcQ"])
            asset = engine.store.asset(asset_id)
            assert asset is not None
            assert asset.state is AssetState.READY
            engine.run([asset_id], SPEC)
            await until(lambda: rig.service.started)

    asyncio.run(story())
    assert rig.service.started == [("youtube_dQw4w9WgXcQ", SPEC)]
    assert rig.transfers.progresses == []
