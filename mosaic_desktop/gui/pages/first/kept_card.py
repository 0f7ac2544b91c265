"""The way back to the key of earlier, above the other ways: one click, and what the keyring says to it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from mosaic_desktop.core.errors import Code
from mosaic_desktop.gui.pages.first.attempt import Attempt
from mosaic_desktop.gui.pages.first.way_card import PlainIcon
from mosaic_desktop.gui.pages.first.ways_in import Entrance, Kept, Way
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import primary_button
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.labels import Tone, text_label

_TITLE = "Your account"


def kept_sentence(kept: Kept, keyring: str) -> str:
    """Where the key of earlier is. `keyring`: its name, empty where that is not known."""
    place = f"Its key is in your keyring{f' ({keyring})' if keyring else ''}"
    return f"{place}, which is locked." if kept.locked else f"{place}."


def kept_button(kept: Kept, entrance: Entrance) -> str:
    """What the button does: `Continue with mk_live_…a1b2`."""
    if kept.locked:
        return "Unlock and continue"
    if entrance.failed is Way.KEPT:
        return "Try again"
    return f"Continue with {kept.hint}" if kept.hint else "Continue with your key"


class KeptCard(Card):
    """Hidden while there is nothing to continue with and nothing to say about it. `wanted` by its button."""

    wanted = Signal()
    cancelled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._kept: Kept | None = None
        self._keyring = ""
        self._entrance = Entrance()
        self._sentence = text_label(theme, "", TextStyle.BODY, Tone.SECONDARY, wrap=True)
        self._continue = primary_button(theme, "")
        self._continue.clicked.connect(self.wanted)
        self._attempt = Attempt(theme, Way.KEPT)
        self._attempt.cancelled.connect(self.cancelled)
        self.setAccessibleName(_TITLE)
        self.set_outlined(True)
        self._build_ui_of_kept(theme)
        self._refresh()

    def show_kept(self, kept: Kept | None) -> None:
        self._kept = kept
        self._refresh()

    def focus(self) -> None:
        """Enter continues, where that is possible now."""
        self._continue.setFocus()

    def show_keyring(self, name: str) -> None:
        self._keyring = name
        self._refresh()

    def show_entrance(self, entrance: Entrance) -> None:
        self._entrance = entrance
        self._refresh()

    def _build_ui_of_kept(self, theme: Theme) -> None:
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        words.addWidget(text_label(theme, _TITLE, TextStyle.SUBTITLE))
        words.addWidget(self._sentence)
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        row.addWidget(PlainIcon(theme, "key-round", Token.ACCENT_TEXT), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._continue, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        self.body.addLayout(row)
        self.body.addWidget(self._attempt)

    def _refresh(self) -> None:
        entrance, kept = self._entrance, self._kept or Kept()
        gone = entrance.failed is Way.KEPT and entrance.code == Code.NO_KEY
        self._sentence.setText(kept_sentence(kept, self._keyring))
        self._sentence.setVisible(entrance.failed is not Way.KEPT)
        self._continue.setText(kept_button(kept, entrance))
        self._continue.setVisible(entrance.busy is not Way.KEPT and not gone)
        self._continue.setEnabled(entrance.busy is None)
        self._attempt.show_entrance(entrance)
        self.setVisible(self._kept is not None or Way.KEPT in (entrance.busy, entrance.failed))
