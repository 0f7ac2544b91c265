"""The main window: the ways in, or a workspace; what is dropped on it or pasted; what the user must hear of.

Pages take a while to load, so the window can be on the screen before them.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QSystemTrayIcon, QVBoxLayout, QWidget

from mosaic_desktop.core.account_ports import AccountDesk, WebhookDesk
from mosaic_desktop.core.clock import SystemClock
from mosaic_desktop.core.errors import Problem
from mosaic_desktop.core.ports import Gateway, Profile, SettingsStore
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.closing import Closing
from mosaic_desktop.gui.drop import Offered, read_mime
from mosaic_desktop.gui.dropping import Dropping
from mosaic_desktop.gui.hold import Hold
from mosaic_desktop.gui.notices import Notice, Notices
from mosaic_desktop.gui.pages.first.waiting import Waiting
from mosaic_desktop.gui.pages.page import DataPlaces, PageParts
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.thumbnails import ThumbnailCache
from mosaic_desktop.gui.window_place import WindowPlace

if TYPE_CHECKING:
    from mosaic_desktop.gui.pages.first.page import FirstPage
    from mosaic_desktop.gui.workspace_frame import WorkspaceFrame
    from mosaic_desktop.jobs.engine import Engine

TITLE = "Mosaic Desktop"


class MainWindow(QMainWindow):
    """Built once by the application, which calls `attach` before it shows anything in it. `request_close` is asked when
    the user closes the window and does not want its work to go on; the application ends that in order and then calls
    `close_for_good`.
    """

    def __init__(
        self,
        theme: Theme,
        settings: SettingsStore,
        scope: TaskScope,
        request_close: Callable[[], None],
        data_places: DataPlaces | None = None,
        has_tray: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._settings = settings
        self._scope = scope
        self._data_places = data_places
        self._has_tray = has_tray
        self._for_good = False
        self._first: FirstPage | None = None
        self._frame: WorkspaceFrame | None = None
        self._hold: Hold | None = None
        self._stack = QStackedWidget()
        self._notices = Notices(theme)
        self._waiting = Waiting(scope, self)
        self._engine: Engine | None = None
        self._closing = Closing(self, theme, settings, scope, request_close, has_tray)
        self._dropping = Dropping(self, theme, self._take)
        self.setWindowTitle(TITLE)
        self.setWindowIcon(theme.icons.logo())
        self._build_ui()
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.activated.connect(self._on_paste)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Quit), self).activated.connect(self.close)
        self._place = WindowPlace(self, settings)

    # What the application asks

    def attach(self, gateway: Gateway) -> None:
        """The ways to accounts; they take a while to load, in which the window may be on the screen already."""
        from mosaic_desktop.gui.switching import Switching

        self._gateway = gateway
        self._switching = Switching(
            self, self._theme, gateway, self._scope, lambda words: self.tell(Notice(words)), self.show_first
        )

    def show_first(self, problem: Problem | None = None, *, go_on: str | None = None) -> None:
        """The ways in. `problem`: why the last workspace cannot be shown. `go_on`: the id of the account to go
        back to as soon as the keyring gives its key, unless the user takes another way before.
        """
        from mosaic_desktop.gui.pages.first.page import FirstPage

        self.leave_workspace()
        self._drop_first()
        self._first = FirstPage(self._theme, self._gateway, self._scope, self._waiting, problem, go_on=go_on)
        self._stack.addWidget(self._first)
        self._stack.setCurrentWidget(self._first)
        self._dropping.set_ground(self._first)

    def show_workspace(
        self,
        engine: "Engine",
        profile: Profile,
        account: AccountDesk | None = None,
        webhooks: WebhookDesk | None = None,
    ) -> None:
        """Must be called while the event loop runs. What waited for a workspace is offered to it. Without `account`
        there is no Account page.
        """
        from mosaic_desktop.gui.places import places
        from mosaic_desktop.gui.workspace_frame import WorkspaceFrame

        self.leave_workspace()
        self._drop_first()
        scope = TaskScope("workspace")
        self._hold = Hold(scope, self._scope)
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
            has_tray=self._has_tray,
            data_places=self._data_places,
            account=account,
            webhooks=webhooks,
        )
        self._closing.attend(engine, profile)
        self._engine = engine
        self._frame = WorkspaceFrame(parts, places(parts, self._go))
        self._switching.attend(engine, profile, self._frame.chip)
        self._frame.key_banner.key_wanted.connect(self._switching.enter_key)
        self._stack.addWidget(self._frame)
        self._stack.setCurrentWidget(self._frame)
        self._dropping.set_ground(self._frame.stack)
        if waited := self._waiting.take():
            self._take(waited)

    def show_profile(self, profile: Profile) -> None:
        """The account of the workspace was renamed, or uses another key."""
        self._switching.show_profile(profile)
        if self._engine is not None:
            self._closing.attend(self._engine, profile)

    def show_page(self, key: str) -> None:
        """Shows one of the workspace's places: "studio", "runs", "outputs" or "settings"."""
        if self._frame is not None:
            self._frame.show_page(key)

    def attend(self, state: Qt.ApplicationState) -> None:
        """The program came to the front, or went behind other windows, to the task bar or to the tray."""
        if self._engine is not None:
            self._engine.set_in_front(state is Qt.ApplicationState.ApplicationActive)

    def tell(self, notice: Notice) -> None:
        """Something the user must hear of, above everything else until it is closed."""
        self._notices.add(notice)

    def leave_workspace(self) -> None:
        """Frees the pages, their models and what they listen to. The engine is the caller's to end."""
        frame, self._frame = self._frame, None
        hold, self._hold = self._hold, None
        self._closing.rest()
        self._engine = None
        if frame is not None:
            self._switching.rest()
            self._dropping.set_ground(None)
            frame.stop_listening()
            self._stack.removeWidget(frame)
        if hold is not None:
            hold.let_go(lambda: frame.deleteLater() if frame is not None else None)

    def close_for_good(self) -> None:
        """Closes the window for real, remembering where it was."""
        self._for_good = True
        self._place.remember()
        self.leave_workspace()
        self._drop_first()
        self.close()

    # Inside

    def _build_ui(self) -> None:
        room = QWidget()
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._notices)
        column.addWidget(self._stack, 1)
        self.setCentralWidget(room)

    def _drop_first(self) -> None:
        if self._first is not None:
            first, self._first = self._first, None
            self._dropping.set_ground(None)
            self._stack.removeWidget(first)
            first.leave()
            first.deleteLater()

    def _go(self, key: str, row_id: str) -> None:
        """Show a page and, where that is wanted, one of its rows or cards."""
        if self._frame is not None:
            self._frame.show_page(key, row_id)

    def _take(self, offered: Sequence[Offered]) -> None:
        """To the Studio, which is then shown; before there is one, to where it waits for it."""
        from mosaic_desktop.gui.pages.studio.page import StudioPage

        studio = self._frame.page("studio") if self._frame is not None else None
        if isinstance(studio, StudioPage):
            self.show_page("studio")
            studio.offer(offered)
        else:
            self._waiting.offer(offered)

    def _on_paste(self) -> None:
        if offered := read_mime(QGuiApplication.clipboard().mimeData()):
            self._take(offered)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._for_good:
            event.accept()
            return
        event.ignore()
        self._closing.wanted()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._closing.come_back()
