"""The card below: API keys or webhooks, with what can be done to either in its header."""

from PySide6.QtCore import Signal

from mosaic_desktop.core.account import SignInState
from mosaic_desktop.core.account_ports import AccountDesk
from mosaic_desktop.gui.clipboard_secret import ClipboardSecret
from mosaic_desktop.gui.pages.account.keys_pane import KeysPane
from mosaic_desktop.gui.pages.account.webhooks_pane import WebhooksPane
from mosaic_desktop.gui.pages.page import PageParts
from mosaic_desktop.gui.theme.metrics import Size
from mosaic_desktop.gui.widgets.buttons import secondary_button
from mosaic_desktop.gui.widgets.card import Card
from mosaic_desktop.gui.widgets.current_stack import CurrentStack
from mosaic_desktop.gui.widgets.segmented import SegmentedControl

_KEYS, _WEBHOOKS = "keys", "webhooks"
_HEIGHTS = {_KEYS: 290, _WEBHOOKS: 404}  # least ones, in which nothing has to scroll by itself


class AccessCard(Card):
    """`look` when it comes into sight. `forget` at the end: what is secret leaves the clipboard."""

    sign_in_wanted = Signal()

    def __init__(self, parts: PageParts, account: AccountDesk) -> None:
        super().__init__(parts.theme, "API keys")
        self._account = account
        self._state = account.sign_in_state.state
        self._now = 0.0
        self._clipboard = ClipboardSecret(self)
        self._receiver = parts.webhooks
        self.keys = KeysPane(parts.theme, account, parts.scope, self._clipboard, is_local=parts.profile.is_local)
        self.webhooks = (
            WebhooksPane(parts.theme, parts.webhooks, parts.settings, parts.scope, is_local=parts.profile.is_local)
            if parts.webhooks is not None
            else None
        )
        self._view = SegmentedControl(parts.theme, "Keys or webhooks", ((_KEYS, "Keys"), (_WEBHOOKS, "Webhooks")))
        self._view.setVisible(self.webhooks is not None)
        self._create = secondary_button(parts.theme, "Create key", "plus")
        self._test = secondary_button(parts.theme, "Send a test", "send")
        for widget in (self._view, self._create, self._test):
            self.add_action(widget)
        self._stack = CurrentStack()
        self._stack.addWidget(self.keys)
        if self.webhooks is not None:
            self._stack.addWidget(self.webhooks)
            self._test.clicked.connect(self.webhooks.send_test)
            self.webhooks.changed.connect(lambda: self.refresh(self._now))
        self.body.addWidget(self._stack)
        self._create.clicked.connect(self.keys.make_key)
        self._view.chosen.connect(lambda _: self.refresh(self._now))
        self.keys.sign_in_wanted.connect(self.sign_in_wanted)
        self.keys.changed.connect(self._refresh_header)

    def look(self) -> None:
        """The list may have changed elsewhere."""
        if self._account.sign_in_state.state is SignInState.IN:
            self.keys.keys.load()

    def refresh(self, now: float) -> None:
        """`now`: seconds since the epoch."""
        self._now = now
        self._follow_sign_in()
        url = self._receiver.receiver.url if self._receiver is not None else None
        self.keys.receiver_url = url or ""
        self.keys.refresh(now)
        if self.webhooks is not None:
            self.webhooks.refresh(now)
        shown = self.webhooks if self._view.current() == _WEBHOOKS and self.webhooks is not None else self.keys
        self._stack.setCurrentWidget(shown)
        least = Size.CARD_HEADER + shown.minimumSizeHint().height()
        self.setMinimumHeight(max(least, _HEIGHTS[_KEYS if shown is self.keys else _WEBHOOKS]))
        self._refresh_header()

    def forget(self) -> None:
        self._clipboard.clear()

    # Inside

    def _follow_sign_in(self) -> None:
        state = self._account.sign_in_state.state
        if state is self._state:
            return
        self._state = state
        if state is SignInState.IN:
            if self.isVisible():
                self.keys.keys.load()
        else:
            self.keys.keys.forget()

    def _refresh_header(self) -> None:
        on_webhooks = self._stack.currentWidget() is self.webhooks
        keys = self.keys.keys.keys
        self.set_title("Webhooks" if on_webhooks else "API keys")
        self.set_detail("" if on_webhooks or not keys else f"{len(keys)}")
        self._create.setVisible(not on_webhooks)
        self._create.setEnabled(self.keys.can_create)
        self._test.setVisible(on_webhooks)
        if self.webhooks is not None:
            self._test.setEnabled(self.webhooks.can_test)
            self._test.setText("Sending…" if self.webhooks.testing else "Send a test")
