"""Covers a widget while files are dragged over the window and says what dropping will do."""

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Radius, Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint

_CIRCLE = 56
_ICON = 24


class DropOverlay(QWidget):
    """Hidden until `show_message`; `hide()` takes it away. Lets drag events through to the parent."""

    def __init__(self, theme: Theme, parent: QWidget, icon: str = "upload") -> None:
        super().__init__(parent)
        self._theme = theme
        self._host = parent
        self._icon = icon
        self._title = ""
        self._sentence = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        parent.installEventFilter(self)
        theme.changed.connect(self.update)
        self.hide()

    def show_message(self, title: str, sentence: str) -> None:
        self._title, self._sentence = title, sentence
        self.setAccessibleName(f"{title}. {sentence}")
        self.setGeometry(self._host.rect())
        self.update()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._host.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._theme.color(Token.SURFACE))
        area = self.rect().adjusted(Space.L, Space.L, -Space.L, -Space.L)
        pen = QPen(self._theme.color(Token.ACCENT), 2)
        pen.setDashPattern([3, 2.5])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.setBrush(self._theme.color(Token.ACCENT_WASH))
        painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), Radius.CARD, Radius.CARD)
        self._paint_words(painter, area)
        painter.end()

    def _paint_words(self, painter: QPainter, area: QRect) -> None:
        content = QRect(0, 0, area.width() - 2 * Space.L, _CIRCLE + 66)
        content.moveCenter(area.center())
        circle = QRect(content.center().x() - _CIRCLE // 2, content.top(), _CIRCLE, _CIRCLE)
        paint.fill_round(painter, circle, _CIRCLE / 2, self._theme.color(Token.SURFACE))
        inset = (_CIRCLE - _ICON) // 2
        self._theme.icons.paint(painter, circle.adjusted(inset, inset, -inset, -inset), self._icon, Token.ACCENT_TEXT)
        title = QRect(content.left(), circle.bottom() + 13, content.width(), 24)
        font = self._theme.font(TextStyle.PAGE_TITLE)
        paint.draw_text(painter, title, self._title, font, self._theme.color(Token.TEXT), paint.CENTER)
        line = QRect(content.left(), title.bottom() + 7, content.width(), 20)
        font = self._theme.font(TextStyle.BODY)
        paint.draw_text(painter, line, self._sentence, font, self._theme.color(Token.ACCENT_TEXT), paint.CENTER)
