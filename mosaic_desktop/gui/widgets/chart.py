"""Charts over time that paint themselves: a line or bars, axes in words, and one value under the mouse or the keys."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Radius, Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.remark import announce

_LINES = 5  # grid lines at most, besides the one at zero
_FOOT = 30
_LABEL_HEIGHT = 16
_BUBBLE_HEIGHT = 44
_DOT = 4.5
_BAR_GAP = 0.28
_SMALL_CHANGE = 0.1  # of the highest value; seen from zero it would be a straight line
_WIDEST_BAR = 28.0


@dataclass(frozen=True, slots=True)
class Mark:
    """One value. `at`: its place from the left (0) to the right (1). `label` says which it is, `words` how much."""

    at: float
    value: float
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Words below the chart at a place from the left (0) to the right (1)."""

    at: float
    text: str


def axis_step(top: float) -> float:
    """A round distance between grid lines without a fraction, so that a few of them reach `top`."""
    if top <= 0:
        return 1.0
    rough = top / _LINES
    power = 10.0 ** math.floor(math.log10(rough))
    factors = (1, 2, 2.5, 5, 10) if power >= 10 else (1, 2, 5, 10)
    step = next(factor * power for factor in factors if factor * power >= rough * 0.999)
    return max(1.0, step)


class Chart(QWidget):
    """Starts at zero, so that a half looks like a half, unless `foot_of` says otherwise. Tab reaches it; Left, Right,
    Home and End go from value to value, which are shown and said. Its accessible name is `summary`: the numbers in a
    sentence.
    """

    def __init__(self, theme: Theme, format_value: Callable[[float], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._format = format_value
        self._marks: tuple[Mark, ...] = ()
        self._ticks: tuple[Tick, ...] = ()
        self._current: int | None = None
        self._step = 1.0
        self._foot = 0.0
        self._top = 1.0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    @property
    def marks(self) -> tuple[Mark, ...]:
        return self._marks

    @property
    def current(self) -> Mark | None:
        """The value that is shown in words."""
        return self._marks[self._current] if self._current is not None else None

    def set_marks(self, summary: str, marks: Sequence[Mark], ticks: Sequence[Tick]) -> None:
        """`marks` from left to right."""
        if self._marks != tuple(marks):
            self._show(None)
        self._marks, self._ticks = tuple(marks), tuple(ticks)
        highest = max((mark.value for mark in marks), default=0.0)
        foot = self.foot_of(min((mark.value for mark in marks), default=0.0), highest)
        self._step = axis_step(highest - foot)
        self._foot = math.floor(foot / self._step) * self._step
        self._top = max(self._foot + self._step, math.ceil(highest / self._step - 0.001) * self._step)
        self.setAccessibleName(summary)
        self.update()

    # Where things are

    def foot_of(self, lowest: float, highest: float) -> float:
        """About where the axis begins, by the values that there are."""
        return 0.0

    def plot(self) -> QRectF:
        font = self.theme.font(TextStyle.SMALL)
        widest = max(paint.text_width(font, self._format(value)) for value in self._lines())
        left = Space.L + widest + Space.S
        return QRectF(left, Space.L, max(1, self.width() - left - Space.L), max(1, self.height() - Space.L - _FOOT))

    def spot(self, mark: Mark, area: QRectF | None = None) -> QPointF:
        """``area``: what ``plot`` gives, where it is known already."""
        area = self.plot() if area is None else area
        share = max(0.0, min(1.0, (mark.value - self._foot) / (self._top - self._foot)))
        return QPointF(area.left() + mark.at * area.width(), area.bottom() - share * area.height())

    def _lines(self) -> list[float]:
        """The values at which a line is drawn, from the foot to the top."""
        return [self._foot + self._step * number for number in range(round((self._top - self._foot) / self._step) + 1)]

    # Mouse and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        area = self.plot()
        share = (event.position().x() - area.left()) / area.width()
        nearest = min(range(len(self._marks)), key=lambda i: abs(self._marks[i].at - share), default=None)
        self._show(nearest)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._show(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._marks) - 1
        now = self._current
        moves = {
            Qt.Key.Key_Left: last if now is None else max(0, now - 1),
            Qt.Key.Key_Right: 0 if now is None else min(last, now + 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        wanted = moves.get(Qt.Key(event.key()))
        if wanted is None or last < 0:
            super().keyPressEvent(event)
            return
        self._show(wanted)
        if (mark := self.current) is not None:
            announce(self, f"{mark.label}: {mark.words}")

    def _show(self, number: int | None) -> None:
        if number != self._current:
            self._current = number
            mark = self.current
            self.setAccessibleDescription(f"{mark.label}: {mark.words}" if mark is not None else "")
            self.update()

    # Painting

    def sizeHint(self) -> QSize:
        return QSize(480, 178)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 120)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.plot()
        self._paint_axes(painter, area)
        self.paint_marks(painter, area)
        if (mark := self.current) is not None:
            self.paint_current(painter, area, mark)
            self._paint_bubble(painter, area, mark)
        if self.hasFocus():
            ring = self.rect().adjusted(3, 3, -3, -3)
            paint.focus_ring(painter, ring, Radius.CONTROL, self.theme, Token.ACCENT)
        painter.end()

    def paint_marks(self, painter: QPainter, area: QRectF) -> None:
        raise NotImplementedError

    def paint_current(self, painter: QPainter, area: QRectF, mark: Mark) -> None:
        raise NotImplementedError

    def _paint_axes(self, painter: QPainter, area: QRectF) -> None:
        font, color = self.theme.font(TextStyle.SMALL), self.theme.color
        for value in self._lines():
            y = round(area.bottom() - area.height() * (value - self._foot) / (self._top - self._foot))
            paint.draw_line(painter, round(area.left()), y, round(area.width()), color(Token.LINE))
            place = QRect(0, y - _LABEL_HEIGHT // 2, round(area.left()) - Space.S, _LABEL_HEIGHT)
            text = self._format(value)
            paint.draw_text(painter, place, text, font, color(Token.FAINT_TEXT), paint.RIGHT)
        free_from = 0
        for tick in self._ticks:
            width = paint.text_width(font, tick.text)
            left = round(area.left() + tick.at * area.width() - width / 2)
            left = max(round(area.left()) - Space.S, min(left, self.width() - width - Space.S))
            if left < free_from:
                continue
            place = QRect(left, round(area.bottom()) + Space.S, width, _LABEL_HEIGHT)
            paint.draw_text(painter, place, tick.text, font, color(Token.FAINT_TEXT))
            free_from = left + width + Space.M

    def _paint_bubble(self, painter: QPainter, area: QRectF, mark: Mark) -> None:
        """Beside the value, on the side that has room."""
        color = self.theme.color
        small, strong = self.theme.font(TextStyle.SMALL), self.theme.font(TextStyle.BODY_STRONG)
        width = max(paint.text_width(small, mark.label), paint.text_width(strong, mark.words)) + 2 * Space.M
        spot = self.spot(mark, area)
        right_of = spot.x() + Space.M
        left = right_of if right_of + width <= self.width() - Space.XS else spot.x() - Space.M - width
        top = max(Space.XS, min(spot.y() - _BUBBLE_HEIGHT / 2, area.bottom() - _BUBBLE_HEIGHT - Space.XS))
        box = QRect(max(Space.XS, round(left)), round(top), width, _BUBBLE_HEIGHT)
        paint.fill_round(painter, box, Radius.CONTROL, color(Token.RAISED), color(Token.LINE))
        line = QRect(box.left() + Space.M, box.top() + 5, box.width() - 2 * Space.M + 2, _LABEL_HEIGHT)
        paint.draw_text(painter, line, mark.label, small, color(Token.SECONDARY))
        paint.draw_text(painter, line.translated(0, 18), mark.words, strong, color(Token.TEXT))


class LineChart(Chart):
    """Values joined by a line over a washed ground; it ends with the last value. A small change fills the chart."""

    def foot_of(self, lowest: float, highest: float) -> float:
        return lowest if 0 < highest - lowest < _SMALL_CHANGE * highest else 0.0

    def paint_marks(self, painter: QPainter, area: QRectF) -> None:
        if not self.marks:
            return
        spots = [self.spot(mark, area) for mark in self.marks]
        line = QPainterPath(spots[0])
        for spot in spots[1:]:
            line.lineTo(spot)
        ground = QPainterPath(line)
        ground.lineTo(spots[-1].x(), area.bottom())
        ground.lineTo(spots[0].x(), area.bottom())
        ground.closeSubpath()
        painter.fillPath(ground, self.theme.color(Token.ACCENT_WASH))
        pen = QPen(self.theme.color(Token.ACCENT), 2)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(line)
        self._paint_dot(painter, spots[-1])

    def paint_current(self, painter: QPainter, area: QRectF, mark: Mark) -> None:
        spot = self.spot(mark, area)
        painter.setPen(QPen(self.theme.color(Token.FAINT), 1))
        painter.drawLine(QPointF(spot.x(), area.top()), QPointF(spot.x(), area.bottom()))
        self._paint_dot(painter, spot)

    def _paint_dot(self, painter: QPainter, spot: QPointF) -> None:
        accent, surface = self.theme.color(Token.ACCENT), self.theme.color(Token.SURFACE)
        paint.draw_circle(painter, spot, _DOT, surface, accent, 2)


class BarChart(Chart):
    """One bar for each value; they stand side by side in equal slots."""

    def paint_marks(self, painter: QPainter, area: QRectF) -> None:
        for mark in self.marks:
            self._paint_bar(painter, area, mark, Token.ACCENT)

    def paint_current(self, painter: QPainter, area: QRectF, mark: Mark) -> None:
        self._paint_bar(painter, area, mark, Token.ACCENT_TEXT)

    def _paint_bar(self, painter: QPainter, area: QRectF, mark: Mark, token: Token) -> None:
        if mark.value <= 0:
            return
        width = min(_WIDEST_BAR, area.width() / max(1, len(self.marks)) * (1 - _BAR_GAP))
        spot = self.spot(mark, area)
        bar = QRectF(spot.x() - width / 2, min(spot.y(), area.bottom() - 2), width, 0)
        bar.setBottom(area.bottom())
        radius = min(3.0, width / 2, bar.height())
        painter.save()
        painter.setClipRect(bar)
        paint.fill_round(painter, bar.adjusted(0, 0, 0, radius), radius, self.theme.color(token))
        painter.restore()
