"""A line that tells what was just done: it goes by itself, or when it is closed, but not under somebody's hands."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.snackbar import Snackbar
from tests.gui.widgets.accessible import spoken_name
from tests.support.waiting import until


@pytest.fixture
def line(theme: Theme, qtbot: QtBot) -> Snackbar:
    made = Snackbar(theme, "Undo", "Ctrl+Z", stays_ms=40)
    qtbot.addWidget(made)
    made.resize(400, 50)
    return made


def button(line: Snackbar, words: str) -> QAbstractButton:
    return next(each for each in line.findChildren(QAbstractButton) if spoken_name(each).startswith(words))


def test_it_says_what_was_done_and_goes_by_itself(line: Snackbar) -> None:
    shown: list[bool] = []
    line.showing.connect(shown.append)
    line.tell("Removed 3 videos")
    assert line.isVisible()
    assert spoken_name(button(line, "Undo")) == "Undo: Removed 3 videos"
    until(line.isHidden)
    assert shown == [True, False]


def test_its_action_and_its_cross(line: Snackbar) -> None:
    acted: list[bool] = []
    line.acted.connect(lambda: acted.append(True))
    line.tell("Removed 3 videos")
    QTest.mouseClick(button(line, "Undo"), Qt.MouseButton.LeftButton)
    assert acted == [True]
    line.tell("Moved 1 video")
    QTest.mouseClick(button(line, "Close"), Qt.MouseButton.LeftButton)
    assert line.isHidden()


def test_it_stays_while_the_keyboard_is_on_it(line: Snackbar, theme: Theme, qtbot: QtBot) -> None:
    later = Snackbar(theme, "Undo", stays_ms=120)
    qtbot.addWidget(later)
    line.show()
    line.activateWindow()
    undo = button(line, "Undo")
    undo.setFocus()
    until(undo.hasFocus)
    line.tell("Removed 3 videos")
    later.tell("Moved 1 video")
    until(later.isHidden)
    assert line.isVisible()
    undo.clearFocus()
    assert QApplication.focusWidget() is not undo
    until(line.isHidden)
