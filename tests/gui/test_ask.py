"""Dialogs that are awaited while everything else goes on."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QMessageBox, QWidget

from mosaic_desktop.gui import ask
from tests.support.loop import AsyncRun
from tests.support.waiting import until_async


@pytest.fixture
def parent(qapp: QApplication) -> Iterator[QWidget]:
    """A window; dialogs of the system itself stay out of tests."""
    attribute = Qt.ApplicationAttribute.AA_DontUseNativeDialogs
    before = QCoreApplication.testAttribute(attribute)
    QCoreApplication.setAttribute(attribute)
    qapp.setQuitOnLastWindowClosed(False)
    qapp.setStyleSheet("")  # that of an earlier test names files that are gone
    window = QWidget()
    window.show()
    yield window
    window.close()
    window.deleteLater()
    QCoreApplication.setAttribute(attribute, before)


def dialogs(parent: QWidget) -> list[QDialog]:
    return [dialog for dialog in parent.findChildren(QDialog) if dialog.isVisible()]


@pytest.mark.parametrize("agree", [True, False])
def test_confirm(parent: QWidget, run_async: AsyncRun, agree: bool) -> None:
    async def story() -> None:
        asked = asyncio.ensure_future(ask.confirm(parent, "Remove 2 videos?", "The files stay.", "Remove"))
        await until_async(lambda: dialogs(parent))
        (box,) = dialogs(parent)
        assert isinstance(box, QMessageBox)
        button = next(b for b in box.buttons() if b.text() == ("Remove" if agree else "Cancel"))
        button.click()
        assert await asked is agree

    run_async(story())


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_enter_and_escape_confirm_nothing(parent: QWidget, run_async: AsyncRun, key: Qt.Key) -> None:
    async def story() -> None:
        asked = asyncio.ensure_future(ask.confirm(parent, "Remove 2 videos?", "The files stay.", "Remove"))
        await until_async(lambda: dialogs(parent))
        QTest.keyClick(dialogs(parent)[0], key)
        assert await asked is False

    run_async(story())


def test_another_appearance_meanwhile_leaves_enter_safe(
    parent: QWidget, run_async: AsyncRun, qapp: QApplication
) -> None:
    async def story() -> None:
        asked = asyncio.ensure_future(ask.confirm(parent, "Start it again?", "It may cost twice.", "Start again"))
        await until_async(lambda: dialogs(parent))
        (box,) = dialogs(parent)
        assert isinstance(box, QMessageBox)
        safe, room = box.defaultButton(), box.layout()
        assert room is not None
        margins = room.contentsMargins()
        qapp.setStyleSheet("QPushButton { min-height: 30px; }")
        await until_async(lambda: safe.height() >= 30 and safe.isDefault() and box.focusWidget() is safe)
        assert safe.text() == "Cancel"
        assert room.contentsMargins() == margins
        QTest.keyClick(safe, Qt.Key.Key_Return)
        assert await asked is False

    run_async(story())


def test_choose_files_and_a_folder(parent: QWidget, run_async: AsyncRun, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()

    async def choose(accept: bool, folder: bool) -> object:
        asking = ask.choose_folder if folder else ask.choose_files
        asked = asyncio.ensure_future(asking(parent, "Choose", tmp_path))
        await until_async(lambda: dialogs(parent))
        (dialog,) = dialogs(parent)
        assert isinstance(dialog, QFileDialog)
        if not folder:
            dialog.findChildren(QLineEdit)[0].setText("a.mp4")
        if accept:
            dialog.accept()
        else:
            dialog.reject()
        return await asked

    assert run_async(choose(accept=True, folder=False)) == (tmp_path / "a.mp4",)
    assert run_async(choose(accept=False, folder=False)) == ()
    assert run_async(choose(accept=True, folder=True)) == tmp_path
    assert run_async(choose(accept=False, folder=True)) is None


def test_a_cancelled_question_closes_its_dialog(parent: QWidget, run_async: AsyncRun) -> None:
    async def story() -> None:
        asked = asyncio.ensure_future(ask.choose_folder(parent, "Choose"))
        await until_async(lambda: dialogs(parent))
        asked.cancel()
        await until_async(lambda: not dialogs(parent))

    run_async(story())
