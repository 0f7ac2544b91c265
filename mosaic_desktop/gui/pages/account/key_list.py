"""The keys of the account as the window knows them: what the service listed, and what is being done to them."""

import asyncio
from collections.abc import Awaitable

from PySide6.QtCore import QObject, Signal

from mosaic_desktop.core.account import ApiKey, NewKey
from mosaic_desktop.core.account_ports import AccountDesk
from mosaic_desktop.core.errors import MosaicError, Problem
from mosaic_desktop.core.tasks import TaskScope

REVOKING = "revoking…"
SAVING = "saving…"
_SECONDS_FOR_A_LIST = 3.0
_LOAD = "keys of the account"


class KeyList(QObject):
    """`changed` after each change of what is below. Nothing is shown as done before the service said so, and after each
    change the service is asked for the list.
    """

    changed = Signal()

    def __init__(self, desk: AccountDesk, scope: TaskScope, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._scope = scope
        self.keys: tuple[ApiKey, ...] | None = None
        self.problem: Problem | None = None
        self.loading = False
        self._loading: asyncio.Task[None] | None = None
        self.busy: dict[str, str] = {}

    def key(self, key_id: str) -> ApiKey | None:
        return next((key for key in self.keys or () if key.id == key_id), None)

    def load(self) -> None:
        if not self._scope.closed:
            self._loading = self._scope.replace(self._load(), _LOAD)

    async def reload(self) -> None:
        """Loads, and waits a moment for that to end in any way; the service may have asked for a pause."""
        self.load()
        if self._loading is not None:
            await asyncio.wait({self._loading}, timeout=_SECONDS_FOR_A_LIST)

    def forget(self) -> None:
        """Nobody is signed in any more."""
        self.keys, self.problem = None, None
        self.changed.emit()

    async def create(self, webhook_url: str | None) -> NewKey:
        try:
            return await self._desk.create_key(webhook_url)
        finally:
            self.load()  # also without an answer: then the list tells whether there is another one

    async def set_webhook(self, key_id: str, url: str | None) -> None:
        await self._change(key_id, SAVING, self._desk.set_webhook(key_id, url))

    async def revoke(self, key_id: str) -> None:
        await self._change(key_id, REVOKING, self._desk.revoke_key(key_id))
        self._drop(key_id)

    # Inside

    async def _load(self) -> None:
        self.loading = True
        self.changed.emit()
        try:
            self.keys = await self._desk.keys()
            self.problem = None
        except MosaicError as error:
            self.problem = error.problem
        finally:
            self.loading = False
        self.changed.emit()

    async def _change(self, key_id: str, words: str, change: Awaitable[object]) -> None:
        self.busy[key_id] = words
        self.changed.emit()
        try:
            await change
        finally:
            self.busy.pop(key_id, None)
            self.load()

    def _drop(self, key_id: str) -> None:
        self.keys = tuple(key for key in self.keys or () if key.id != key_id)
        self.changed.emit()
