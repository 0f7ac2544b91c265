"""Text on a page: plain-text labels by style and tone, and a label that elides. File names never become markup."""

from enum import StrEnum

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.tool_tip import tip


class Tone(StrEnum):
    """Color of a label; the values are what the style sheet looks for."""

    TEXT = "text"
    SECONDARY = "secondary"
    FAINT = "faint"
    ACCENT = "accent"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"

    @property
    def token(self) -> Token:
        return Token(self.value) if self in (Tone.TEXT, Tone.SECONDARY) else Token(f"{self.value}_text")


def text_label(
    theme: Theme,
    text: str,
    style: TextStyle = TextStyle.BODY,
    tone: Tone = Tone.TEXT,
    wrap: bool = False,
    parent: QWidget | None = None,
) -> QLabel:
    """A plain-text label. `wrap` lets it take several lines."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setFont(theme.font(style))
    label.setWordWrap(wrap)
    set_tone(label, tone)
    return label


def set_tone(label: QLabel, tone: Tone) -> None:
    """Change the color of a label made by `text_label`."""
    if label.property("tone") != tone.value:
        label.setProperty("tone", tone.value)
        label.style().unpolish(label)
        label.style().polish(label)


class ElidedLabel(QWidget):
    """One line that shortens itself to its room; the full text is the accessible name and, when cut, the tooltip.

    ``parts``: the text is facts with " · " between, the main one first; those that have no room are left out whole.
    ``wraps``: it has the height of two lines, and uses both where one does not do.
    """

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        style: TextStyle = TextStyle.BODY,
        tone: Tone = Tone.TEXT,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
        *,
        parts: bool = False,
        wraps: bool = False,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tone = tone
        self._elide = elide
        self._parts = parts
        self._wraps = wraps
        self._align = Qt.AlignmentFlag.AlignLeft
        self._text = ""
        self.setFont(theme.font(style))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_text(text)
        theme.changed.connect(self.update)

    def text(self) -> str:
        return self._text

    def shown_text(self) -> str:
        """The text as painted at the current width."""
        text = paint.facts_in_room(self.font(), self._text, self.width()) if self._parts else self._text
        first, rest = self._broken(text) if self._wraps else ("", text)
        shown = self.fontMetrics().elidedText(rest, self._elide, self.width())
        return f"{first}\n{shown}" if first else shown

    def _broken(self, text: str) -> tuple[str, str]:
        """As many words as the first line has room for, and the rest; no first line where one is enough."""
        if paint.text_width(self.font(), text) <= self.width():
            return "", text
        first = text.rpartition(" ")[0]
        while first and paint.text_width(self.font(), first) > self.width():
            first = first.rpartition(" ")[0]
        return first, text.removeprefix(first).lstrip()

    def set_text(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self._refresh_tooltip()
        self.updateGeometry()
        self.update()

    def set_tone(self, tone: Tone) -> None:
        self._tone = tone
        self.update()

    def set_alignment(self, align: Qt.AlignmentFlag) -> None:
        """Left, right or center; vertical is always centered."""
        self._align = align
        self.update()

    def _refresh_tooltip(self) -> None:
        whole = self.shown_text().replace("\n", " ") == self._text
        self.setToolTip("" if whole else tip(self._text))

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 1, self._least_height())

    def minimumSizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        shortest = min(metrics.horizontalAdvance(self._text) + 1, metrics.averageCharWidth() * 4)
        return QSize(shortest, self._least_height())

    def _least_height(self) -> int:
        return self.fontMetrics().height() * (2 if self._wraps else 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refresh_tooltip()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        token = self._tone.token if self.isEnabled() else Token.FAINT
        painter.setPen(self._theme.color(token))
        flags = self._align | Qt.AlignmentFlag.AlignVCenter
        if not self._wraps:
            flags |= Qt.TextFlag.TextSingleLine
        painter.drawText(self.rect(), flags, self.shown_text())
        painter.end()
