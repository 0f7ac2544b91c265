"""The keys, or why there are none to see."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from mosaic_desktop.core.account import ApiKey, SignInState
from mosaic_desktop.core.account_ports import AccountDesk
from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui import ask
from mosaic_desktop.gui.clipboard_secret import ClipboardSecret
from mosaic_desktop.gui.pages.account.create_key_dialog import create_key
from mosaic_desktop.gui.pages.account.key_list import KeyList
from mosaic_desktop.gui.pages.account.key_table import KeyAction, KeyTable
from mosaic_desktop.gui.pages.account.rotation_dialog import replace_key
from mosaic_desktop.gui.pages.account.webhook_dialog import edit_webhook
from mosaic_desktop.gui.pages.account.words import OWN_KEY_MISSING, UNAVAILABLE, key_name, revoke_words, undone
from mosaic_desktop.gui.pages.trouble import Trouble
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import secondary_button
from mosaic_desktop.gui.widgets.current_stack import CurrentStack
from mosaic_desktop.gui.widgets.empty_state import EmptyState
from mosaic_desktop.gui.widgets.icon_line import IconLine
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.progress_track import ProgressTrack

_LOADING_WIDTH = 240
_WARNED = (StateKind.WARNING, "circle-alert")
_SIGN_IN = "Sign in to see, create and revoke the keys of your account."


class KeysPane(QWidget):
    """`is_local`: the application signs in for the user. `sign_in_wanted` by its button while nobody is signed in;
    `changed` after each change of the list. `receiver_url`: this app's own address for webhooks.
    """

    sign_in_wanted = Signal()
    changed = Signal()

    def __init__(
        self, theme: Theme, desk: AccountDesk, scope: TaskScope, clipboard: ClipboardSecret, *, is_local: bool
    ) -> None:
        super().__init__()
        self._is_local = is_local
        self._theme = theme
        self._desk = desk
        self._scope = scope
        self._clipboard = clipboard
        self._now = 0.0
        self.receiver_url = ""
        self.keys = KeyList(desk, scope, self)
        self.table = KeyTable(theme, self.keys, self._do)
        self._trouble = Trouble(theme, (Space.L, Space.S, Space.L, Space.S))
        self._enter = self._button("Sign in…", "log-in", self.sign_in_wanted.emit)
        self._signed_out = EmptyState(theme, "key-round", "Your API keys", _SIGN_IN, self._enter)
        self._empty = EmptyState(
            theme,
            "key-round",
            "No API keys yet",
            "A key lets a program upload and run in your name. Give each program its own.",
            self._button("Create key", "plus", self.make_key),
        )
        self._failed = EmptyState(
            theme,
            "circle-alert",
            "The keys could not be read",
            "Try again.",
            self._button("Try again", "rotate-ccw", self.keys.load),
        )
        self._loading = _loading(theme)
        self._remark = IconLine(theme)
        self._remark.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        self._stack = CurrentStack()
        for widget in (self._signed_out, self._loading, self._failed, self._empty, self.table):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._trouble)
        column.addWidget(self._stack, 1)
        column.addWidget(self._remark)
        self.keys.changed.connect(self._on_keys_changed)

    @property
    def can_create(self) -> bool:
        return self._desk.sign_in_state.state is SignInState.IN and self.keys.keys is not None

    def refresh(self, now: float) -> None:
        """`now`: seconds since the epoch."""
        self._now = now
        self._show()

    def make_key(self) -> None:
        work = create_key(self._theme, self._desk, self.keys, self._clipboard, self.receiver_url, self.window())
        self._scope.start(work, "create a key")

    # Inside

    def _on_keys_changed(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        state = self._desk.sign_in_state.state
        if state is not SignInState.IN and not self._is_local:
            unavailable = state is SignInState.UNAVAILABLE
            self._signed_out.set_text("Your API keys", UNAVAILABLE if unavailable else _SIGN_IN)
            self._enter.setVisible(not unavailable)
            self._stack.setCurrentWidget(self._signed_out)
            self._remark.set_line("")
            return
        keys, problem = self.keys.keys, self.keys.problem
        self.table.show_keys(self._now)
        if keys is None and problem is not None and not self.keys.loading:
            self._failed.set_text("The keys could not be read", sentence(problem))
            self._stack.setCurrentWidget(self._failed)
        elif keys is None:
            self._stack.setCurrentWidget(self._loading)
        else:
            self._stack.setCurrentWidget(self.table if keys else self._empty)
        self._remark.set_line(self._remark_words(), *_WARNED)

    def _remark_words(self) -> str:
        keys, problem = self.keys.keys, self.keys.problem
        if keys and problem is not None:
            return f"The list may be old. {sentence(problem)}"
        strange = keys and not self.keys.loading and not any(key.is_own for key in keys)
        return OWN_KEY_MISSING if strange and not self._is_local else ""

    def _do(self, action: KeyAction, key: ApiKey) -> None:
        match action:
            case KeyAction.SET_WEBHOOK | KeyAction.CHANGE_WEBHOOK:
                work = edit_webhook(self._theme, self.keys, key, self.receiver_url, self.window())
            case KeyAction.REMOVE_WEBHOOK:
                work = self._remove_webhook(key)
            case KeyAction.REPLACE:
                work = replace_key(self._theme, self._desk, self.keys, key, self._clipboard, self.window())
            case _:
                work = self._revoke(key)
        self._scope.start(work, f"{action.value} of a key")

    async def _revoke(self, key: ApiKey) -> None:
        name = key_name(key)
        yes = "Revoke anyway" if key.is_own else "Revoke"
        if not await ask.confirm(self.window(), f"Revoke {name}?", revoke_words(key), yes):
            return
        self._trouble.clear()
        try:
            await self.keys.revoke(key.id)
        except MosaicError as error:
            self._trouble.tell(undone(name, "revoked", error))

    async def _remove_webhook(self, key: ApiKey) -> None:
        self._trouble.clear()
        try:
            await self.keys.set_webhook(key.id, None)
        except MosaicError as error:
            self._trouble.tell(undone(f"the webhook of {key_name(key)}", "removed", error))

    def _button(self, text: str, icon: str, press: Callable[[], object]) -> QPushButton:
        button = secondary_button(self._theme, text, icon)
        button.clicked.connect(lambda: press())
        return button


def _loading(theme: Theme) -> QWidget:
    place = QWidget()
    track = ProgressTrack(theme, "Reading your keys")
    track.set_progress(None)
    track.setFixedWidth(_LOADING_WIDTH)
    column = QVBoxLayout(place)
    column.setSpacing(Space.M)
    column.addStretch(1)
    words = text_label(theme, "Reading your keys…", tone=Tone.SECONDARY)
    for widget in (words, track):
        column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addStretch(1)
    return place
