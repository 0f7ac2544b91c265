"""Keeps the status line true: whether Mosaic answers, what moves at this moment, and how fast it may."""

from PySide6.QtCore import QObject, QTimer

from mosaic_desktop.core.events import Event, LimitsChanged, RowChanged, ServiceReached
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.gui.text import activity_words, limit_words
from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.widgets.bars import StatusLine
from mosaic_desktop.jobs.engine import Engine

REFRESH_MS = 250


class StatusUpdater(QObject):
    """Listens to the engine from its making to `close`; refreshes at most four times a second."""

    def __init__(self, engine: Engine, line: StatusLine) -> None:
        super().__init__(line)
        self._engine = engine
        self._line = line
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        line.set_status(StateKind.NEUTRAL, "Connecting…")
        self._refresh()
        self._unsubscribe = engine.subscribe(self._hear)

    def close(self) -> None:
        self._unsubscribe()
        self._timer.stop()

    def _hear(self, event: Event) -> None:
        match event:
            case ServiceReached(problem=None):
                self._line.set_status(StateKind.GOOD, "Connected")
            case ServiceReached(problem=problem) if problem is not None:
                self._line.set_status(StateKind.WARNING, sentence(problem))
            case RowChanged():
                if not self._timer.isActive():
                    self._timer.start()
            case LimitsChanged():
                self._refresh()
            case _:
                pass

    def _refresh(self) -> None:
        self._line.set_items([*activity_words(self._engine.activity), *limit_words(self._engine.limits)])
