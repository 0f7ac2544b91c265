"""A card: white ground with a rounded line, a header with room for actions, a body and an optional footer."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Radius, Size, Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.labels import ElidedLabel, Tone, text_label


class Card(QFrame):
    """Without `title` there is no header. Put widgets into `body`; it has no margins, so lists reach the line.
    `counts`: the detail is made of counts, of which the last ones may be left out.
    """

    def __init__(
        self,
        theme: Theme,
        title: str = "",
        detail: str = "",
        parent: QWidget | None = None,
        *,
        counts: bool = False,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._outlined = False
        self._title = text_label(theme, title, TextStyle.BODY_STRONG)
        self._detail = ElidedLabel(theme, detail, TextStyle.BODY, Tone.FAINT, parts=counts)
        self._actions = QHBoxLayout()
        self._header = QWidget()
        self._footer: QWidget | None = None
        self.body = QVBoxLayout()
        self.setAccessibleName(title)
        self._build_ui(bool(title))
        self._corners = _Corners(theme, self)
        theme.changed.connect(self.update)

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self.setAccessibleName(title)

    def set_detail(self, detail: str) -> None:
        """The quiet words after the title, such as a count."""
        self._detail.set_text(detail)

    def set_outlined(self, outlined: bool) -> None:
        """Draw the line in the accent color: the suggested one of several cards."""
        self._outlined = outlined
        self.update()

    def add_action(self, widget: QWidget) -> None:
        """Put a control at the right of the header."""
        self._actions.addWidget(widget)

    def footer(self) -> QHBoxLayout:
        """Layout of the footer, which appears with the first call."""
        if self._footer is None:
            self._footer = _Band(self._theme, top_line=True)
            row = QHBoxLayout(self._footer)
            row.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
            row.setSpacing(Space.M)
            self._frame.addWidget(self._footer)
            self._corners.raise_()
        layout = self._footer.layout()
        assert isinstance(layout, QHBoxLayout)
        return layout

    def _build_ui(self, with_header: bool) -> None:
        self._frame = QVBoxLayout(self)
        self._frame.setContentsMargins(1, 1, 1, 1)
        self._frame.setSpacing(0)
        self._header = _Band(self._theme, top_line=False)
        self._header.setFixedHeight(Size.CARD_HEADER + 1)
        row = QHBoxLayout(self._header)
        row.setContentsMargins(Space.L, 0, Space.M, 1)
        row.setSpacing(Space.S)
        row.addWidget(self._title)
        row.addWidget(self._detail, 1)
        self._actions.setSpacing(Space.S)
        row.addLayout(self._actions)
        self._header.setVisible(with_header)
        self._frame.addWidget(self._header)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self._frame.addLayout(self.body, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.fill_round(painter, self.rect(), Radius.CARD, self._theme.color(Token.SURFACE))
        painter.end()

    @property
    def line_token(self) -> Token:
        return Token.ACCENT if self._outlined else Token.LINE


class _Band(QWidget):
    """Header or footer; the footer has its own ground."""

    def __init__(self, theme: Theme, top_line: bool) -> None:
        super().__init__()
        self._theme = theme
        self._top_line = top_line
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._top_line:
            painter.fillRect(self.rect(), self._theme.color(Token.RAISED))
        y = 0 if self._top_line else self.height() - 1
        paint.draw_line(painter, 0, y, self.width(), self._theme.color(Token.LINE))
        painter.end()


class _Corners(QWidget):
    """Lies over the card, rounds off whatever reaches into its corners, and draws the line on top."""

    def __init__(self, theme: Theme, card: Card) -> None:
        super().__init__(card)
        self._theme = theme
        self._card = card
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        card.installEventFilter(self)
        theme.changed.connect(self.update)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.ChildAdded, QEvent.Type.Show):
            self.setGeometry(self._card.rect())
            self.raise_()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outside = QPainterPath()
        outside.addRect(QRectF(self.rect()))
        inside = QPainterPath()
        inside.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), Radius.CARD, Radius.CARD)
        painter.fillPath(outside.subtracted(inside), self._theme.color(Token.WINDOW))
        paint.fill_round(painter, self.rect(), Radius.CARD, None, self._theme.color(self._card.line_token))
        painter.end()
