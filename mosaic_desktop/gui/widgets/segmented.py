"""A choice of a few words side by side. Tab reaches it once, arrow keys choose."""

from collections.abc import Mapping, Sequence
from enum import Enum, auto

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Radius, Size
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.arrow_keys import ArrowKeys, check
from mosaic_desktop.gui.widgets.painted_button import PaintedButton

_PADDING = 14
_LEAST_PADDING = 6


class SegmentStyle(Enum):
    RAISED = auto()  # a raised piece on a track: switches what a card shows
    JOINED = auto()  # cells with a common border: a value in a form


class SegmentedControl(QWidget):
    """`options` are (key, text) pairs; `full_words` has, by key, what a short text stands for. `chosen(key)` is emitted
    when the user or `set_current` changes the choice.
    """

    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        name: str,
        options: Sequence[tuple[str, str]],
        style: SegmentStyle = SegmentStyle.RAISED,
        full_words: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._style = style
        self._full_words = full_words or {}
        self._keys = [key for key, _ in options]
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._arrows = ArrowKeys(self, check)
        self.setAccessibleName(name)
        horizontal = QSizePolicy.Policy.Expanding if style == SegmentStyle.JOINED else QSizePolicy.Policy.Fixed
        self.setSizePolicy(horizontal, QSizePolicy.Policy.Fixed)
        self._build_ui(options)
        self._group.idToggled.connect(self._on_id_toggled)
        theme.changed.connect(self.update)

    def current(self) -> str:
        """Key of the chosen option."""
        return self._keys[max(0, self._group.checkedId())]

    def set_current(self, key: str) -> None:
        """Choose by key. Raises ValueError for an unknown one."""
        self._group.button(self._keys.index(key)).setChecked(True)

    @staticmethod
    def least_width(theme: Theme, texts: Sequence[str]) -> int:
        """Room in pixels in which no text of equally wide segments is cut."""
        font = theme.font(TextStyle.BODY_STRONG)
        return len(texts) * (max(paint.text_width(font, text) for text in texts) + 2 * _LEAST_PADDING)

    def _build_ui(self, options: Sequence[tuple[str, str]]) -> None:
        layout = QHBoxLayout(self)
        inset = 2 if self._style == SegmentStyle.RAISED else 0
        layout.setContentsMargins(inset, inset, inset, inset)
        layout.setSpacing(0)
        for number, (key, text) in enumerate(options):
            edges = (number == 0, number == len(options) - 1)
            segment = _Segment(self._theme, text, self._style, edges)
            segment.setChecked(number == 0)
            if words := self._full_words.get(key):
                segment.setAccessibleName(words)
                segment.setToolTip(words)
            self._arrows.add(segment)
            self._group.addButton(segment, number)
            layout.addWidget(segment, 1 if self._style == SegmentStyle.JOINED else 0)

    def _on_id_toggled(self, number: int, checked: bool) -> None:
        if checked:
            self.chosen.emit(self._keys[number])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._style == SegmentStyle.RAISED:
            paint.fill_round(painter, self.rect(), Radius.CONTROL, self._theme.color(Token.TRACK))
        else:
            fill, line = self._theme.color(Token.RAISED), self._theme.color(Token.LINE)
            paint.fill_round(painter, self.rect(), Radius.CONTROL, fill, line)
        painter.end()


class _Segment(PaintedButton):
    """One option; `edges` says whether it is the first and the last."""

    def __init__(self, theme: Theme, text: str, style: SegmentStyle, edges: tuple[bool, bool]) -> None:
        super().__init__(theme, text)
        self._style = style
        self._edges = edges
        self.setText(text)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        inset = 4 if self._style == SegmentStyle.RAISED else 0
        width = paint.text_width(self.theme.font(TextStyle.BODY_STRONG), self.text())
        return QSize(width + 2 * _PADDING, Size.CONTROL - inset)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width() - 2 * (_PADDING - _LEAST_PADDING), self.sizeHint().height())

    def paint(self, painter: QPainter, rect: QRect) -> None:
        if self._style == SegmentStyle.RAISED:
            self._paint_raised(painter, rect)
        else:
            self._paint_joined(painter, rect)
        if self.hasFocus():
            paint.focus_ring(painter, rect, Radius.CONTROL - 1, self.theme, Token.ACCENT)

    def _paint_raised(self, painter: QPainter, rect: QRect) -> None:
        if self.isChecked():
            fill, line = self.theme.color(Token.SURFACE), self.theme.color(Token.LINE)
            paint.fill_round(painter, rect, Radius.CONTROL - 1, fill, line)
        strong = self.isChecked() or self.hovered
        self._paint_text(painter, rect, TextStyle.BODY_MEDIUM, Token.TEXT if strong else Token.SECONDARY)

    def _paint_joined(self, painter: QPainter, rect: QRect) -> None:
        ground = Token.ACCENT_WASH if self.isChecked() else Token.HOVER if self.hovered else None
        if ground is not None:
            first, last = self._edges
            painter.save()
            painter.setClipPath(_cell_path(rect.adjusted(0, 1, 0, -1), first, last))
            painter.fillRect(rect, self.theme.color(ground))
            painter.restore()
        if not self._edges[1]:
            painter.fillRect(QRect(rect.right(), 1, 1, rect.height() - 2), self.theme.color(Token.LINE))
        if self.isChecked():
            self._paint_text(painter, rect, TextStyle.BODY_STRONG, Token.ACCENT_TEXT)
        else:
            self._paint_text(painter, rect, TextStyle.BODY, Token.SECONDARY)

    def _paint_text(self, painter: QPainter, rect: QRect, style: TextStyle, token: Token) -> None:
        color = self.theme.color(token if self.isEnabled() else Token.FAINT)
        paint.draw_text(painter, rect, self.text(), self.theme.font(style), color, paint.CENTER)


def _cell_path(rect: QRect, first: bool, last: bool) -> QPainterPath:
    """Cell of a joined row: outer corners round, inner ones square, one pixel off the common border."""
    radius = Radius.CONTROL - 1
    inner = rect.adjusted(1 if first else 0, 0, -1 if last else 0, 0)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    path.addRoundedRect(inner, radius, radius)
    if not first:
        path.addRect(inner.adjusted(0, 0, -radius, 0))
    if not last:
        path.addRect(inner.adjusted(radius, 0, 0, 0))
    return path.simplified()
