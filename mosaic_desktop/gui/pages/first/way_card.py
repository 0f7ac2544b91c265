"""One way in as a card: icon, title, sentence, controls, and below them how it goes."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mosaic_desktop.gui.pages.first.ways_in import Entrance, Way
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind
from mosaic_desktop.gui.widgets.buttons import quiet_button
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.progress_track import ProgressTrack

_ICON = 24
_WIDTH = 352


class WayCard(Card):
    """`show_entrance` disables the card while any way is tried, and tells how its own went. `cancelled` is asked for
    by its Cancel button.
    """

    cancelled = Signal()

    def __init__(self, theme: Theme, way: Way, icon: str, title: str, sentence: str) -> None:
        super().__init__(theme)
        self._way = way
        self._icon = _Icon(theme, icon)
        self._title = text_label(theme, title, TextStyle.SUBTITLE)
        self._sentence = text_label(theme, sentence, TextStyle.BODY, Tone.SECONDARY, wrap=True)
        self.controls = QVBoxLayout()
        self._controls_room = QWidget()
        self._progress = _Progress(theme)
        self._progress.cancelled.connect(self.cancelled)
        self._trouble = Banner(theme, BannerKind.BAD, "This did not work.")
        self.setAccessibleName(title)
        self.setMaximumWidth(_WIDTH)
        self._build_ui_of_way()

    def set_sentence(self, sentence: str) -> None:
        self._sentence.setText(sentence)

    def set_suggested(self) -> None:
        """Mark this card as the way that needs nothing."""
        self.set_outlined(True)
        self._icon.set_token(Token.ACCENT_TEXT)

    def show_entrance(self, entrance: Entrance) -> None:
        mine = entrance.busy is self._way
        self._controls_room.setEnabled(entrance.busy is None)
        self._progress.setVisible(mine)
        self._progress.set_words(entrance.words if mine else "")
        failed = entrance.failed is self._way
        self._trouble.setVisible(failed)
        if failed:
            kind = BannerKind.WARNING if entrance.unkept else BannerKind.BAD
            self._trouble.set_message(kind, entrance.words)

    def add_below(self, widget: QWidget) -> None:
        """Put something under the controls that is hidden until it is needed."""
        widget.setVisible(False)
        widget.setContentsMargins(0, 0, 0, 0)
        self._below.addWidget(widget)

    def trouble(self) -> str:
        """The sentence under the controls, empty when all is well."""
        return "" if self._trouble.isHidden() else self._trouble.text()

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
        self._below = QVBoxLayout()
        self._below.setContentsMargins(0, Space.M, 0, 0)
        self._below.setSpacing(Space.S)
        self.body.addLayout(self._below)
        self.body.addStretch(1)
        for widget in (self._progress, self._trouble):
            self.add_below(widget)


class _Progress(QWidget):
    """What happens now, a travelling bar, and Cancel."""

    cancelled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._words = text_label(theme, "", TextStyle.SMALL, Tone.SECONDARY)
        self._track = ProgressTrack(theme, "Progress")
        self._track.set_progress(None)
        cancel = quiet_button(theme, "Cancel")
        cancel.clicked.connect(self.cancelled)
        words = QHBoxLayout()
        words.addWidget(self._words, 1)
        words.addWidget(cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.S, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(words)
        column.addWidget(self._track)

    def set_words(self, words: str) -> None:
        self._words.setText(words)
        self._track.setAccessibleName(words or "Progress")


class _Icon(QWidget):
    """A plain icon; the title beside it says the same."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme, self._name, self._token = theme, name, Token.SECONDARY
        self.setFixedHeight(_ICON)
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
