"""What is secret: masked, shown on purpose, copied, and forgotten."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.masked_secret import MaskedSecret
from mosaic_desktop.gui.widgets.secret_field import SecretField
from tests.gui.widgets.accessible import spoken_name
from tests.support.waiting import until

KEY = Secret("mk_live_0123456789abcdef77fe")


@pytest.fixture
def copied() -> list[Secret]:
    return []


@pytest.fixture
def masked(theme: Theme, qtbot: QtBot, copied: list[Secret]) -> MaskedSecret:
    made = MaskedSecret(theme, "API key", copied.append)
    qtbot.addWidget(made)
    made.set_secret(KEY)
    made.show()
    return made


def press(widget: MaskedSecret, name: str) -> None:
    (button,) = (each for each in widget.findChildren(QAbstractButton) if spoken_name(each) == name)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def text(widget: MaskedSecret) -> str:
    return widget.findChildren(QLabel)[0].text()


def test_a_secret_is_shown_only_on_purpose(masked: MaskedSecret) -> None:
    assert text(masked) == "mk_live_••••••••••••••••77fe"
    assert spoken_name(masked.findChildren(QLabel)[0]) == "API key: hidden, mk_live_…77fe"
    press(masked, "Show the API key")
    assert text(masked) == KEY.reveal()
    press(masked, "Hide the API key")
    assert KEY.reveal() not in text(masked)
    masked.set_secret(KEY)
    assert KEY.reveal() not in text(masked)


def test_it_is_copied_without_being_shown(masked: MaskedSecret, copied: list[Secret]) -> None:
    press(masked, "Copy the API key")
    assert copied == [KEY]
    assert masked.copied
    assert KEY.reveal() not in text(masked)


def test_what_is_shown_cannot_be_selected(masked: MaskedSecret) -> None:
    press(masked, "Show the API key")
    flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    assert not masked.findChildren(QLabel)[0].textInteractionFlags() & flags


def test_a_forgotten_secret_is_nowhere_on_the_screen(masked: MaskedSecret, copied: list[Secret]) -> None:
    press(masked, "Show the API key")
    masked.set_secret(None)
    assert text(masked) == ""
    press(masked, "Copy the API key")
    assert copied == []


def test_the_eye_of_a_field_opens_by_key_and_closes_when_it_forgets(theme: Theme, qtbot: QtBot) -> None:
    field = SecretField(theme, "Password")
    qtbot.addWidget(field)
    field.show()
    qtbot.waitExposed(field)
    field.activateWindow()
    field.setFocus()
    QTest.keyClicks(field, "correct horse")
    assert field.displayText() != "correct horse"
    assert field.secret() == Secret("correct horse")
    until(field.hasFocus)
    QTest.keyClick(field, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
    assert field.displayText() == "correct horse"
    field.forget()
    assert field.echoMode() is QLineEdit.EchoMode.Password
    assert not field.isUndoAvailable()
    assert field.text() == ""
