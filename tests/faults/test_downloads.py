"""Downloads that break: what is on disk is not fetched again, and never mixed with another object's bytes."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.faults import answers, cut_in_answer
from tests.faults.mini_mosaic import MiniMosaic
from tests.faults.state import Fault
from tests.faults.story import Story, assert_all_well
from tests.faults.talk import Talk

LARGE = bytes(range(256)) * (64 * 1024) + b"end"  # 16 MiB, some pieces of what is flushed at a time
OTHER = bytes(reversed(LARGE))


@pytest.mark.parametrize("restarted", [False, True], ids=["running", "restarted"])
def test_it_goes_on_behind_what_is_there_with_a_fresh_link(tmp_path: Path, restarted: bool) -> None:
    async def live() -> None:
        with MiniMosaic(LARGE) as mosaic:
            story = Story(tmp_path, mosaic, rendered=LARGE)

            def dies(talk: Talk) -> bool:
                half(talk)
                mosaic.expire_links()
                if restarted:
                    mosaic.faults.append(Fault("outputs", answers(503), 10_000))
                return False

            mosaic.faults.append(Fault("get", dies))
            async with story.open():
                await story.begin()
                await story.until(lambda: story.saved or (restarted and mosaic.fetched and story.waits))
            mosaic.faults.clear()
            if restarted:
                async with story.open():
                    await story.until(lambda: story.saved)
            first, *more = mosaic.fetched
            assert first == 0
            assert more
            assert all(0 < start <= len(LARGE) // 2 for start in more)
            assert_all_well(story)

    asyncio.run(live())


def test_another_object_is_fetched_from_its_beginning(tmp_path: Path) -> None:
    async def live() -> None:
        with MiniMosaic(LARGE) as mosaic:
            story = Story(tmp_path, mosaic, rendered=OTHER)

            def changes(talk: Talk) -> bool:
                half(talk)
                mosaic.output, mosaic.etag = OTHER, '"second"'
                return False

            mosaic.faults.append(Fault("get", changes))
            async with story.open():
                await story.begin()
                await story.until(lambda: story.saved)
            assert mosaic.fetched == [0, 0]
            assert_all_well(story)

    asyncio.run(live())


def test_a_file_of_that_name_stays_as_it_is(tmp_path: Path) -> None:
    async def live() -> None:
        with MiniMosaic(LARGE) as mosaic:
            story = Story(tmp_path, mosaic, rendered=LARGE)
            story.outputs.mkdir()
            story.target.write_text("the user's own")
            async with story.open():
                await story.begin()
                await story.until(lambda: story.saved)
                output = story.output
                assert output is not None
                assert output.path is not None
                assert output.path.name == "talk · Copy (1).mp4"
                assert output.path.read_bytes() == LARGE
            assert story.target.read_text() == "the user's own"
            assert len(list(story.outputs.iterdir())) == 2

    asyncio.run(live())


half = cut_in_answer(0.5)
