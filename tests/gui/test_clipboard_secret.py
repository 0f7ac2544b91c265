"""A secret on the real clipboard of the tests' display."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.gui.clipboard_secret import STAYS_MS, ClipboardSecret
from tests.support.waiting import until

KEY = Secret("mk_live_0123456789abcdef77fe")


def held() -> str:
    return QGuiApplication.clipboard().text()


def test_a_secret_is_gone_after_its_time(qapp: QApplication) -> None:
    clipboard = ClipboardSecret(stays_ms=50)
    clipboard.put(KEY)
    assert held() == KEY.reveal()
    until(lambda: held() == "")


def test_it_stays_for_a_minute() -> None:
    assert STAYS_MS == 60_000


def test_what_the_user_copied_meanwhile_is_left_alone(qapp: QApplication) -> None:
    clipboard = ClipboardSecret(stays_ms=50)
    clipboard.put(KEY)
    QGuiApplication.clipboard().setText("a shopping list")
    until(lambda: not clipboard._timer.isActive())
    assert held() == "a shopping list"


def test_another_secret_begins_a_time_of_its_own(qapp: QApplication) -> None:
    clipboard = ClipboardSecret(stays_ms=60_000)
    clipboard.put(Secret("mk_live_first_first_first"))
    clipboard.put(KEY)
    assert held() == KEY.reveal()
    clipboard.clear()
    assert held() == ""
    assert not clipboard._timer.isActive()


def test_histories_of_the_clipboard_are_told_that_it_is_a_secret(qapp: QApplication) -> None:
    clipboard = ClipboardSecret()
    clipboard.put(KEY)
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.data("x-kde-passwordManagerHint").data() == b"secret"
    clipboard.clear()


def test_the_end_of_its_owner_takes_it_along(qapp: QApplication) -> None:
    clipboard = ClipboardSecret()
    clipboard.put(KEY)
    clipboard.clear()
    clipboard.clear()
    assert held() == ""
