"""The last line of the queue's card: where things can be dropped."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QHBoxLayout, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.labels import ElidedLabel, Tone


class HintLine(QWidget):
    """Set off from `rows` that go on below it."""

    def __init__(self, theme: Theme, rows: QAbstractScrollArea, words: str) -> None:
        super().__init__()
        self._theme = theme
        self._bar = rows.verticalScrollBar()
        self._bar.rangeChanged.connect(self.update)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.S, Space.L, Space.M)
        row.setSpacing(Space.S)
        row.addWidget(_DropMark(theme))
        row.addWidget(ElidedLabel(theme, words, TextStyle.SMALL, Tone.FAINT), 1)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._bar.maximum() > 0:
            painter = QPainter(self)
            painter.fillRect(0, 0, self.width(), 1, self._theme.color(Token.LINE))
            painter.end()


class _DropMark(QWidget):
    """The small arrow before the hint."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(Size.ICON, Size.ICON)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._theme.icons.paint(painter, self.rect().adjusted(1, 1, -1, -1), "upload", Token.FAINT)
        painter.end()
