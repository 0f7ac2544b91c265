"""A line that tells what was just done and takes it back. It goes by itself, unless somebody is about to use it."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.buttons import icon_button, secondary_button
from mosaic_desktop.gui.widgets.labels import ElidedLabel
from mosaic_desktop.gui.widgets.remark import announce

_STAYS_MS = 12_000


class Snackbar(QWidget):
    """Hidden until `tell`. `acted` when the action is pressed; `hint` is its tool tip, such as a key. `showing(bool)`:
    whether there is something to read from here on.
    """

    acted = Signal()
    showing = Signal(bool)

    def __init__(self, theme: Theme, action: str, hint: str = "", stays_ms: int = _STAYS_MS) -> None:
        super().__init__()
        self._theme = theme
        self._words = ElidedLabel(theme, "", TextStyle.BODY_MEDIUM)
        self._action = secondary_button(theme, action)
        self._action.setToolTip(hint)
        self._close = icon_button(theme, "x", "Close this message")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(stays_ms)
        self._timer.timeout.connect(self._on_time_out)
        self._action.clicked.connect(self.acted)
        self._close.clicked.connect(lambda: self.tell(""))
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.S + 1, Space.S, Space.S)
        row.setSpacing(Space.S)
        row.addWidget(self._words, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
        theme.changed.connect(self.update)
        self.hide()

    def tell(self, words: str) -> None:
        """An empty text takes the line away."""
        self._timer.stop()
        self._words.set_text(words)
        self._action.setAccessibleName(f"{self._action.text()}: {words}")
        self.setVisible(bool(words))
        self.showing.emit(bool(words))
        if words:
            self._timer.start()
            announce(self, f"{words}. {self._action.text()}: {self._action.toolTip()}")

    def _on_time_out(self) -> None:
        focused = QApplication.focusWidget()
        if self.underMouse() or (focused is not None and self.isAncestorOf(focused)):
            self._timer.start()
        else:
            self.tell("")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color(Token.RAISED))
        paint.draw_line(painter, 0, 0, self.width(), self._theme.color(Token.LINE))
        painter.end()
