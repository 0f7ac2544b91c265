"""Upload sessions: what the storage has is not sent again, and a keyring that is locked costs no upload."""

import asyncio
from pathlib import Path

import pytest

from mosaic_desktop.core.asset import Keeps
from tests.faults.faults import answers, cut_in_body
from tests.faults.mini_mosaic import MiniMosaic
from tests.faults.state import Fault
from tests.faults.story import RENDERED, VIDEO, Story, assert_all_well
from tests.faults.vaults import FileVault, LockedVault

HALF = len(VIDEO) // 2
BREAK = [Fault("put", cut_in_body(0.5)), Fault("put", answers(503))]
LOCKED = pytest.mark.expect_log("keyring_locked")


@LOCKED
def test_only_the_rest_is_sent_after_a_break(tmp_path: Path) -> None:
    async def live() -> None:
        with MiniMosaic(RENDERED, sessions=True, faults=list(BREAK)) as mosaic:
            story = Story(tmp_path, mosaic, links=LockedVault())
            async with story.open():
                await story.begin()
                await story.until(lambda: story.saved)
            assert mosaic.sent == [(0, HALF), (HALF, HALF)]
            assert_all_well(story)

    asyncio.run(live())


@pytest.mark.parametrize(
    "kept", [pytest.param(True, id="keyring"), pytest.param(False, id="locked keyring", marks=LOCKED)]
)
def test_what_stays_when_the_application_ends_is_what_was_said(tmp_path: Path, kept: bool) -> None:
    async def live() -> None:
        away = [Fault("put", cut_in_body(0.5)), Fault("put", answers(503), 1000)]
        with MiniMosaic(RENDERED, sessions=True, faults=away) as mosaic:
            story = Story(tmp_path, mosaic, links=FileVault(tmp_path / "vault") if kept else LockedVault())
            async with story.open():
                await story.begin()
                await story.until(lambda: mosaic.log.count("put") >= 4)
                assert story.asset.keeps is (Keeps.ACROSS_RESTARTS if kept else Keeps.UNTIL_EXIT)
            mosaic.faults.clear()
            async with story.open():
                await story.until(lambda: story.saved)
            assert mosaic.sent == [(0, HALF), (HALF, HALF) if kept else (0, len(VIDEO))]
            assert_all_well(story)
            if kept:
                assert not list((tmp_path / "vault").iterdir())  # nothing secret stays behind

    asyncio.run(live())
