"""A hairline from top to bottom between two parts of a card."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme


class UprightLine(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedWidth(1)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color(Token.LINE))
        painter.end()
