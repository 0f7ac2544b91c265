"""One way in as a card: icon, title, sentence, controls, and below them how it goes."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mosaic_desktop.gui.pages.first.attempt import Attempt
from mosaic_desktop.gui.pages.first.ways_in import Entrance, Way
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.labels import Tone, text_label

_ICON = 24
_WIDTH = 352


class WayCard(Card):
    """`show_entrance` disables the card while a way is tried that leaves no room for another, and tells how its own
    goes. `cancelled` is asked for by its Cancel button. `plain`: without the card around it, for a dialog.
    """

    cancelled = Signal()

    def __init__(self, theme: Theme, way: Way, icon: str, title: str, sentence: str, *, plain: bool = False) -> None:
        super().__init__(theme)
        self._plain = plain
        self._icon = PlainIcon(theme, icon)
        self._title = text_label(theme, title, TextStyle.SUBTITLE)
        self._sentence = text_label(theme, sentence, TextStyle.BODY, Tone.SECONDARY, wrap=True)
        self.controls = QVBoxLayout()
        self._controls_room = QWidget()
        self._attempt = Attempt(theme, way)
        self._attempt.cancelled.connect(self.cancelled)
        self.setAccessibleName(title)
        self._build_ui_of_way()
        if plain:
            self.body.setContentsMargins(0, 0, 0, 0)
            self._icon.hide()
            self._corners.hide()
        else:
            self.setMaximumWidth(_WIDTH)

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self.setAccessibleName(title)

    def set_sentence(self, sentence: str) -> None:
        self._sentence.setText(sentence)

    def set_suggested(self, suggested: bool) -> None:
        """Mark this card as the way to take."""
        self.set_outlined(suggested)
        self._icon.set_token(Token.ACCENT_TEXT if suggested else Token.SECONDARY)

    def show_entrance(self, entrance: Entrance) -> None:
        self._controls_room.setEnabled(entrance.others_open)
        self._attempt.show_entrance(entrance)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._plain:
            super().paintEvent(event)

    def _build_ui_of_way(self) -> None:
        self.body.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        self.body.addWidget(self._icon)
        self.body.addSpacing(Space.S)
        self.body.addWidget(self._title)
        self.body.addSpacing(Space.S)
        self.body.addWidget(self._sentence)
        self.body.addSpacing(Space.L)
        self.controls.setContentsMargins(0, 0, 0, 0)
        self.controls.setSpacing(Space.S)
        self._controls_room.setLayout(self.controls)
        self.body.addWidget(self._controls_room)
        self.body.addWidget(self._attempt)
        self.body.addStretch(1)


class PlainIcon(QWidget):
    """The title beside it says the same."""

    def __init__(self, theme: Theme, name: str, token: Token = Token.SECONDARY) -> None:
        super().__init__()
        self._theme, self._name, self._token = theme, name, token
        self.setFixedHeight(_ICON)
        self.setMinimumWidth(_ICON)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self.update)

    def set_token(self, token: Token) -> None:
        self._token = token
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_ICON, _ICON)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._theme.icons.paint(painter, QRect(0, 0, _ICON, _ICON), self._name, self._token)
        painter.end()
