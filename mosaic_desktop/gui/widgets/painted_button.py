"""Base of all clickable widgets that paint themselves: name, focus, hover and repaint on theme change in one place."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from mosaic_desktop.gui.theme.theme import Theme


class PaintedButton(QAbstractButton):
    """Subclasses answer `sizeHint` and `paint`. Takes focus by keyboard only, so a ring always means keyboard."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.update)

    @property
    def hovered(self) -> bool:
        return self.underMouse() and self.isEnabled()

    def paint(self, painter: QPainter, rect: QRect) -> None:
        raise NotImplementedError

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint(painter, self.rect())
        painter.end()
