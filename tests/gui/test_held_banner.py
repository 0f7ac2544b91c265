"""The banner while there are no credits: how many runs wait, on every page, and the way on."""

from dataclasses import replace

import pytest

from mosaic_desktop.core.errors import Code, ServiceError
from mosaic_desktop.core.run import RunState
from mosaic_desktop.gui.held_banner import HeldBanner
from mosaic_desktop.gui.text.window import held_words
from tests.gui.models.builders import SPEC, asset
from tests.gui.pages.desk import LOCAL, Desk
from tests.support.waiting import until_async

VIDEOS = tuple(replace(asset(f"{name}.mp4"), file_id=f"file-{name}") for name in "abc")


@pytest.mark.parametrize("page", ["Studio", "Runs", "Outputs"])
def test_nothing_is_said_while_there_are_credits(desk: Desk, page: str) -> None:
    async def story() -> None:
        await desk.open(*VIDEOS, page=page)
        assert desk.visible(HeldBanner) == []

    desk.run(story())


def test_runs_that_wait_for_credits_are_counted_and_go_on_when_the_user_says_so(desk: Desk) -> None:
    desk.service.errors["start_run"] = [ServiceError(Code.NO_CREDITS)]

    async def story() -> None:
        engine = await desk.open(*VIDEOS, page="Studio")
        engine.run([video.id for video in VIDEOS[:2]], SPEC)
        await desk.until_says("Out of credits: 2 runs wait, and nothing is charged.")
        engine.run([VIDEOS[2].id], SPEC)
        await desk.until_says("Out of credits: 3 runs wait, and nothing is charged.")
        await desk.press("Runs")
        assert "Out of credits: 3 runs wait" in desk.words()
        assert "Top up at Mosaic, then press Continue." in desk.words()
        await desk.press("Continue")
        await until_async(lambda: {run.state for run in engine.store.runs()} == {RunState.RUNNING})
        assert desk.visible(HeldBanner) == []

    desk.run(story())


def test_a_hold_of_before_is_told_when_the_workspace_opens(desk: Desk) -> None:
    desk.service.errors["start_run"] = [ServiceError(Code.NO_CREDITS)]

    async def story() -> None:
        engine = desk.engine(*VIDEOS)
        engine.run([VIDEOS[0].id], SPEC)
        await until_async(lambda: engine.spending_held.problem is not None)
        desk.window.show_workspace(engine, LOCAL)
        await desk.show()
        await desk.until_says("Out of credits: 1 run waits")

    desk.run(story())


def test_one_and_none_are_told_in_words() -> None:
    assert (
        held_words(1) == "Out of credits: 1 run waits, and nothing is charged. Top up at Mosaic, then press Continue."
    )
    assert held_words(0).startswith("Out of credits: new runs wait")
