"""Leaving a profile: asked once while its work goes on, not at all while it rests."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QMessageBox

from mosaic_desktop.core.asset import AssetState
from mosaic_desktop.core.output import OutputState
from mosaic_desktop.core.ports import Profile
from mosaic_desktop.core.run import RunState
from mosaic_desktop.gui.leaving import Unfinished, leaving_words, unfinished
from tests.gui.models.builders import Board, asset, output, run
from tests.gui.pages.desk import ACCOUNT, LOCAL, Desk
from tests.support.waiting import until_async

SENDING = asset("a.mp4", state=AssetState.UPLOADING)
SESSION = Profile("account", "My Mosaic", False, "https://mosaic.invalid", "mk_live_…a1b2", session_only=True)


def switch(desk: Desk) -> None:
    """Chooses the way out in the menu of the chip."""
    desk.button("Account: ").findChildren(QMenu)[0].actions()[-1].trigger()


# Words


@pytest.mark.parametrize(
    ("work", "profile", "words"),
    [
        (
            Unfinished(uploads=1),
            LOCAL,
            "1 upload is under way and stops here now. It continues when you open the local Mosaic again.",
        ),
        (
            Unfinished(uploads=2, runs=1, downloads=3),
            ACCOUNT,
            "2 uploads, 1 run and 3 downloads are under way and stop here now. They continue when you open this account"
            " again. Runs that have started go on at Mosaic in the meantime.",
        ),
        (
            Unfinished(downloads=2),
            SESSION,
            "2 downloads are under way and stop here now. They continue when you enter this key again.",
        ),
    ],
)
def test_the_words_say_what_stops_and_when_it_continues(work: Unfinished, profile: Profile, words: str) -> None:
    assert leaving_words(work, profile) == words


def test_what_rests_is_not_called_unfinished() -> None:
    rests = Board(
        asset("a.mp4", state=AssetState.PAUSED),
        asset("ready.mp4", state=AssetState.READY),
        asset("failed.mp4", state=AssetState.FAILED),
        run(1, state=RunState.FINISHED),
        run(2, state=RunState.UNCONFIRMED),
        run(3, state=RunState.WAITING),  # for a.mp4
        output(1, state=OutputState.SAVED),
    )
    assert unfinished(rests.store) == Unfinished()


@pytest.mark.parametrize("state", [AssetState.READY, AssetState.UPLOADING])
def test_a_run_that_waits_for_its_turn_is_unfinished(state: AssetState) -> None:
    waiting = run(1, state=RunState.WAITING)
    store = Board(asset("a.mp4", state=state), waiting, output(1, state=OutputState.WAITING)).store
    assert unfinished(store).runs == 1
    assert unfinished(store).downloads == 1


# The question


def test_nothing_is_asked_while_nothing_goes_on(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(asset("a.mp4", state=AssetState.PAUSED))
        switch(desk)
        await desk.settle()
        assert desk.gateway.asked == ["leave"]
        assert not desk.visible(QMessageBox)

    desk.run(story())


@pytest.mark.parametrize(("word", "asked"), [("Leave", ["leave"]), ("Stay", [])])
def test_the_chip_asks_while_work_goes_on(desk: Desk, word: str, asked: list[str]) -> None:
    async def story() -> None:
        await desk.open(SENDING)
        switch(desk)
        box = await desk.question()
        assert "1 upload is under way and stops here now." in box.informativeText()
        assert desk.gateway.asked == []
        await desk.answer(word)
        assert desk.gateway.asked == asked

    desk.run(story())


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_enter_and_escape_stay(desk: Desk, key: Qt.Key) -> None:
    async def story() -> None:
        await desk.open(SENDING)
        switch(desk)
        QTest.keyClick(await desk.question(), key)
        await until_async(lambda: not desk.visible(QMessageBox))
        await desk.settle()
        assert desk.gateway.asked == []

    desk.run(story())


@pytest.mark.parametrize(("word", "asked"), [("Leave", ["leave"]), ("Stay", [])])
def test_the_settings_ask_the_same(desk: Desk, word: str, asked: list[str]) -> None:
    async def story() -> None:
        await desk.open(SENDING, page="Settings")
        await desk.press("Leave this account")
        await desk.answer(word)
        assert desk.gateway.asked == asked
        assert word == "Leave" or desk.button("Leave this account").isEnabled()

    desk.run(story())


def test_forgetting_a_key_asks_once_and_says_what_stops(desk: Desk) -> None:
    async def story() -> None:
        await desk.open(SENDING, page="Settings", profile=ACCOUNT)
        await desk.press("Forget this key")
        box = await desk.question()
        assert "1 upload is under way and stops here now." in box.informativeText()
        await desk.answer("Forget")
        assert desk.gateway.asked == ["leave and forget"]
        assert not desk.visible(QMessageBox)

    desk.run(story())
