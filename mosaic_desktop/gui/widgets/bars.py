"""The two bars of the window: the header with the page's title, and the status line with what moves at this moment."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.palette import StateKind, Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.labels import ElidedLabel, Tone

_DOT = 8
_ITEM_GAP = 16


class HeaderBar(QWidget):
    """Page title at the left; `add_right` fills the other side from left to right."""

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = ElidedLabel(theme, title, TextStyle.PAGE_TITLE)
        self.setFixedHeight(Size.HEADER)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Space.XL, 0, Space.XL, 1)
        self._row.setSpacing(Space.M)
        self._row.addWidget(self._title, 1)
        theme.changed.connect(self.update)

    def title(self) -> str:
        return self._title.text()

    def set_title(self, title: str) -> None:
        self._title.set_text(title)

    def add_right(self, widget: QWidget) -> None:
        self._row.addWidget(widget)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color(Token.SURFACE))
        paint.draw_line(painter, 0, self.height() - 1, self.width(), self._theme.color(Token.LINE))
        painter.end()


class StatusLine(QWidget):
    """A dot with a word at the left; short facts at the right."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kind = StateKind.NEUTRAL
        self._text = ElidedLabel(theme, "", TextStyle.SMALL, Tone.SECONDARY)
        self._items = ElidedLabel(theme, "", TextStyle.SMALL, Tone.SECONDARY)
        self.setFixedHeight(Size.STATUS_LINE)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.XL + _DOT + Space.L, 1, Space.XL, 0)
        row.setSpacing(_ITEM_GAP)
        row.addWidget(self._text)
        row.addStretch(1)
        row.addWidget(self._items)
        self._row = row
        theme.changed.connect(self.update)

    def add_right(self, widget: QWidget) -> None:
        """Put a small control at the right end."""
        self._row.addWidget(widget)

    def set_status(self, kind: StateKind, text: str) -> None:
        self._kind = kind
        self._text.set_text(text)
        self.update()

    def set_items(self, items: Sequence[str]) -> None:
        """Short facts, such as "2 uploads · 41.8 MB/s"; an empty sequence clears them."""
        self._items.set_text("    ".join(items))
        self._items.setAccessibleName(", ".join(items))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color(Token.SURFACE))
        paint.draw_line(painter, 0, 0, self.width(), self._theme.color(Token.LINE))
        color = self._theme.color(self._kind.mark)
        paint.draw_circle(painter, QPointF(Space.XL + _DOT / 2, self.height() / 2), _DOT / 2, color, color, 1)
        painter.end()
