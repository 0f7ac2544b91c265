"""Starts that meet trouble: a journal in use, damaged or of a newer version; settings that are of no use."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from mosaic_desktop.app.paths import data_paths
from mosaic_desktop.app.single_instance import SingleInstance
from mosaic_desktop.app.window import WindowSession
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.main_window import MainWindow
from mosaic_desktop.gui.start_trouble import StartTrouble
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.migrations import STEPS
from tests.support.loop import AsyncRun
from tests.support.waiting import PATIENCE, until_async


class Start:
    """One start of the whole application in this process."""

    def __init__(self, running: "asyncio.Task[int]") -> None:
        self._running = running

    async def shows(self, kind: type[QWidget]) -> QWidget:
        await until_async(lambda: self._running.done() or _shown(kind))
        (window,) = _shown(kind)
        return window

    async def code(self) -> int:
        return await asyncio.wait_for(asyncio.shield(self._running), PATIENCE)


@asynccontextmanager
async def started(root: Path) -> AsyncIterator[Start]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    scope = TaskScope("test")
    session = WindowSession(app, data_paths(root), SingleInstance(root, app))
    try:
        yield Start(scope.start(session.run(), "start"))
    finally:
        await scope.aclose()


@pytest.fixture(autouse=True)
def widgets_are_gone(qapp: QApplication) -> Iterator[None]:
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _shown(kind: type[QWidget]) -> list[QWidget]:
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, kind) and widget.isVisible()]


def words(window: QWidget) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def has_button(window: QWidget, name: str) -> bool:
    return any(button.isEnabled() for button in _buttons(window, name))


def button(window: QWidget, name: str) -> QAbstractButton:
    (found,) = _buttons(window, name)
    return found


def _buttons(window: QWidget, name: str) -> list[QAbstractButton]:
    buttons = window.findChildren(QAbstractButton)
    return [b for b in buttons if b.isVisible() and name in (b.text(), b.accessibleName())]


def test_another_start_brings_a_window_back_that_is_out_of_sight(run_async: AsyncRun, tmp_path: Path) -> None:
    async def story() -> None:
        async with started(tmp_path) as start:
            window = await start.shows(MainWindow)
            window.hide()
            assert await asyncio.to_thread(lambda: SingleInstance(tmp_path).wake_other())
            await until_async(window.isVisible)
            window.close()
            assert await start.code() == 0

    run_async(story())


# No start


def test_a_journal_in_use_is_told_in_a_window_until_it_is_free(
    run_async: AsyncRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def story() -> None:
        other = SqliteDatabase(data_paths(tmp_path).journal)
        await other.open()
        async with started(tmp_path) as start:
            trouble = await start.shows(StartTrouble)
            assert "Mosaic Desktop is already at work" in words(trouble)
            button(trouble, "Try again").click()
            await until_async(lambda: trouble not in _shown(StartTrouble))
            trouble = await start.shows(StartTrouble)
            await other.aclose()
            button(trouble, "Try again").click()
            window = await start.shows(MainWindow)
            await until_async(lambda: has_button(window, "Try it here"))
            window.close()
            assert await start.code() == 0

    run_async(story())
    assert "already open with this data folder" in capsys.readouterr().err


@pytest.mark.parametrize("way", ["Quit", "Escape"])
def test_a_start_that_is_given_up_ends_with_an_error(run_async: AsyncRun, tmp_path: Path, way: str) -> None:
    data_paths(tmp_path).journal.mkdir()  # a folder in its place

    async def story() -> None:
        async with started(tmp_path) as start:
            trouble = await start.shows(StartTrouble)
            assert "The list of your work cannot be opened" in words(trouble)
            assert "Is a directory" in words(trouble)
            if way == "Escape":
                QTest.keyClick(trouble, Qt.Key.Key_Escape)
            else:
                button(trouble, way).click()
            assert await start.code() == 1
            assert _shown(QWidget) == []

    run_async(story())


# A start with something to tell


@pytest.mark.expect_log("the journal was damaged")
def test_a_damaged_journal_is_told_above_everything_else(run_async: AsyncRun, tmp_path: Path) -> None:
    data_paths(tmp_path).journal.write_bytes(b"no journal" * 1000)

    async def story() -> None:
        async with started(tmp_path) as start:
            window = await start.shows(MainWindow)
            await until_async(lambda: "The list of your work was damaged, so this one is empty." in words(window))
            assert "journal.corrupt-1.sqlite" in words(window)
            button(window, "Close this message").click()
            assert "damaged" not in words(window)
            window.close()
            assert await start.code() == 0

    run_async(story())


def test_a_journal_of_a_newer_version_is_told(run_async: AsyncRun, tmp_path: Path) -> None:
    journal = data_paths(tmp_path).journal

    async def story() -> None:
        database = SqliteDatabase(journal)
        await database.open()
        await database.aclose()
        with closing(sqlite3.connect(journal)) as connection:
            connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
        async with started(tmp_path) as start:
            window = await start.shows(MainWindow)
            await until_async(lambda: "last written by a newer version of this app" in words(window))
            window.close()
            assert await start.code() == 0

    run_async(story())


@pytest.mark.expect_log("the settings were damaged")
def test_damaged_settings_are_told(run_async: AsyncRun, tmp_path: Path) -> None:
    data_paths(tmp_path).settings.write_text("{")

    async def story() -> None:
        async with started(tmp_path) as start:
            window = await start.shows(MainWindow)
            await until_async(lambda: "The settings are damaged, so the defaults hold." in words(window))
            assert "settings.damaged-1.json" in words(window)
            window.close()
            assert await start.code() == 0

    run_async(story())
