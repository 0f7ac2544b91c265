"""Hears of the first paints of the application's window: the window itself, then the rows of its queue."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMainWindow


class Paints(QObject):
    """``tell`` is called after each of them, ``end`` after the last."""

    def __init__(self, app: QApplication, tell: Callable[[], None], end: Callable[[], None]) -> None:
        super().__init__(app)
        self._tell = tell
        self._end = end
        self._due = [_is_window, _is_queue]
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._due and self._due[0](watched):
            del self._due[0]
            QTimer.singleShot(0, self._on_painted)  # it is on its way to the screen by then
        return False

    def _on_painted(self) -> None:
        self._tell()
        if not self._due:
            self._end()


def _is_window(painted: QObject) -> bool:
    return isinstance(painted, QMainWindow)


def _is_queue(painted: QObject) -> bool:
    view = painted.parent()
    return isinstance(view, QAbstractItemView) and view.viewport() is painted and view.model().rowCount() > 0
