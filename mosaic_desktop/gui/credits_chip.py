"""The chip in the header: how many credits there are, how far that can be believed, and the way to the Account page."""

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from mosaic_desktop.core.account_ports import AccountDesk
from mosaic_desktop.core.ports import Clock, SettingsStore
from mosaic_desktop.gui.pages.account.words import credits_look
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.chip import Chip
from mosaic_desktop.gui.widgets.soon import Soon

_AGES_MS = 60_000
_TOLD_WITHIN_MS = 50


class CreditsChip(Chip):
    """`is_local`: the application signs in for the user. `leads_in`: it asks the user to do so. `stop_listening` before
    the account ends.
    """

    def __init__(
        self,
        theme: Theme,
        account: AccountDesk,
        settings: SettingsStore,
        clock: Clock,
        *,
        is_local: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, "Credits", "coins", parent=parent)
        self._account = account
        self._settings = settings
        self._clock = clock
        self._is_local = is_local
        self.leads_in = False
        self._ages = QTimer(self)
        self._ages.setInterval(_AGES_MS)
        self._ages.timeout.connect(self.refresh)
        self._soon = Soon(self, self.refresh, _TOLD_WITHIN_MS)
        self._unsubscribe = account.subscribe(self._soon.ask)
        self.refresh()

    def stop_listening(self) -> None:
        self._unsubscribe()
        self._soon.stop()
        self._ages.stop()

    def refresh(self) -> None:
        low = self._settings.value.low_balance
        sign_in, balance = self._account.sign_in_state, self._account.balance
        look = credits_look(sign_in, balance, low, self._clock.now(), by_itself=self._is_local)
        if (look.text, look.detail) != (self.text(), self.detail):
            self.set_text(look.text, look.detail)
        self.set_look(look.icon, look.kind)
        self.leads_in = look.leads_in
        whole = f"{look.text} {look.detail}".strip()
        self.setAccessibleName(whole if look.leads_in else f"Credits: {whole}")
        self.setAccessibleDescription(look.tip)
        self.setToolTip(look.tip)

    def event(self, event: QEvent) -> bool:
        """What the tool tip says of the age is true when it is read."""
        if event.type() == QEvent.Type.ToolTip:
            self.refresh()
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._ages.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ages.stop()
