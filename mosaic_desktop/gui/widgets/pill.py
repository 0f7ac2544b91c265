"""A state word with its icon on a wash."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint


class Pill(QWidget):
    """The word is the accessible name. An empty `icon` leaves it out, for badges that are no state ("this app")."""

    def __init__(self, theme: Theme, text: str, kind: StateKind, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_state(text, kind, icon)
        theme.changed.connect(self.update)

    def set_state(self, text: str, kind: StateKind, icon: str = "") -> None:
        self._text, self._kind, self._icon = text, kind, icon
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return paint.pill_size(self._theme, self._text, self._icon)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(64, self.sizeHint().width()), paint.PILL_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.draw_pill(painter, self.rect(), self._text, self._icon, self._kind, self._theme)
        painter.end()
