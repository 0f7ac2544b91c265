"""The main window: the ways in, or a workspace; drops and pastes anywhere; its place on the screen."""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QObject, QRect, QSize, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from mosaic_desktop.core.clock import SystemClock
from mosaic_desktop.core.errors import Problem
from mosaic_desktop.core.ports import Gateway, Profile, SettingsStore
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.pages.first.page import FirstPage
from mosaic_desktop.gui.pages.outputs.page import OutputsPage
from mosaic_desktop.gui.pages.page import DataPlaces, PageParts
from mosaic_desktop.gui.pages.runs.page import RunsPage
from mosaic_desktop.gui.pages.studio.page import StudioPage
from mosaic_desktop.gui.places import places
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.drop_overlay import DropOverlay
from mosaic_desktop.gui.widgets.thumbnails import ThumbnailCache
from mosaic_desktop.gui.workspace_frame import WorkspaceFrame
from mosaic_desktop.jobs.engine import Engine

TITLE = "Mosaic Desktop"
_FIRST_SIZE = QSize(1280, 800)
_MINIMUM = QSize(760, 560)
_GEOMETRY = "window"
_Dragged = QDragEnterEvent | QDragMoveEvent | QDropEvent


class MainWindow(QMainWindow):
    """Built once by the application. `request_close` is asked when the user closes the window; the application ends
    its work in order and then calls `close_for_good`.
    """

    def __init__(
        self,
        theme: Theme,
        settings: SettingsStore,
        gateway: Gateway,
        scope: TaskScope,
        request_close: Callable[[], None],
        data_places: DataPlaces | None = None,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._settings = settings
        self._gateway = gateway
        self._scope = scope
        self._request_close = request_close
        self._data_places = data_places
        self._for_good = False
        self._first: FirstPage | None = None
        self._frame: WorkspaceFrame | None = None
        self._hold: _Hold | None = None
        self._overlay: DropOverlay | None = None
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.setWindowTitle(TITLE)
        self.setWindowIcon(theme.icons.logo())
        self.setAcceptDrops(True)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.activated.connect(self._on_paste)
        self._restore_place()

    # What the application asks

    def show_first(self, problem: Problem | None = None) -> None:
        """The ways in. `problem`: why the last workspace cannot be shown."""
        self.leave_workspace()
        self._drop_first()
        self._first = FirstPage(self._theme, self._gateway, self._scope, problem)
        self._stack.addWidget(self._first)
        self._stack.setCurrentWidget(self._first)

    def show_workspace(self, engine: Engine, profile: Profile) -> None:
        """Must be called while the event loop runs."""
        self.leave_workspace()
        self._drop_first()
        scope = TaskScope("workspace")
        self._hold = _Hold(scope, self._scope)
        parts = PageParts(
            theme=self._theme,
            engine=engine,
            profile=profile,
            settings=self._settings,
            gateway=self._gateway,
            scope=scope,
            window_scope=self._scope,
            clock=SystemClock(),
            thumbnails=ThumbnailCache(),
            data_places=self._data_places,
        )
        self._frame = WorkspaceFrame(parts, places(parts, self._go))
        self._frame.switch_wanted.connect(self._on_switch_wanted)
        self._overlay = DropOverlay(self._theme, self._frame.stack)
        self._stack.addWidget(self._frame)
        self._stack.setCurrentWidget(self._frame)

    def show_page(self, key: str) -> None:
        """Shows one of the workspace's places: "studio", "runs", "outputs" or "settings"."""
        if self._frame is not None:
            self._frame.show_page(key)

    def leave_workspace(self) -> None:
        """Frees the pages, their models and what they listen to. The engine is the caller's to end."""
        if self._frame is None:
            return
        frame, self._frame, self._overlay = self._frame, None, None
        frame.stop_listening()
        self._stack.removeWidget(frame)
        if self._hold is not None:
            self._hold.let_go(frame.deleteLater)
            self._hold = None

    def close_for_good(self) -> None:
        """Closes the window for real, remembering where it was."""
        self._for_good = True
        self._remember_place()
        self.leave_workspace()
        self._drop_first()
        self.close()

    # Inside

    def _drop_first(self) -> None:
        if self._first is not None:
            first, self._first = self._first, None
            self._stack.removeWidget(first)
            first.leave()
            first.deleteLater()

    def _go(self, key: str, row_id: str) -> None:
        """Show a page and, where it has rows, select one of them."""
        if self._frame is not None:
            self._frame.show_page(key)
            page = self._frame.page(key)
            if row_id and isinstance(page, RunsPage | OutputsPage):
                page.select(row_id)

    def _on_switch_wanted(self) -> None:
        self._scope.start(self._gateway.leave(), "leave")

    # Drops and pastes

    def _studio(self) -> StudioPage | None:
        if self._frame is None:
            return None
        page = self._frame.page("studio")
        return page if isinstance(page, StudioPage) else None

    def _what_would_drop(self, mime: QMimeData) -> str:
        studio = self._studio()
        return studio.describe_mime(mime) if studio is not None else ""

    def _take(self, mime: QMimeData) -> bool:
        """Offer `mime` to the Studio and go there if it takes it."""
        studio = self._studio()
        if studio is None or self._frame is None or not studio.describe_mime(mime):
            return False
        self._frame.show_page("studio")
        return studio.offer_mime(mime)

    def _on_paste(self) -> None:
        self._take(QGuiApplication.clipboard().mimeData())

    def _drag(self, event: _Dragged) -> None:
        # What is dragged out of this window is not something to bring in.
        words = "" if event.source() is not None else self._what_would_drop(event.mimeData())
        if not words or self._overlay is None:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if self._overlay.isHidden():
            self._overlay.show_message(words, "Files, folders or YouTube links · up to 10 GiB each")

    def _end_drag(self) -> None:
        if self._overlay is not None:
            self._overlay.hide()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drag(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._drag(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._end_drag()

    def dropEvent(self, event: QDropEvent) -> None:
        self._end_drag()
        if event.source() is None and self._take(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Files are taken before any text field under the mouse could take their names as text."""
        match event:
            case QDragMoveEvent() | QDropEvent() if event.source() is None and event.mimeData().hasUrls():
                self.event(event)
                return True
            case QDragLeaveEvent():
                self._end_drag()
            case _:
                pass
        return False

    # Place on the screen

    def _restore_place(self) -> None:
        self.setMinimumSize(_MINIMUM)
        saved = (self._settings.value.layout or {}).get(_GEOMETRY, "")
        if saved and self.restoreGeometry(QByteArray.fromBase64(saved.encode())):
            return
        screen = QGuiApplication.primaryScreen().availableGeometry()
        size = _FIRST_SIZE.boundedTo(screen.size())
        place = QRect(screen.topLeft(), size)
        place.moveCenter(screen.center())
        self.setGeometry(place)

    def _remember_place(self) -> None:
        saved = self.saveGeometry().toBase64().toStdString()
        self._settings.change(layout={**(self._settings.value.layout or {}), _GEOMETRY: saved})

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if (handle := self.windowHandle()) is not None:
            handle.removeEventFilter(self)
            handle.installEventFilter(self)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._for_good:
            event.accept()
            return
        event.ignore()
        self._request_close()


class _Hold:
    """Ends a workspace's tasks when it is let go, or when the window's own scope ends."""

    def __init__(self, scope: TaskScope, window_scope: TaskScope) -> None:
        self._let_go = asyncio.Event()
        self._task = window_scope.start(self._keep(scope), "workspace")

    def let_go(self, then: Callable[[], None]) -> None:
        """`then` is called when no task of the workspace is left that could touch its widgets."""
        self._let_go.set()
        if self._task.done():
            then()
        else:
            self._task.add_done_callback(lambda _: then())

    async def _keep(self, scope: TaskScope) -> None:
        try:
            await self._let_go.wait()
        finally:
            await scope.aclose(timeout=1.0)
