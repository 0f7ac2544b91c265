"""Closing the window while work goes on: asked once, in the background with a way back, or stopped."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QMenu, QMessageBox, QSystemTrayIcon

from mosaic_desktop.core.asset import AssetState
from mosaic_desktop.core.output import OutputState
from mosaic_desktop.core.ports import Profile
from mosaic_desktop.core.run import RunState
from mosaic_desktop.gui.closing import closing_words
from mosaic_desktop.gui.leaving import Unfinished
from tests.gui.models.builders import asset, output, run
from tests.gui.pages.desk import ACCOUNT, LOCAL, Desk
from tests.support.waiting import until_async

SENDING = asset("a.mp4", state=AssetState.UPLOADING)
SESSION = Profile("account", "My Mosaic", False, "https://mosaic.invalid", "mk_live_…a1b2", session_only=True)


async def answer(desk: Desk, word: str, *, always: bool = False) -> None:
    box = await desk.question()
    ticks = box.findChildren(QCheckBox)
    assert [tick.isChecked() for tick in ticks] == [False]
    ticks[0].setChecked(always)
    await desk.answer(word)


def offered(box: QMessageBox) -> set[str]:
    return {button.text() for button in box.buttons()}


def tray_icons(desk: Desk) -> list[QSystemTrayIcon]:
    return [icon for icon in desk.window.findChildren(QSystemTrayIcon) if icon.isVisible()]


def in_tray(desk: Desk) -> dict[str, QAction]:
    """What can be done in the menu of the icon."""
    (icon,) = tray_icons(desk)
    menu: QMenu = icon.contextMenu()
    return {action.text(): action for action in menu.actions() if action.text() and action.isEnabled()}


# Words


@pytest.mark.parametrize(
    ("work", "profile", "can_hide", "words"),
    [
        (
            Unfinished(uploads=1),
            LOCAL,
            False,
            "1 upload is under way. If you quit, it continues when you open the app again.",
        ),
        (
            Unfinished(uploads=1, runs=2),
            ACCOUNT,
            True,
            "1 upload and 2 runs are under way. In the background everything goes on, and an icon in the tray leads"
            " back. Stopped, they continue when you open the app again. Runs that have started go on at Mosaic in the"
            " meantime.",
        ),
        (
            Unfinished(downloads=2),
            SESSION,
            False,
            "2 downloads are under way. If you quit, they continue when you enter this key again.",
        ),
    ],
)
def test_the_words_say_what_becomes_of_the_work(work: Unfinished, profile: Profile, can_hide: bool, words: str) -> None:
    assert closing_words(work, profile, can_hide=can_hide) == words


# The question


def test_where_nothing_goes_on_nothing_is_asked(desk: Desk) -> None:
    async def story() -> None:
        desk.has_tray = True
        await desk.open(asset("a.mp4", state=AssetState.PAUSED))
        desk.window.close()
        await desk.settle()
        assert desk.close_requests == 1
        assert not desk.visible(QMessageBox)

    desk.run(story())


def test_without_a_tray_the_background_is_not_offered(desk: Desk) -> None:
    async def story() -> None:
        desk.settings.change(on_close="background")
        await desk.open(SENDING)
        desk.window.close()
        desk.window.close()  # it asks once
        assert offered(await desk.question()) == {"Stop and quit", "Stay"}
        await answer(desk, "Stop and quit")
        assert desk.close_requests == 1
        assert desk.settings.value.on_close == "background"

    desk.run(story())


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_enter_and_escape_stay(desk: Desk, key: Qt.Key) -> None:
    async def story() -> None:
        desk.has_tray = True
        await desk.open(SENDING)
        for _ in range(2):
            desk.window.close()
            QTest.keyClick(await desk.question(), key)
            await until_async(lambda: not desk.visible(QMessageBox))
            await desk.settle()
        assert desk.close_requests == 0
        assert desk.window.isVisible()

    desk.run(story())


def test_a_choice_can_be_kept(desk: Desk) -> None:
    async def story() -> None:
        desk.has_tray = True
        await desk.open(SENDING)
        desk.window.close()
        await answer(desk, "Stop and quit", always=True)
        assert desk.settings.value.on_close == "stop"
        desk.window.close()
        await desk.settle()
        assert desk.close_requests == 2
        assert not desk.visible(QMessageBox)

    desk.run(story())


def test_a_kept_choice_can_be_changed_in_the_settings(desk: Desk) -> None:
    async def story() -> None:
        desk.settings.change(on_close="stop")
        await desk.open(SENDING, page="Settings")
        assert desk.button("Stop and quit").isChecked()
        await desk.press("Ask")
        assert desk.settings.value.on_close == "ask"

    desk.run(story())


@pytest.mark.parametrize("has_tray", [True, False])
def test_the_settings_offer_the_background_where_there_is_a_way_back(desk: Desk, has_tray: bool) -> None:
    async def story() -> None:
        desk.has_tray = has_tray
        desk.settings.change(on_close="background")
        await desk.open(page="Settings")
        assert desk.has_button("Keep going") == has_tray
        assert desk.button("Keep going" if has_tray else "Ask").isChecked()

    desk.run(story())


# In the background


def test_in_the_background_the_work_goes_on_and_the_icon_leads_back(desk: Desk) -> None:
    async def story() -> None:
        desk.has_tray = True
        await desk.open(SENDING)
        desk.window.close()
        assert offered(await desk.question()) == {"Keep going in the background", "Stop and quit", "Stay"}
        await answer(desk, "Keep going in the background", always=True)
        assert not desk.window.isVisible()
        assert desk.close_requests == 0
        assert "1 upload" in tray_icons(desk)[0].toolTip()
        in_tray(desk)["Open the window"].trigger()
        await until_async(desk.window.isVisible)
        assert tray_icons(desk) == []
        desk.window.close()
        assert not desk.window.isVisible(), "the choice was kept"

    desk.run(story())


def test_a_click_on_the_icon_opens_the_window(desk: Desk) -> None:
    async def story() -> None:
        desk.has_tray = True
        desk.settings.change(on_close="background")
        await desk.open(SENDING)
        desk.window.close()
        tray_icons(desk)[0].activated.emit(QSystemTrayIcon.ActivationReason.Context)
        assert not desk.window.isVisible(), "that opens the menu"
        tray_icons(desk)[0].activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
        await until_async(desk.window.isVisible)

    desk.run(story())


def test_the_menu_of_the_icon_pauses_and_goes_on(desk: Desk) -> None:
    async def story() -> None:
        desk.has_tray = True
        desk.settings.change(on_close="background")
        engine = await desk.open(
            asset("a.mp4", state=AssetState.QUEUED), run(1, state=RunState.FINISHED, remote_id="r"), output(1)
        )
        desk.window.close()
        assert "Stop here and quit" in in_tray(desk)
        in_tray(desk)["Pause all"].trigger()
        await until_async(lambda: [row.state for row in engine.store.assets()] == [AssetState.PAUSED])
        await until_async(lambda: [row.state for row in engine.store.outputs()] == [OutputState.PAUSED])
        assert "Quit" in in_tray(desk)
        in_tray(desk)["Resume all"].trigger()
        await until_async(lambda: AssetState.PAUSED not in [row.state for row in engine.store.assets()])
        await until_async(lambda: OutputState.PAUSED not in [row.state for row in engine.store.outputs()])

    desk.run(story())


def test_quitting_from_the_icon_asks_nothing_more(desk: Desk) -> None:
    async def story() -> None:
        desk.has_tray = True
        desk.settings.change(on_close="background")
        await desk.open(SENDING)
        desk.window.close()
        in_tray(desk)["Stop here and quit"].trigger()
        assert desk.close_requests == 1
        assert not desk.visible(QMessageBox)

    desk.run(story())


def test_the_icon_goes_with_the_workspace(desk: Desk) -> None:
    async def story() -> None:
        desk.has_tray = True
        desk.settings.change(on_close="background")
        await desk.open(SENDING)
        desk.window.close()
        assert len(tray_icons(desk)) == 1
        desk.window.leave_workspace()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        assert desk.window.findChildren(QSystemTrayIcon) == []

    desk.run(story())
