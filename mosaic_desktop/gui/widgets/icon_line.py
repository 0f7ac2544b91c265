"""A line of words with an icon before it, both in the color of what they mean."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Size
from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.labels import Tone, set_tone, text_label

_GAP = 6
_TONES = {
    StateKind.NEUTRAL: Tone.SECONDARY,
    StateKind.ACTIVE: Tone.ACCENT,
    StateKind.GOOD: Tone.GOOD,
    StateKind.WARNING: Tone.WARNING,
    StateKind.BAD: Tone.BAD,
}


class IconLine(QWidget):
    """Wraps where the words are longer than the room; the icon stays at the first line. Hidden while empty."""

    def __init__(self, theme: Theme, style: TextStyle = TextStyle.SMALL, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = ""
        self._kind = StateKind.NEUTRAL
        self._label = text_label(theme, "", style, Tone.SECONDARY, wrap=True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._label, 1, Qt.AlignmentFlag.AlignVCenter)
        theme.changed.connect(self.update)
        self.hide()

    def text(self) -> str:
        return self._label.text()

    def set_line(self, text: str, kind: StateKind = StateKind.NEUTRAL, icon: str = "") -> None:
        self._icon, self._kind = icon, kind
        self._row.setContentsMargins(Size.ICON + _GAP if icon else 0, 0, 0, 0)
        if self._label.text() != text:
            self._label.setText(text)
        set_tone(self._label, _TONES[kind])
        self.setVisible(bool(text))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._icon:
            return
        painter = QPainter(self)
        line = self._label.fontMetrics().height()
        top = self._label.y() + (line - Size.ICON) // 2
        self._theme.icons.paint(
            painter, QRect(self.contentsRect().left(), top, Size.ICON, Size.ICON), self._icon, self._kind.mark
        )
        painter.end()
