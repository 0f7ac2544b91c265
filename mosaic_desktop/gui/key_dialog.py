"""A dialog for the key of a new account or of a known one, in front of a workspace that goes on meanwhile."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from mosaic_desktop.core.errors import MosaicError, VaultError
from mosaic_desktop.core.ports import Gateway, Profile
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui import ask
from mosaic_desktop.gui.pages.first.key_card import KeyCard
from mosaic_desktop.gui.pages.first.ways_in import Entrance, Entry, Kept, Way, WaysIn, way_in_sentence
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind
from mosaic_desktop.gui.widgets.buttons import secondary_button

_WIDTH = 480


class KeyDialog(QDialog):
    """Accepted once the service took the key; then `profile` is the account that has it. `whose`: None for a new one.

    `trouble`: why the key is asked for. Where that is the keyring, a key for this session only is the way out.
    """

    def __init__(
        self,
        theme: Theme,
        gateway: Gateway,
        scope: TaskScope,
        whose: Profile | None,
        trouble: MosaicError | None,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.profile: Profile | None = None
        why = way_in_sentence(trouble.problem, Way.KEPT) if trouble is not None else "All is well."
        self._why = Banner(theme, BannerKind.WARNING, why)
        self._why.setVisible(trouble is not None)
        self._card = KeyCard(theme, gateway.usual_address, "Add an account", "Add this account", plain=True)
        self._card.ask_for(whose)
        self._card.show_entrance(Entrance(unkept=isinstance(trouble, VaultError)))
        self._ways = WaysIn(
            gateway, scope, self._on_change, self._card.set_vault, _ignore, self._on_entered, opens=False
        )
        self._card.submitted.connect(self._on_submitted)
        self._card.cancelled.connect(self._ways.cancel)
        cancel = secondary_button(theme, "Close")
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        column.setSpacing(Space.M)
        column.addWidget(self._why)
        column.addWidget(self._card)
        column.addLayout(foot)
        self.setWindowTitle("Add an account" if whose is None else "API key")
        self.setFixedWidth(_WIDTH)
        self._card.field.setFocus()

    def done(self, result: int) -> None:
        """Also by Escape. A key that is being checked is not taken any more."""
        if self.profile is None:
            self._ways.cancel()
        self._ways.close()
        self._card.forget()
        super().done(result)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ways.look_at_vault()

    def _on_submitted(self, entry: Entry, session_only: bool) -> None:
        self._ways.use_key(entry, session_only=session_only)

    def _on_change(self, entrance: Entrance) -> None:
        self._why.hide()
        self._card.show_entrance(entrance)
        self.adjustSize()

    def _on_entered(self, profile: Profile | None) -> None:
        self.profile = profile
        self.accept()


async def ask_for_key(
    parent: QWidget,
    theme: Theme,
    gateway: Gateway,
    scope: TaskScope,
    whose: Profile | None = None,
    trouble: MosaicError | None = None,
) -> Profile | None:
    """The account whose key was entered and taken, or None where the user gave up."""
    dialog = KeyDialog(theme, gateway, scope, whose, trouble, parent)
    await ask.outcome(dialog)
    return dialog.profile


def _ignore(kept: tuple[Kept, ...]) -> None:
    """Accounts of earlier are not offered here."""
