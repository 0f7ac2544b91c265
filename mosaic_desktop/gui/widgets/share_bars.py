"""Names with bars and amounts, largest first: what took how much."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint

_ROW = 36
_BAR = 8
_NAME_SHARE = 0.3
_LONGEST_NAME = 220


@dataclass(frozen=True, slots=True)
class Share:
    """`amount` in words, such as `420 credits · 12 runs`."""

    name: str
    value: float
    amount: str


class ShareBars(QScrollArea):
    """Scrolls where there are many; Tab reaches it, the arrow keys scroll."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: list[_ShareRow] = []
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, Space.S, 0, Space.S)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.setWidget(content)

    def set_shares(self, summary: str, shares: Sequence[Share]) -> None:
        """`shares` from the largest on."""
        self.setAccessibleName(summary)
        while len(self._rows) > len(shares):
            row = self._rows.pop()
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        font = self._theme.font(TextStyle.SMALL)
        room = max((paint.text_width(font, share.amount) for share in shares), default=0)
        largest = max((share.value for share in shares), default=0.0)
        for number, share in enumerate(shares):
            if number == len(self._rows):
                self._rows.append(_ShareRow(self._theme))
                self._column.insertWidget(number, self._rows[number])
            self._rows[number].set_share(share, share.value / largest if largest > 0 else 0.0, room)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            ring = self.viewport().rect().adjusted(3, 3, -3, -3)
            paint.focus_ring(painter, ring, Space.S, self._theme, Token.ACCENT)
            painter.end()


class _ShareRow(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._share = Share("", 0.0, "")
        self._part = 0.0
        self._room = 0
        self.setFixedHeight(_ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_share(self, share: Share, part: float, room: int) -> None:
        self._share, self._part, self._room = share, part, room
        self.setAccessibleName(f"{share.name}: {share.amount}".replace(" · ", ", "))
        self.setToolTip(share.name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, _ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = self._theme.color
        inner = self.rect().adjusted(Space.L, 0, -Space.L, 0)
        name = QRect(inner)
        name.setWidth(min(_LONGEST_NAME, round(inner.width() * _NAME_SHARE)))
        amount = QRect(inner)
        amount.setLeft(inner.right() + 1 - self._room)
        middle = Qt.TextElideMode.ElideRight
        paint.draw_text(
            painter, name, self._share.name, self._theme.font(TextStyle.BODY_MEDIUM), color(Token.TEXT), elide=middle
        )
        small = self._theme.font(TextStyle.SMALL)
        paint.draw_text(painter, amount, self._share.amount, small, color(Token.SECONDARY), paint.RIGHT)
        track = QRect(name.right() + Space.M, (_ROW - _BAR) // 2, amount.left() - name.right() - 2 * Space.M, _BAR)
        if track.width() > _BAR:
            paint.draw_track(painter, track, round(self._part * 1000), self._theme)
        painter.end()
