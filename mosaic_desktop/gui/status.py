"""Keeps the status line true: whether Mosaic answers, what moves at this moment, how fast it may, and the way to pause
all of it.
"""

from PySide6.QtCore import QObject

from mosaic_desktop.core.actions import Action
from mosaic_desktop.core.events import Event, LimitsChanged, RowChanged, ServiceReached
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.gui.both_ways import BothWays
from mosaic_desktop.gui.text.window import activity_words, limit_words
from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.bars import StatusLine
from mosaic_desktop.gui.widgets.buttons import icon_button
from mosaic_desktop.gui.widgets.soon import Soon
from mosaic_desktop.jobs.engine import Engine

REFRESH_MS = 250
_BUTTON = 24
_LOOK = {Action.PAUSE: ("pause", "Pause all"), Action.RESUME: ("play", "Resume all")}
_BOTH = "uploads and downloads"
_NOTHING = "Nothing is under way or paused"


class StatusUpdater(QObject):
    """Listens to the engine from its making to `close`; refreshes at most four times a second."""

    def __init__(self, theme: Theme, engine: Engine, line: StatusLine) -> None:
        super().__init__(line)
        self._engine = engine
        self._line = line
        self._both_ways = BothWays(engine)
        self._offered: Action | None = None
        self._button = icon_button(theme, "pause", "")
        self._button.setStyleSheet("min-height: 0")  # that of all buttons is higher than the line
        self._button.setFixedSize(_BUTTON, _BUTTON)
        self._button.clicked.connect(self._on_button_clicked)
        line.add_right(self._button)
        self._soon = Soon(self, self._refresh, REFRESH_MS)
        line.set_status(StateKind.NEUTRAL, "Connecting…")
        self._refresh()
        self._unsubscribe = engine.subscribe(self._hear)

    def close(self) -> None:
        self._unsubscribe()
        self._soon.stop()

    def _hear(self, event: Event) -> None:
        match event:
            case ServiceReached(problem=None):
                self._line.set_status(StateKind.GOOD, "Connected")
            case ServiceReached(problem=problem) if problem is not None:
                self._line.set_status(StateKind.WARNING, sentence(problem))
            case RowChanged():
                self._soon.ask()
            case LimitsChanged():
                self._refresh()
            case _:
                pass

    def _on_button_clicked(self) -> None:
        if self._offered is not None:
            self._both_ways.do(self._offered)

    def _show_button(self) -> None:
        self._offered = offered = self._both_ways.offered
        icon, words = _LOOK[offered or Action.PAUSE]
        self._button.set_icon(icon)
        self._button.setEnabled(offered is not None)
        self._button.setToolTip(f"{words} {_BOTH}" if offered is not None else _NOTHING)
        self._button.setAccessibleName(f"{_BOTH.capitalize()}: {words.lower()}")

    def _refresh(self) -> None:
        self._show_button()
        self._line.set_items([*activity_words(self._engine.activity), *limit_words(self._engine.limits)])
