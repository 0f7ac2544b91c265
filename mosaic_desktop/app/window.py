"""The window's composition and life: built once, driven by one qasync loop, ended in order."""

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from qasync import QEventLoop

from mosaic_desktop import __version__
from mosaic_desktop.app.crash import take_crash_report
from mosaic_desktop.app.garbage import garbage_kept_to_this_thread
from mosaic_desktop.app.loading import load_the_rest
from mosaic_desktop.app.logs import report_loop_fault
from mosaic_desktop.app.paths import DataPaths
from mosaic_desktop.app.single_instance import SingleInstance
from mosaic_desktop.core.errors import JournalError
from mosaic_desktop.core.ports import Settings
from mosaic_desktop.core.resources import resources_dir
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.main_window import MainWindow
from mosaic_desktop.gui.notices import NEWER_JOURNAL, Notice, crash_notice, damaged_journal, useless_settings
from mosaic_desktop.gui.pages.page import DataPlaces
from mosaic_desktop.gui.theme.theme import Theme, ThemeMode
from mosaic_desktop.storage.credentials import KeyringVault
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.settings import JsonSettings

if TYPE_CHECKING:
    from mosaic_desktop.app.gateway import AppGateway
    from mosaic_desktop.gui.start_trouble import StartTrouble

_SECONDS_TO_CLOSE = 12.0
_SECONDS_TO_UNLOCK = 300.0
_TURNS_TO_SETTLE = 30
_PICTURE = (1280, 800)
log = logging.getLogger(__name__)


def run_window(paths: DataPaths) -> int:
    """Opens the window and returns the exit code once everything has ended."""
    app = make_application()
    single = SingleInstance(paths.root, app)
    if single.wake_other():
        print("Mosaic Desktop is already open; its window comes to the front.", file=sys.stderr)
        return 0
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        return runner.run(WindowSession(app, paths, single).run())


def make_application() -> QApplication:
    """The application object, under the name by which the system knows it."""
    app = QApplication(["mosaic-desktop"])  # also the name of its windows' class
    app.setApplicationName("mosaic-desktop")
    app.setDesktopFileName("mosaic-desktop")
    app.setApplicationVersion(__version__)
    qInstallMessageHandler(_log_qt)
    return app


_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
    """Qt's own words go to the log, redacted like everything else."""
    logging.getLogger("qt").log(_QT_LEVELS[kind], "%s", message)


class WindowSession:
    """From the first pixel to the last byte written."""

    def __init__(self, app: QApplication, paths: DataPaths, single: SingleInstance) -> None:
        self._app = app
        self._paths = paths
        self._single = single
        self._window: QWidget | None = None
        self._closing = asyncio.Event()
        self._scope = TaskScope("window")
        # The last window closes before everything behind it has ended.
        app.setQuitOnLastWindowClosed(False)

    async def run(self) -> int:
        """Shows the window until it is closed; returns the exit code."""
        self._listen_for_the_end()
        self._single.listen(self._bring_forward)
        try:
            async with self.opened() as (window, gateway):
                await gateway.open_last()
                with garbage_kept_to_this_thread():
                    await self._closing.wait()
                window.setEnabled(False)
        except JournalError:
            return 1
        return 0

    async def photograph(self, target: Path) -> None:
        """Saves a picture of the window with the local Mosaic's runs, newest first, as PNG."""
        async with self.opened() as (window, gateway):
            await gateway.try_here()
            window.resize(*_PICTURE)
            window.show_page("runs")
            for _ in range(_TURNS_TO_SETTLE):
                await asyncio.sleep(0.05)
            window.grab().save(str(target))

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[tuple[MainWindow, "AppGateway"]]:
        """The window on the screen, and the ways to accounts behind it. Raises JournalError once the user gives up."""
        settings = JsonSettings(self._paths.settings, Settings(output_folder=self._paths.outputs))
        theme = Theme(self._app, resources_dir(), ThemeMode(settings.value.appearance))
        try:
            database = await self._open_journal(theme)
        except BaseException:
            self._single.close()
            await self._scope.aclose()
            await settings.aclose()
            raise
        places = DataPlaces(self._paths.root, self._paths.log)
        window = MainWindow(theme, settings, self._scope, self._closing.set, places)
        self._app.applicationStateChanged.connect(window.attend)
        self._window = window
        gateway: AppGateway | None = None
        try:
            window.show()
            window.activateWindow()
            report = await asyncio.to_thread(take_crash_report, self._paths.log.parent)
            for notice in _notices(database, settings, report):
                window.tell(notice)
            gateway = await self._gateway(window, database, settings)
            self._app.applicationStateChanged.connect(gateway.attend)
            yield window, gateway
        finally:
            if gateway is not None:
                self._app.applicationStateChanged.disconnect(gateway.attend)
            await self._end(gateway, window, database, settings)

    async def _gateway(self, window: MainWindow, database: SqliteDatabase, settings: JsonSettings) -> "AppGateway":
        """Takes a while, in which the window is painted."""
        await load_the_rest()
        from mosaic_desktop.app.gateway import AppGateway, Memory

        vault = KeyringVault(record=self._paths.keyrings, patience=_SECONDS_TO_UNLOCK)
        gateway = AppGateway(Memory(self._paths, database, settings, vault), window)
        window.attach(gateway)
        return gateway

    async def _open_journal(self, theme: Theme) -> SqliteDatabase:
        """As often as the user wants to try. Raises JournalError once they do not."""
        while True:
            database = SqliteDatabase(self._paths.journal)
            try:
                await database.open()
            except JournalError as error:
                from mosaic_desktop.gui.start_trouble import StartTrouble

                print(sentence(error.problem), file=sys.stderr)
                if not await self._try_again(StartTrouble(theme, error.problem, self._paths.root)):
                    raise
            else:
                return database

    async def _try_again(self, trouble: "StartTrouble") -> bool:
        """What the user says to it; no, when the application is told to end."""
        from mosaic_desktop.gui.ask import outcome

        self._window = trouble
        answer = self._scope.start(outcome(trouble), "trouble at the start")
        end = self._scope.start(self._closing.wait(), "end")
        await asyncio.wait((answer, end), return_when=asyncio.FIRST_COMPLETED)
        self._window = None
        end.cancel()
        answer.cancel()
        return answer.done() and answer.result() == QDialog.DialogCode.Accepted

    def _bring_forward(self) -> None:
        """Another start was asked for: this window is what the user wants to see."""
        if (window := self._window) is not None:
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.show()  # it may be in the background
            window.raise_()
            window.activateWindow()

    def _listen_for_the_end(self) -> None:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):  # Windows has no such handlers
                loop.add_signal_handler(name, self._closing.set)
        loop.set_exception_handler(report_loop_fault)

    async def _end(
        self, gateway: "AppGateway | None", window: MainWindow, database: SqliteDatabase, settings: JsonSettings
    ) -> None:
        """Each in its turn; what does not end in time is left to the journal, which is current after every step."""
        self._single.close()
        try:
            async with asyncio.timeout(_SECONDS_TO_CLOSE):
                await self._scope.aclose(timeout=2.0)
                if gateway is not None:
                    await gateway.aclose()
        except TimeoutError:
            log.warning("not everything had ended when the window closed")
        self._window = None
        window.close_for_good()
        await settings.aclose()
        await database.aclose()


def _notices(database: SqliteDatabase, settings: JsonSettings, report: Path | None) -> Iterator[Notice]:
    """What the user must hear of what was found on the disk. ``report``: of a fault since the last start."""
    if report is not None:
        yield crash_notice(report)
    if database.set_aside is not None:
        yield damaged_journal(database.set_aside)
    if database.is_newer:
        yield NEWER_JOURNAL
    if settings.trouble is not None:
        yield useless_settings(settings.trouble, settings.set_aside)
