"""One setting: its name and what it means at the left, its control at the right, and what is wrong with it below."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.labels import Tone, set_tone, text_label
from mosaic_desktop.gui.widgets.remark import Remark, announce, mark_wrong


class SettingRow(QWidget):
    """`controls` from left to right; the last one is named by the title. Wide ones stand below the words."""

    def __init__(self, theme: Theme, title: str, hint: str, *controls: QWidget, below: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._title = title
        self._hint = hint
        self._controls = controls
        self._control = controls[-1]
        self._shown = Remark()
        name = text_label(theme, title, TextStyle.BODY)
        name.setBuddy(self._control)
        self._note = text_label(theme, hint, TextStyle.SMALL, Tone.SECONDARY, wrap=True)
        self._control.setAccessibleDescription(hint)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(name)
        words.addWidget(self._note)
        side = QHBoxLayout()
        side.setSpacing(Space.S)
        for control in controls:
            side.addWidget(control, int(below and control is self._control))
        room = QVBoxLayout(self) if below else QHBoxLayout(self)
        room.setContentsMargins(Space.L, Space.M, Space.L, Space.M + 1)
        room.setSpacing(Space.S if below else Space.L)
        room.addLayout(words, 1)
        room.addLayout(side)
        if not below:
            room.setAlignment(side, Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumHeight(Size.CONTROL + 2 * Space.M)
        theme.changed.connect(self.update)

    def set_hint(self, hint: str) -> None:
        self._hint = hint
        if not self._shown.text:
            self._note.setText(hint)
            self._control.setAccessibleDescription(hint)

    def say(self, remark: Remark) -> None:
        """Stands in place of the hint; an empty one brings the hint back."""
        if remark == self._shown:
            return
        self._shown = remark
        words = remark.text or self._hint
        tone = Tone.SECONDARY if not remark.text else Tone.BAD if remark.wrong else Tone.WARNING
        set_tone(self._note, tone)
        self._note.setText(words)
        for control in self._controls:
            control.setAccessibleDescription(words)
            mark_wrong(control, remark.wrong)
        if remark.text:
            announce(self._control, f"{self._title}: {remark.text}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.draw_line(painter, 0, self.height() - 1, self.width(), self._theme.color(Token.LINE))
        painter.end()
