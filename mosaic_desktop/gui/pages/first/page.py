"""The first page: what the application does, the way back to accounts of earlier, and two ways in side by side."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from mosaic_desktop.core.errors import Problem
from mosaic_desktop.core.ports import Gateway, Profile, VaultState
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.pages.first.kept_card import KeptCard
from mosaic_desktop.gui.pages.first.key_card import KeyCard
from mosaic_desktop.gui.pages.first.waiting import Waiting
from mosaic_desktop.gui.pages.first.waiting_banner import WaitingBanner
from mosaic_desktop.gui.pages.first.way_card import WayCard
from mosaic_desktop.gui.pages.first.ways_in import Entrance, Entry, Kept, Way, WaysIn, way_in_sentence
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind
from mosaic_desktop.gui.widgets.buttons import ButtonKind, primary_button
from mosaic_desktop.gui.widgets.labels import Tone, text_label

HERE_TITLE = "Try it here"
_HERE_SENTENCE = "Everything runs on this computer with the local Mosaic. No account, nothing leaves your machine."
_LOGO = 56
_COLUMN = 720
_MS_FOR_THE_KEYRING = 600


class FirstPage(QScrollArea):
    """`problem` is why a workspace could not be opened or ended. `waiting`: what was dropped before a way in was taken.

    `go_on`: the id of the account of earlier to go back to at once, unless the user would have to unlock the keyring;
    the ways in show when that takes a moment. `leave` before it is thrown away.
    """

    def __init__(
        self,
        theme: Theme,
        gateway: Gateway,
        scope: TaskScope,
        waiting: Waiting,
        problem: Problem | None = None,
        *,
        go_on: str | None = None,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._problem = Banner(
            theme, BannerKind.BAD, way_in_sentence(problem) if problem else "All is well.", closable=True
        )
        self._problem.setVisible(problem is not None)
        self._waiting = WaitingBanner(theme, waiting)
        self._kept = KeptCard(theme, [profile for profile in gateway.profiles if not profile.is_local])
        self._here = WayCard(theme, Way.HERE, "monitor", HERE_TITLE, _HERE_SENTENCE)
        self._try = primary_button(theme, HERE_TITLE)
        self._here.controls.addWidget(self._try)
        self._key = KeyCard(theme, gateway.usual_address)
        self._gateway = gateway
        self._ways = WaysIn(gateway, scope, self._on_change, self._on_vault, self._on_kept, self._on_entered)
        self._try.clicked.connect(self._on_try_clicked)
        self._kept.wanted.connect(self._ways.open_account)
        self._kept.key_wanted.connect(self._on_key_wanted)
        self._key.submitted.connect(self._on_key_submitted)
        for card in (self._kept, self._here, self._key):
            card.cancelled.connect(self._on_cancelled)
        self._build_ui()
        self._on_kept(())
        if go_on is not None:
            self._go_on(go_on)

    def leave(self) -> None:
        """Forget the key, and hear nothing more."""
        self._ways.close()
        self._key.forget()

    def _go_on(self, profile_id: str) -> None:
        """A keyring that is open answers before anybody could read what else there is to do."""
        self._ways_room.hide()
        QTimer.singleShot(_MS_FOR_THE_KEYRING, self, self._ways_room.show)
        self._ways.go_on(profile_id)

    def _build_ui(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        outer = QVBoxLayout(content)
        outer.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        outer.setSpacing(Space.M)
        outer.addStretch(1)
        outer.addWidget(self._logo(), 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addSpacing(Space.S)
        for text, style, tone in (
            ("Drop videos in. Get finished videos back.", TextStyle.HERO, Tone.TEXT),
            (
                "Mosaic agents clean the sound, cut the pauses, reframe and caption your footage.",
                TextStyle.BODY,
                Tone.SECONDARY,
            ),
        ):
            label = text_label(self._theme, text, style, tone, wrap=True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            outer.addWidget(label)
        outer.addSpacing(Space.M)
        self._ways_room = QWidget()
        policy = self._ways_room.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # what stands above stays where it is
        self._ways_room.setSizePolicy(policy)
        ways = QVBoxLayout(self._ways_room)
        ways.setContentsMargins(0, 0, 0, 0)
        ways.setSpacing(Space.L)
        for widget in (self._problem, self._waiting, self._kept):
            ways.addLayout(_centered(widget))
        ways.addLayout(self._cards())
        outer.addWidget(self._ways_room)
        outer.addStretch(1)
        self.setWidget(content)

    def _logo(self) -> QLabel:
        logo = QLabel()
        logo.setPixmap(self._theme.icons.logo().pixmap(QSize(_LOGO, _LOGO), self.devicePixelRatioF()))
        return logo

    def _cards(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        row.addStretch(1)
        row.addWidget(self._here, 100)
        row.addWidget(self._key, 100)
        row.addStretch(1)
        return row

    def _on_try_clicked(self) -> None:
        self._ways.try_here()

    def _on_key_wanted(self, profile_id: str) -> None:
        """The next key is that of this account of earlier."""
        self._ask_for_key_of(profile_id)
        self._key.field.setFocus()

    def _ask_for_key_of(self, profile_id: str) -> None:
        self._key.ask_for(next((each for each in self._gateway.profiles if each.id == profile_id), None))

    def _on_key_submitted(self, entry: Entry, session_only: bool) -> None:
        self._ways.use_key(entry, session_only=session_only)

    def _on_cancelled(self) -> None:
        self._ways.cancel()

    def _on_change(self, entrance: Entrance) -> None:
        self._problem.setVisible(False)
        for card in (self._kept, self._here, self._key):
            card.show_entrance(entrance)
        if Way.KEPT in (entrance.busy, entrance.failed) and not self._key.field.text():
            self._ask_for_key_of(entrance.profile_id)  # else it would be shown to the usual service
        if entrance.failed is not None:
            self._ways_room.show()
        if entrance.failed is Way.KEY and not entrance.unkept:
            self._key.field.setFocus()

    def _on_vault(self, vault: VaultState) -> None:
        self._key.set_vault(vault)
        self._kept.show_keyring(vault.name)

    def _on_kept(self, kept: tuple[Kept, ...]) -> None:
        """One way is the suggested one: back to an account of earlier, or else the one that needs nothing."""
        self._kept.show_kept(kept)
        if kept and self._try.hasFocus():
            self._kept.focus()  # what would have been first in the order
        leads_back = any(not each.missing for each in kept)
        self._kept.set_outlined(leads_back)
        self._here.set_suggested(not leads_back)
        self._try.set_kind(ButtonKind.SECONDARY if leads_back else ButtonKind.PRIMARY)

    def _on_entered(self, profile: Profile | None) -> None:
        self._key.forget()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ways.look_at_vault()


def _centered(widget: QWidget) -> QHBoxLayout:
    widget.setMaximumWidth(_COLUMN)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(widget, 100)
    row.addStretch(1)
    return row
