"""What happens around the application: networks and disks that are gone, clocks, others at the user's files."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mosaic_desktop.core.asset import AssetState
from tests.faults import faults
from tests.faults.faults import Do, changes_json
from tests.faults.mini_mosaic import MiniMosaic
from tests.faults.state import Fault
from tests.faults.story import RENDERED, VIDEO, Story, assert_all_well
from tests.faults.talk import Talk

UNREACHABLE = "Mosaic cannot be reached. The app keeps trying."
INSECURE = "The connection is not secure, so nothing was sent. Check this computer’s date and certificates."
GONE = "The file is not there any more."
CHANGED = "The file changed since it was added."
UNREADABLE = "The file cannot be read."
FULL = "The disk is full."
FOLDER = "output folder"


def test_nobody_listens_for_a_while(tmp_path: Path) -> None:
    async def live() -> None:
        with MiniMosaic(RENDERED) as mosaic:
            story = Story(tmp_path, mosaic)
            async with story.open():
                with mosaic.away():
                    await story.begin()
                    await story.reads(UNREACHABLE)
                await story.until(lambda: story.saved)
            assert_all_well(story)

    asyncio.run(live())


def test_a_name_that_nobody_knows(tmp_path: Path) -> None:
    async def live() -> None:
        with MiniMosaic(RENDERED) as mosaic:
            story = Story(tmp_path, mosaic, base_url="https://mosaic.invalid/api")
            async with story.open():
                await story.begin()
                await story.reads(UNREACHABLE)
                assert not story.stuck
            story.base_url = mosaic.base_url
            async with story.open():
                await story.until(lambda: story.saved)
            assert_all_well(story)

    asyncio.run(live())


@pytest.mark.parametrize(("host", "text"), [("https://storage.invalid", UNREACHABLE), ("", INSECURE)])
def test_a_storage_that_is_not_reached(tmp_path: Path, host: str, text: str) -> None:
    async def live() -> None:
        with MiniMosaic(RENDERED) as mosaic:
            elsewhere = host or mosaic.storage_url.replace("http://", "https://")
            bends = changes_json(
                lambda value: value.update(upload_url=value["upload_url"].replace(mosaic.storage_url, elsewhere))
            )
            mosaic.faults.append(Fault("sign", bends))
            story = Story(tmp_path, mosaic)
            async with story.open():
                await story.begin()
                await story.reads(text)
                await story.send_again()
            assert_all_well(story)

    asyncio.run(live())


def test_a_service_without_a_secure_connection(tmp_path: Path) -> None:
    async def live() -> None:
        with MiniMosaic(RENDERED) as mosaic:
            story = Story(tmp_path, mosaic, base_url=mosaic.base_url.replace("http://", "https://"))
            async with story.open():
                await story.begin()
                await story.reads(INSECURE)
            story.base_url = mosaic.base_url
            async with story.open():
                await story.send_again()
            assert_all_well(story)

    asyncio.run(live())


@pytest.mark.parametrize("jump", [-3600.0, 3600.0, 86_400.0])
@pytest.mark.parametrize("name", ["put", "status", "get"])
def test_a_clock_that_jumps_while_something_moves(tmp_path: Path, jump: float, name: str) -> None:
    """An hour wrong and set right, and a computer that slept while its connections died."""

    async def live() -> None:
        with MiniMosaic(RENDERED) as mosaic:
            story = Story(tmp_path, mosaic)

            def sleeps(talk: Talk) -> bool:
                story.clock.jump += jump
                return faults.cut_before(talk)

            mosaic.faults.append(Fault(name, sleeps))
            async with story.open():
                await story.begin()
                await story.until(lambda: story.saved)
            assert_all_well(story)

    asyncio.run(live())


# The user's own file


def append(path: Path) -> None:
    path.write_bytes(VIDEO + b"more")


def rewrite(path: Path) -> None:
    path.write_bytes(VIDEO[:-1] + b"!")


@pytest.mark.parametrize("change", [append, rewrite, Path.unlink], ids=["longer", "rewritten", "deleted"])
@pytest.mark.parametrize("sessions", [False, True], ids=["plain", "session"])
def test_a_file_that_changes_while_it_is_sent_is_never_sent_half_old(
    tmp_path: Path, change: Callable[[Path], object], sessions: bool
) -> None:
    async def live() -> None:
        with MiniMosaic(RENDERED, sessions=sessions) as mosaic:
            story = Story(tmp_path, mosaic)
            mosaic.faults.append(Fault("put", meanwhile(lambda: change(story.source))))
            async with story.open():
                await story.begin()
                await story.until(lambda: any(CHANGED in text or GONE in text for text in story.said))
                await story.until(lambda: story.asset.state is AssetState.FAILED)
                assert "finalize" not in mosaic.log
            assert mosaic.starts_of("talk.mp4") == 0
            assert story.kept_rows()[:2] == (1, 1)

    asyncio.run(live())


def test_a_file_on_a_disk_that_is_gone_and_comes_back(tmp_path: Path) -> None:
    async def live() -> None:
        disk, elsewhere = tmp_path / "disk", tmp_path / "elsewhere"
        disk.mkdir()
        with MiniMosaic(RENDERED) as mosaic:
            story = Story(disk, mosaic)
            async with story.open():
                mosaic.faults.append(Fault("sign", faults.says(503, "unavailable")))
                await story.begin()
                await story.reads("unavailable.")
                story.source.rename(elsewhere)
                await story.reads(GONE)
                elsewhere.rename(story.source)
                await story.send_again()
            assert_all_well(story)

    asyncio.run(live())


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    async def live() -> None:
        with MiniMosaic(RENDERED) as mosaic:
            story = Story(tmp_path, mosaic)
            async with story.open():
                loop = tmp_path / "loop.mp4"
                loop.symlink_to(loop)
                assert story.engine is not None
                await story.engine.add([loop])
                await story.reads(UNREADABLE)
                await story.begin()
                await story.until(lambda: story.saved)
            assert_all_well(story)

    asyncio.run(live())


# The folder for what comes back


def test_a_folder_that_is_gone_while_a_video_comes(tmp_path: Path) -> None:
    async def live() -> None:
        with MiniMosaic(RENDERED) as mosaic:
            story = Story(tmp_path, mosaic)
            mosaic.faults.append(Fault("get", meanwhile(lambda: shutil.rmtree(story.outputs))))
            async with story.open():
                await story.begin()
                await story.until(lambda: story.saved or story.stuck)
                if not story.saved:
                    await story.reads(FOLDER)
                    await story.fetch_again()
            assert_all_well(story)

    asyncio.run(live())


def test_a_folder_that_nobody_can_write_to(tmp_path: Path) -> None:
    async def live() -> None:
        with MiniMosaic(RENDERED) as mosaic:
            story = Story(tmp_path, mosaic)
            story.outputs.write_text("a file where the folder should be")
            async with story.open():
                await story.begin()
                await story.reads(FOLDER)
                story.outputs.unlink()
                await story.fetch_again()
            assert_all_well(story)

    asyncio.run(live())


def test_a_disk_without_room(tmp_path: Path) -> None:
    async def live() -> None:
        huge: Do = changes_json(lambda value: value["outputs"][0].update(file_size=10**17))
        with MiniMosaic(RENDERED, faults=[Fault("outputs", huge, 20)]) as mosaic:
            story = Story(tmp_path, mosaic)
            async with story.open():
                await story.begin()
                await story.reads(FULL)
                assert "get" not in mosaic.log
                mosaic.faults.clear()
                await story.fetch_again()
            assert_all_well(story)

    asyncio.run(live())


@pytest.mark.expect_log("not authorized")
def test_a_journal_that_cannot_be_written_for_a_while(tmp_path: Path) -> None:
    """Nothing is sent that could not be written down; and it goes on once there is room."""

    async def live() -> None:
        with MiniMosaic(RENDERED) as mosaic:
            story = Story(tmp_path, mosaic)
            async with story.open():
                await story.lock_journal(True)
                await story.begin()
                await story.pass_time(30)
                assert "start" not in mosaic.log
                await story.lock_journal(False)
                await story.until(lambda: story.saved or story.stuck)
                if story.asset.state is AssetState.FAILED:
                    assert story.engine is not None
                    story.engine.resume([story.asset.id])
                await story.until(lambda: story.saved)
            assert_all_well(story)

    asyncio.run(live())


def meanwhile(act: Callable[[], object]) -> Do:
    """``act`` happens when the request is there, before it is answered."""

    def do(talk: Talk) -> bool:
        talk.take_body()
        act()
        return True

    return do
