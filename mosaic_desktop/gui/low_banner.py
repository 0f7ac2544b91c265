"""Above every page once the balance fell below a limit of the user's, until it is closed or the balance rises again."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mosaic_desktop.account.insight import crossed_threshold
from mosaic_desktop.core.account_ports import AccountDesk
from mosaic_desktop.core.ports import SettingsStore
from mosaic_desktop.gui.pages.account.words import fell_words
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind
from mosaic_desktop.gui.widgets.remark import announce
from mosaic_desktop.gui.widgets.soon import Soon

_TOLD_WITHIN_MS = 50


class LowBanner(QWidget):
    """Hidden until a reading crosses a limit; each crossing is told once. `account_wanted` by its button.
    `stop_listening` before the account ends.
    """

    account_wanted = Signal()

    def __init__(self, theme: Theme, account: AccountDesk, settings: SettingsStore) -> None:
        super().__init__()
        self._account = account
        self._settings = settings
        self._told: float | None = None
        self._who = account.sign_in_state.email
        latest = account.balance.latest
        self._before = latest.credits if latest is not None else None
        self._banner = Banner(theme, BannerKind.WARNING, "Credits are low.", "See account", closable=True)
        self._banner.acted.connect(self.account_wanted)
        self._banner.closed.connect(self.hide)
        room = QHBoxLayout(self)
        room.setContentsMargins(Space.XL, Space.L, Space.XL, 0)
        room.addWidget(self._banner)
        self.hide()
        self._soon = Soon(self, self._look, _TOLD_WITHIN_MS)
        self._unsubscribe = account.subscribe(self._soon.ask)

    def stop_listening(self) -> None:
        self._unsubscribe()
        self._soon.stop()

    def _look(self) -> None:
        latest = self._account.balance.latest
        who = self._account.sign_in_state.email or self._who
        if latest is None or (self._who and who != self._who):  # what another person has is no fall
            self._before = self._told = None
            self.hide()
        self._who = who
        if latest is None:
            return
        limit = crossed_threshold(self._before, latest.credits, self._settings.value.low_balance)
        self._before = latest.credits
        if limit is not None:
            self._told = limit
            words = fell_words(latest.credits, limit)
            self._banner.set_message(BannerKind.WARNING, words)
            self._banner.show()
            self.show()
            announce(self, words)
        elif self._told is not None and latest.credits >= self._told:
            self._told = None
            self.hide()
