"""The icon in the system's tray while the window is out of sight: what goes on, the way back, and the way out."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from mosaic_desktop.core.actions import Action
from mosaic_desktop.core.events import Event, RowChanged
from mosaic_desktop.gui.both_ways import BothWays
from mosaic_desktop.gui.leaving import unfinished
from mosaic_desktop.gui.text.window import activity_words
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.soon import Soon

if TYPE_CHECKING:
    from mosaic_desktop.jobs.engine import Engine

REFRESH_MS = 1000
_NAME = "Mosaic Desktop"
_NOTHING = "Nothing is under way"
_ENDED = "Nothing is under way any more. The window shows what was finished and what needs you."


class Tray(QObject):
    """Follows `engine` from its making to `close`. `open_wanted` and `quit_wanted` by click or menu."""

    open_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, theme: Theme, engine: "Engine", window: QWidget) -> None:
        super().__init__(window)
        self._engine = engine
        self._both_ways = BothWays(engine)
        self._offered: Action | None = None
        self._busy = True
        self.menu = QMenu(_NAME, window)
        self._what = QAction(self.menu)
        self._what.setEnabled(False)
        self._open = QAction("Open the window", self.menu)
        self._open.triggered.connect(self.open_wanted)
        self._pause = QAction(self.menu)
        self._pause.triggered.connect(self._on_pause_triggered)
        self._quit = QAction(self.menu)
        self._quit.triggered.connect(self.quit_wanted)
        self.menu.addAction(self._what)
        self.menu.addSeparator()
        self.menu.addActions([self._open, self._pause])
        self.menu.addSeparator()
        self.menu.addAction(self._quit)
        self.menu.setDefaultAction(self._open)
        self._icon = QSystemTrayIcon(theme.icons.logo(), self)
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.messageClicked.connect(self.open_wanted)
        self._soon = Soon(self, self._refresh, REFRESH_MS)
        self._refresh()
        self._unsubscribe = engine.subscribe(self._hear)
        self._icon.show()

    def words(self) -> str:
        """What it says of the work."""
        return self._what.text()

    def close(self) -> None:
        """Takes the icon away; it follows nothing any more."""
        self._unsubscribe()
        self._soon.stop()
        self._icon.hide()
        self.menu.deleteLater()
        self.deleteLater()

    def _hear(self, event: Event) -> None:
        if isinstance(event, RowChanged):
            self._soon.ask()

    def _refresh(self) -> None:
        busy = unfinished(self._engine.store).count > 0
        words = " · ".join(activity_words(self._engine.activity)) or ("Waiting" if busy else _NOTHING)
        self._what.setText(words)
        self._icon.setToolTip(f"{_NAME}\n{words}")
        self._offered = self._both_ways.offered
        self._pause.setText("Resume all" if self._offered is Action.RESUME else "Pause all")
        self._pause.setEnabled(self._offered is not None)
        self._quit.setText("Stop here and quit" if busy else "Quit")
        if self._busy and not busy:
            self._icon.showMessage(_NAME, _ENDED, self._icon.icon())
        self._busy = busy

    def _on_pause_triggered(self) -> None:
        if self._offered is not None:
            self._both_ways.do(self._offered)
        self._busy = False  # what the user stopped is no news
        self._refresh()

    def _on_activated(self, how: QSystemTrayIcon.ActivationReason) -> None:
        if how is not QSystemTrayIcon.ActivationReason.Context:
            self.open_wanted.emit()
