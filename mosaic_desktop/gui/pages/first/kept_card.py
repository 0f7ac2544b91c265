"""The way back to the accounts of earlier, above the other ways: one click, and what the keyring says to it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mosaic_desktop.core.errors import Problem
from mosaic_desktop.core.ports import Profile
from mosaic_desktop.gui.pages.first.attempt import Attempt
from mosaic_desktop.gui.pages.first.way_card import PlainIcon
from mosaic_desktop.gui.pages.first.ways_in import Entrance, Kept, Way, way_in_sentence
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.buttons import ButtonKind, primary_button
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.labels import Tone, text_label


def kept_sentence(kept: Kept, keyring: str) -> str:
    """Where the key of earlier is. `keyring`: its name, empty where that is not known."""
    if kept.missing:
        return "Its key is not kept, so it has to be entered again. Its videos and runs are still here."
    place = f"Its key is in your keyring{f' ({keyring})' if keyring else ''}"
    if kept.locked:
        return f"{place}, which is locked."
    return way_in_sentence(Problem(kept.problem), Way.KEPT) if kept.problem else f"{place}."


def kept_button(kept: Kept, entrance: Entrance) -> str:
    """What the button does: `Continue with mk_live_…a1b2`."""
    if kept.missing:
        return "Enter its key"
    if kept.locked:
        return "Unlock and continue"
    if kept.problem or entrance.failed is Way.KEPT:
        return "Try again"
    return f"Continue with {kept.hint}" if kept.hint else "Continue with your key"


class KeptCard(Card):
    """Hidden while there is nothing to continue with. `wanted` and `key_wanted` by a row's button, with the id of its
    account: to open it, or to enter its key first.
    """

    wanted = Signal(str)
    key_wanted = Signal(str)
    cancelled = Signal()

    def __init__(self, theme: Theme, profiles: Sequence[Profile]) -> None:
        super().__init__(theme)
        self._keyring = ""
        self._entrance = Entrance()
        self._kept: tuple[Kept, ...] = ()
        self._rows: dict[str, _AccountRow] = {}
        for profile in profiles:
            # All of them now, so that the keyboard comes by them in the order of the page.
            row = self._rows[profile.id] = _AccountRow(theme, has_line=bool(self._rows))
            row.wanted.connect(self.wanted)
            row.key_wanted.connect(self.key_wanted)
            row.cancelled.connect(self.cancelled)
            self.body.addWidget(row)
            row.hide()
        self.setAccessibleName("Your accounts")
        self._refresh()

    def show_kept(self, kept: tuple[Kept, ...]) -> None:
        """What is known of the accounts so far. The first that can be opened at once is the suggested one."""
        self._kept = tuple(each for each in kept if each.profile.id in self._rows)
        open_now = (each for each in self._kept if not each.missing and not each.problem)
        suggested = next(open_now, next((each for each in self._kept if not each.missing), None))
        for each in self._kept:
            self._rows[each.profile.id].set_suggested(each is suggested)
        self._refresh()

    def focus(self) -> None:
        """Enter continues, where that is possible now."""
        self._rows[self._kept[0].profile.id].focus()

    def show_keyring(self, name: str) -> None:
        self._keyring = name
        self._refresh()

    def show_entrance(self, entrance: Entrance) -> None:
        self._entrance = entrance
        self._refresh()

    def _refresh(self) -> None:
        for kept in self._kept:
            row = self._rows[kept.profile.id]
            row.refresh(kept, self._entrance, self._keyring, alone=len(self._kept) == 1)
            row.show()
        self.setVisible(bool(self._kept))


class _AccountRow(QWidget):
    """One account: its name, where its key is, its button, and how it goes."""

    wanted = Signal(str)
    key_wanted = Signal(str)
    cancelled = Signal()

    def __init__(self, theme: Theme, *, has_line: bool) -> None:
        super().__init__()
        self._theme = theme
        self._has_line = has_line
        self._kept: Kept | None = None
        self._title = text_label(theme, "", TextStyle.SUBTITLE)
        self._sentence = text_label(theme, "", TextStyle.BODY, Tone.SECONDARY, wrap=True)
        self._continue = primary_button(theme, "")
        self._continue.clicked.connect(self._on_continue)
        self._attempt = Attempt(theme, Way.KEPT)
        self._attempt.cancelled.connect(self.cancelled)
        self._icon = PlainIcon(theme, "key-round", Token.ACCENT_TEXT)
        self._build_ui()
        theme.changed.connect(self.update)

    def set_suggested(self, suggested: bool) -> None:
        self._continue.set_kind(ButtonKind.PRIMARY if suggested else ButtonKind.SECONDARY)
        self._icon.set_token(Token.ACCENT_TEXT if suggested else Token.SECONDARY)

    def focus(self) -> None:
        self._continue.setFocus()

    def refresh(self, kept: Kept, entrance: Entrance, keyring: str, *, alone: bool) -> None:
        self._kept = kept
        own = entrance if entrance.profile_id == kept.profile.id else Entrance()
        words = kept_button(kept, own)
        self._title.setText(kept.profile.title)
        self._sentence.setText(kept_sentence(kept, keyring))
        self._sentence.setVisible(own.failed is not Way.KEPT)
        self._continue.setText(words)
        self._continue.setAccessibleName(words if alone else f"{words}: {kept.profile.title}")
        self._continue.setVisible(own.busy is not Way.KEPT)
        self._continue.setEnabled(entrance.others_open)
        self._attempt.show_entrance(own)

    def _build_ui(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        words.addWidget(self._title)
        words.addWidget(self._sentence)
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._continue, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._attempt)

    def _on_continue(self) -> None:
        if self._kept is not None:
            (self.key_wanted if self._kept.missing else self.wanted).emit(self._kept.profile.id)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._has_line:
            painter = QPainter(self)
            paint.draw_line(painter, 0, 0, self.width(), self._theme.color(Token.LINE))
            painter.end()
