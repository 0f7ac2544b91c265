"""What an empty place says: an icon in a circle, a title, a sentence and perhaps one button."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.labels import Tone, text_label

_CIRCLE = 56
_ICON = 24
_TEXT_WIDTH = 420


class IconCircle(QWidget):
    """An icon on a round ground. Decoration: the words beside it say the same."""

    def __init__(self, theme: Theme, icon: str, ground: Token, mark: Token, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._icon, self._ground, self._mark = theme, icon, ground, mark
        self.setFixedSize(_CIRCLE, _CIRCLE)
        theme.changed.connect(self.update)

    def set_icon(self, icon: str) -> None:
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_CIRCLE, _CIRCLE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = self._theme.color(self._ground)
        paint.draw_circle(painter, QPointF(_CIRCLE / 2, _CIRCLE / 2), _CIRCLE / 2, ground, ground, 1)
        inset = (_CIRCLE - _ICON) // 2
        self._theme.icons.paint(painter, QRect(inset, inset, _ICON, _ICON), self._icon, self._mark)
        painter.end()


class EmptyState(QWidget):
    """Centered in the room it gets. `button` comes from the caller, who connects it."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        title: str,
        sentence: str,
        button: QPushButton | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._circle = IconCircle(theme, icon, Token.ACCENT_WASH, Token.ACCENT_TEXT)
        self._title = _centered(text_label(theme, title, TextStyle.PAGE_TITLE, wrap=True))
        self._sentence = _centered(text_label(theme, sentence, TextStyle.BODY, Tone.SECONDARY, wrap=True))
        column = QWidget()
        column.setMaximumWidth(_TEXT_WIDTH)
        words = QVBoxLayout(column)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(Space.S)
        words.addStretch(1)
        words.addWidget(self._circle, 0, Qt.AlignmentFlag.AlignHCenter)
        words.addSpacing(Space.S)
        words.addWidget(self._title)
        words.addWidget(self._sentence)
        if button is not None:
            words.addSpacing(Space.S)
            words.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.XXL, Space.XXL, Space.XXL, Space.XXL)
        row.addWidget(column)

    def set_text(self, title: str, sentence: str) -> None:
        self._title.setText(title)
        self._sentence.setText(sentence)

    def set_icon(self, icon: str) -> None:
        self._circle.set_icon(icon)


def _centered(label: QLabel) -> QLabel:
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return label
