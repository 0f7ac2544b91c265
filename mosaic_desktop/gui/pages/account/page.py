"""The Account page: credits and what they were used for, API keys, and webhooks."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mosaic_desktop.core.account import SignInState
from mosaic_desktop.core.account_ports import AccountDesk
from mosaic_desktop.gui.pages.account import balance_card, sign_in_card
from mosaic_desktop.gui.pages.account.access_card import AccessCard
from mosaic_desktop.gui.pages.account.balance_card import BalanceCard
from mosaic_desktop.gui.pages.account.chart_card import ChartCard
from mosaic_desktop.gui.pages.account.exporting import Exporting
from mosaic_desktop.gui.pages.account.sign_in_card import SignInCard
from mosaic_desktop.gui.pages.account.signing import Signing
from mosaic_desktop.gui.pages.page import CREDITS, SIGN_IN, PageParts
from mosaic_desktop.gui.theme.metrics import ANY_SIZE, Size, Space
from mosaic_desktop.gui.widgets.snackbar import Snackbar
from mosaic_desktop.gui.widgets.soon import Soon

_ONE_COLUMN_BELOW = 1000 - Size.RAIL
_TOLD_WITHIN_MS = 50
_REDRAWN_SECONDS = 300.0  # the times of the charts move on also without new readings
_YOUNG_SECONDS = 60.0
_YOUNG_MS, _OLD_MS = 5_000, 30_000  # how often ages are told anew


class AccountPage(QScrollArea):
    """`go(page, row id)` shows another page. `stop_listening` before the account ends."""

    def __init__(self, parts: PageParts, account: AccountDesk, go: Callable[[str, str], None]) -> None:
        super().__init__()
        self._parts = parts
        self._account = account
        self._go = go
        theme = parts.theme
        self._balance = BalanceCard(theme, is_local=parts.profile.is_local)
        self._sign_in = SignInCard(theme, kept=not parts.profile.session_only, email=parts.profile.email)
        self._chart = ChartCard(theme)
        self._access = AccessCard(parts, account)
        self._signing = Signing(account, parts.scope, self._sign_in, self._balance)
        self._snackbar = Snackbar(theme, "Show in folder")
        self._exporting = Exporting(self._chart, account, parts.engine.store.run, parts.scope, self._snackbar)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._soon = Soon(self, self._on_told, _TOLD_WITHIN_MS)
        self._ages = QTimer(self)
        self._ages.timeout.connect(self._tell_ages)
        self._drawn: tuple[object, ...] = ()
        self._build()
        self._sign_in.settings_wanted.connect(lambda: go("settings", ""))
        self._balance.limits_wanted.connect(lambda: go("settings", CREDITS))
        self._access.sign_in_wanted.connect(self._on_sign_in_wanted)
        self._unsubscribe = [account.subscribe(self._soon.ask)]
        if parts.webhooks is not None:
            self._unsubscribe.append(parts.webhooks.subscribe(self._soon.ask))
        self.refresh()

    def stop_listening(self) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._soon.stop()
        self._ages.stop()
        self._access.forget()

    def select(self, wanted: str) -> None:
        if wanted == SIGN_IN:
            self._on_sign_in_wanted()

    def refresh(self) -> None:
        """All of it, from what the account knows now."""
        now = self._parts.clock.now()
        account, sign_in = self._account, self._account.sign_in_state
        signed_in = sign_in.state is SignInState.IN or self._parts.profile.is_local
        self._balance.setVisible(signed_in)
        self._sign_in.setVisible(not signed_in)
        self._sign_in.show_state(sign_in)
        self._balance.show_sign_in(sign_in)
        self._balance.show_balance(account.balance, self._parts.settings.value.low_balance, now)
        self._balance.show_forecast(account.forecast)
        drawn = (account.readings, account.costs, now // _REDRAWN_SECONDS)
        if drawn != self._drawn:
            self._drawn = drawn
            self._chart.show_history(account.readings, account.costs, now)
        self._access.refresh(now)

    # Inside

    def _build(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Account")
        self._top.setSpacing(Space.L)
        for card in (self._balance, self._sign_in):
            self._top.addWidget(card)
        self._top.addWidget(self._chart, 1)
        self._arrange(QBoxLayout.Direction.LeftToRight)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.L)
        column.addLayout(self._top)
        column.addWidget(self._access, 1)
        column.addWidget(self._snackbar)
        self.setWidget(content)

    def _on_told(self) -> None:
        """Out of sight nothing is drawn; all of it is when the page is shown again."""
        if self.isVisible():
            self.refresh()

    def _on_sign_in_wanted(self) -> None:
        self.ensureVisible(0, 0)
        self._sign_in.take_focus()

    def _tell_ages(self) -> None:
        now = self._parts.clock.now()
        self._balance.show_age(self._account.balance, now)
        self._access.refresh(now)
        self._set_pace(now)

    def _set_pace(self, now: float) -> None:
        latest = self._account.balance.latest
        young = latest is not None and now - latest.at < _YOUNG_SECONDS
        self._ages.setInterval(_YOUNG_MS if young else _OLD_MS)

    def _arrange(self, direction: QBoxLayout.Direction) -> None:
        """The first cards beside the chart, or as wide as the page above it."""
        self._top.setDirection(direction)
        beside = direction is QBoxLayout.Direction.LeftToRight
        for card, width in ((self._balance, balance_card.WIDTH), (self._sign_in, sign_in_card.WIDTH)):
            card.setMinimumWidth(width if beside else 0)
            card.setMaximumWidth(width if beside else ANY_SIZE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= _ONE_COLUMN_BELOW
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if direction != self._top.direction():
            self._arrange(direction)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._set_pace(self._parts.clock.now())
        self._ages.start()
        self._access.look()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ages.stop()
