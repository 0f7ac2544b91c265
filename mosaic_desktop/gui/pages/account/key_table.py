"""The keys in rows, and what can be done with each."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication

from mosaic_desktop.core.account import ApiKey
from mosaic_desktop.gui.pages.account.key_list import KeyList
from mosaic_desktop.gui.pages.account.words import created_words, key_name, key_sentence, last_used_words
from mosaic_desktop.gui.pages.row_actions import ActionWords, RowActions
from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.record_table import Cell, Column, Record, RecordTable


class KeyAction(StrEnum):
    COPY_ID = "copy_id"
    SET_WEBHOOK = "set_webhook"
    CHANGE_WEBHOOK = "change_webhook"
    REMOVE_WEBHOOK = "remove_webhook"
    REPLACE = "replace"
    REVOKE = "revoke"


_WORDS: Mapping[KeyAction, ActionWords] = {
    KeyAction.COPY_ID: ActionWords("Copy id", "copy", "Ctrl+C"),
    KeyAction.SET_WEBHOOK: ActionWords("Set webhook…", "webhook", "W", apart=True),
    KeyAction.CHANGE_WEBHOOK: ActionWords("Change webhook…", "webhook", "W", apart=True),
    KeyAction.REMOVE_WEBHOOK: ActionWords("Remove webhook", "x"),
    KeyAction.REPLACE: ActionWords("Replace this key…", "refresh-cw", apart=True),
    KeyAction.REVOKE: ActionWords("Revoke…", "trash-2", "Del", apart=True),
}
_COLUMNS = (
    Column("Key", 4, 210),
    Column("Created", 2, 96),
    Column("Last used", 2, 96),
    Column("Webhook", 5, 170),
)


class KeyTable(RecordTable):
    """`do(action, key)` is called for the chosen row."""

    def __init__(self, theme: Theme, keys: KeyList, do: Callable[[KeyAction, ApiKey], None]) -> None:
        super().__init__(theme, "API keys", _COLUMNS)
        self._keys = keys
        self._do = do
        self._actions = RowActions(theme, self, _WORDS, self._open_actions, self._act)
        self.menu_requested.connect(self._on_menu_requested)

    def show_keys(self, now: float) -> None:
        """`now`: seconds since the epoch."""
        busy = self._keys.busy
        self.set_records([key_record(key, busy.get(key.id, ""), now) for key in self._keys.keys or ()])

    def _current(self) -> ApiKey | None:
        return self._keys.key(self.current_key())

    def _open_actions(self) -> set[KeyAction]:
        key = self._current()
        if key is None:
            return set()
        if key.id in self._keys.busy:
            return {KeyAction.COPY_ID}
        webhook = {KeyAction.CHANGE_WEBHOOK, KeyAction.REMOVE_WEBHOOK} if key.webhook_url else {KeyAction.SET_WEBHOOK}
        own = {KeyAction.REPLACE} if key.is_own else set()
        return {KeyAction.COPY_ID, KeyAction.REVOKE, *webhook, *own}

    def _act(self, action: KeyAction) -> None:
        key = self._current()
        if key is None:
            return
        if action is KeyAction.COPY_ID:
            QGuiApplication.clipboard().setText(key.id)
        else:
            self._do(action, key)

    def _on_menu_requested(self, key_id: str, place: QPoint) -> None:
        self._actions.popup(place)


def key_record(key: ApiKey, busy: str, now: float) -> Record:
    """`busy`: what is being done to it."""
    badge = busy or ("this app" if key.is_own else "")
    kind = StateKind.NEUTRAL if busy else StateKind.ACTIVE
    used = last_used_words(key, now)
    never = StateKind.WARNING if key.last_used_at is None else None
    cells = (
        Cell(key_name(key), badge=badge, badge_kind=kind, strong=True, middle=True),
        Cell(created_words(key), quiet=key.created_at is None),
        Cell(used, kind=never),
        Cell(key.webhook_url or "none", quiet=not key.webhook_url, middle=True),
    )
    return Record(key.id, cells, key_sentence(key, now, busy), menu=True)
