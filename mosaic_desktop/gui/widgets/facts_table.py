"""Names and values in rows with lines between them: a run's settings, an output's measures."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.labels import ElidedLabel, Tone

_ROW_HEIGHT = 38
_LONGEST_NAME = 180
_NAME_SHARE = 3
_VALUE_SHARE = 7


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: str
    tone: Tone = Tone.TEXT


class FactsTable(QWidget):
    """`header` names the two columns or is left out; `values_right` aligns values at the right edge."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        header: tuple[str, str] | None = None,
        values_right: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._values_right = values_right
        self._rows: list[_FactRow] = []
        self._header: _FactRow | None = None
        self.setAccessibleName(name)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        if header is not None:
            self._header = _FactRow(theme, values_right, TextStyle.SMALL, Tone.SECONDARY)
            self._header.set_fact(Fact(*header, tone=Tone.SECONDARY))
            self._layout.addWidget(self._header)

    def set_facts(self, facts: Sequence[Fact]) -> None:
        while len(self._rows) > len(facts):
            row = self._rows.pop()
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        for number, fact in enumerate(facts):
            if number == len(self._rows):
                tone = Tone.SECONDARY if self._values_right else Tone.TEXT
                row = _FactRow(self._theme, self._values_right, TextStyle.BODY, tone)
                self._rows.append(row)
                self._layout.addWidget(row)
            self._rows[number].set_fact(fact)
        for row in (*self._rows, *([self._header] if self._header is not None else [])):
            row.set_name_width(self.name_width)

    @property
    def name_width(self) -> int:
        """Pixels that the names need at least, so that none is cut as long as there is room beside it."""
        return min(_LONGEST_NAME, max((row.name_width for row in self._rows), default=0))


class _FactRow(QWidget):
    def __init__(self, theme: Theme, value_right: bool, style: TextStyle, name_tone: Tone) -> None:
        super().__init__()
        self._theme = theme
        self._name = ElidedLabel(theme, "", style, name_tone)
        self._value = ElidedLabel(theme, "", style, elide=Qt.TextElideMode.ElideMiddle)
        if value_right:
            self._value.set_alignment(Qt.AlignmentFlag.AlignRight)
        self.setFixedHeight(_ROW_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, 0, Space.L, 1)
        row.setSpacing(Space.M)
        row.addWidget(self._name, _NAME_SHARE)
        row.addWidget(self._value, _VALUE_SHARE)
        theme.changed.connect(self.update)

    @property
    def name_width(self) -> int:
        return self._name.sizeHint().width()

    def set_name_width(self, width: int) -> None:
        self._name.setMinimumWidth(width)

    def set_fact(self, fact: Fact) -> None:
        self._name.set_text(fact.name)
        self._value.set_text(fact.value)
        self._value.set_tone(fact.tone)
        self.setAccessibleName(f"{fact.name}: {fact.value}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.draw_line(painter, 0, self.height() - 1, self.width(), self._theme.color(Token.LINE))
        painter.end()
