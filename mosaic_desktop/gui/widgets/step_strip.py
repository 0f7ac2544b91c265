"""The steps of a run as circles joined by lines. Wraps into rows when the width does not hold all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Radius
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.arrow_keys import ArrowKeys
from mosaic_desktop.gui.widgets.painted_button import PaintedButton

_CIRCLE = 34
_ICON = 16
_TOP = 6
_CELL_HEIGHT = 92
_CELL_WIDTH = 108
_LINE_GAP = 2


class StepState(Enum):
    """State of a step: (word read aloud, circle, icon)."""

    DONE = ("done", Token.GOOD, Token.GOOD)
    ACTIVE = ("running", Token.ACCENT, Token.ACCENT_TEXT)
    WAITING = ("waiting", Token.LINE, Token.FAINT)
    FAILED = ("failed", Token.BAD, Token.BAD)

    @property
    def word(self) -> str:
        return self.value[0]

    @property
    def ring(self) -> Token:
        return self.value[1]

    @property
    def mark(self) -> Token:
        return self.value[2]


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `detail` is the line under the name: a time, a percentage, "next"."""

    key: str
    name: str
    icon: str
    state: StepState
    detail: str = ""

    @property
    def accessible_name(self) -> str:
        parts = [self.name, self.state.word]
        if self.detail and self.detail != self.state.word:
            parts.append(self.detail)
        return ", ".join(parts)


class StepStrip(QWidget):
    """`activated(key)` is emitted when a step is clicked or chosen by Space."""

    activated = Signal(str)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._buttons: list[_StepButton] = []
        self._arrows = ArrowKeys(self)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show `steps`. Buttons are kept where possible, so focus survives a change of progress."""
        while len(self._buttons) > len(steps):
            button = self._buttons.pop()
            self._arrows.remove(button)
            button.hide()
            button.deleteLater()
        for number, step in enumerate(steps):
            if number == len(self._buttons):
                self._add_button(step)
            self._buttons[number].set_step(step)
        self._place()
        self.update()

    def columns(self) -> int:
        """How many steps fit side by side."""
        return max(1, min(len(self._buttons), self.width() // _CELL_WIDTH))

    def _add_button(self, step: Step) -> None:
        button = _StepButton(self._theme, step)
        button.setParent(self)
        button.clicked.connect(lambda: self.activated.emit(button.step.key))
        button.show()
        self._arrows.add(button)
        self._buttons.append(button)

    def _place(self) -> None:
        columns = self.columns()
        cell = self.width() / columns
        for number, button in enumerate(self._buttons):
            row, column = divmod(number, columns)
            left = round(column * cell)
            button.setGeometry(left, row * _CELL_HEIGHT, round((column + 1) * cell) - left, _CELL_HEIGHT)
        self.setFixedHeight(max(1, -(-len(self._buttons) // columns)) * _CELL_HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(_CELL_WIDTH * min(4, max(1, len(self._buttons))), _CELL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(_CELL_WIDTH, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for before, after in zip(self._buttons, self._buttons[1:], strict=False):
            done = before.step.state == StepState.DONE
            painter.setPen(QPen(self._theme.color(Token.GOOD if done else Token.LINE), 2))
            self._paint_line(painter, before, after)
        painter.end()

    def _paint_line(self, painter: QPainter, before: "_StepButton", after: "_StepButton") -> None:
        reach = _CIRCLE / 2 + _LINE_GAP
        start, end = before.circle_center(), after.circle_center()
        if before.y() == after.y():
            painter.drawLine(QPointF(start.x() + reach, start.y()), QPointF(end.x() - reach, end.y()))
            return
        # A break between rows: a stub leaves at the right, another arrives at the left.
        painter.drawLine(QPointF(start.x() + reach, start.y()), QPointF(self.width(), start.y()))
        painter.drawLine(QPointF(0, end.y()), QPointF(end.x() - reach, end.y()))


class _StepButton(PaintedButton):
    def __init__(self, theme: Theme, step: Step) -> None:
        super().__init__(theme, step.name)
        self.step = step

    def set_step(self, step: Step) -> None:
        self.step = step
        self.setAccessibleName(step.accessible_name)
        self.setToolTip(step.accessible_name)
        self.update()

    def circle_center(self) -> QPoint:
        return self.pos() + QPoint(self.width() // 2, _TOP + _CIRCLE // 2)

    def sizeHint(self) -> QSize:
        return QSize(_CELL_WIDTH, _CELL_HEIGHT)

    def paint(self, painter: QPainter, rect: QRect) -> None:
        center = QPointF(rect.width() // 2, _TOP + _CIRCLE / 2)
        ground = Token.HOVER if self.hovered else Token.SURFACE
        state = self.step.state
        paint.draw_circle(painter, center, _CIRCLE / 2, self.theme.color(ground), self.theme.color(state.ring), 2)
        icon = QRect(0, 0, _ICON, _ICON)
        icon.moveTopLeft(QPoint(round(center.x()) - _ICON // 2, round(center.y()) - _ICON // 2))
        self.theme.icons.paint(painter, icon, self.step.icon, state.mark)
        words = QRect(4, _TOP + _CIRCLE + 6, rect.width() - 8, 18)
        font = self.theme.font(TextStyle.SMALL_STRONG)
        paint.draw_text(painter, words, self.step.name, font, self.theme.color(Token.TEXT), paint.CENTER)
        tone = Token.BAD_TEXT if state == StepState.FAILED else Token.SECONDARY
        detail, font = self.step.detail or state.word, self.theme.font(TextStyle.SMALL)
        paint.draw_text(painter, words.translated(0, 21), detail, font, self.theme.color(tone), paint.CENTER)
        if self.hasFocus():
            paint.focus_ring(painter, rect.adjusted(6, 0, -6, -2), Radius.CONTROL, self.theme, Token.ACCENT)
