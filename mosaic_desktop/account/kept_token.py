"""The refresh token in the vault, where the last wish counts."""

import asyncio
import logging
from collections.abc import Callable

from mosaic_desktop.core.errors import Code, Problem, VaultError
from mosaic_desktop.core.ports import SecretStore
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.tasks import TaskScope

_LONGEST_SECONDS = 20.0  # for a keyring that asks the user; the session goes on meanwhile
log = logging.getLogger(__name__)


class KeptToken:
    """One writer at a time, so that a slow write never lands on what came after it. Only what the user does lets the
    keyring ask; what was not kept, or not taken away, is tried again.

    ``vault`` None: nothing is kept. ``on_settled``: a write ended, ``holds`` and ``problem`` may tell something else.
    """

    def __init__(self, vault: SecretStore | None, name: str, scope: TaskScope, on_settled: Callable[[], None]) -> None:
        self._vault = vault
        self._name = name
        self._scope = scope
        self._on_settled = on_settled
        self._wanted: Secret | None = None
        self._held: Secret | None = None
        self._writer: asyncio.Task[None] | None = None
        self._problem: Problem | None = None
        self._may_ask = False

    @property
    def problem(self) -> Problem | None:
        """Why the last write failed."""
        return self._problem

    def holds(self, token: Secret | None) -> bool:
        return token is not None and self._held is token

    async def read(self, *, ask: bool) -> Secret | None:
        """``ask``: the keyring may ask the user to unlock it. Raises VaultError; a system without any keyring holds
        nothing.
        """
        if self._vault is None:
            return None
        try:
            token = await (self._vault.read(self._name) if ask else self._vault.peek(self._name))
        except VaultError as error:
            if error.code == Code.NO_KEYRING:
                return None
            raise
        if self._wanted is None and self._writer is None:
            self._held = self._wanted = token
        return token

    async def keep(self, token: Secret, *, ask: bool) -> None:
        """Returns when ``token`` is in the vault, or cannot be kept for now."""
        self._wanted, self._may_ask = token, ask
        self._begin()
        if self._writer is not None:
            await asyncio.wait({self._writer}, timeout=_LONGEST_SECONDS)

    def forget(self) -> None:
        """Begins to take it out of the vault."""
        self._wanted, self._may_ask = None, True
        self._begin()

    def try_again(self) -> None:
        """What the last write did not do, unless the keyring would have to ask."""
        if self._problem is not None:
            self._may_ask = False
            self._begin()

    @property
    def writer(self) -> "asyncio.Task[None] | None":
        """The write under way."""
        return self._writer

    def _begin(self) -> None:
        if self._vault is not None and self._writer is None and not self._scope.closed:
            self._writer = self._scope.start(self._write(self._vault), "keep session")

    async def _write(self, vault: SecretStore) -> None:
        try:
            is_done = False
            while not is_done:
                wanted = self._wanted
                await self._put(vault, wanted, ask=self._may_ask)
                is_done = wanted is self._wanted
        finally:
            self._writer = None
            self._on_settled()

    async def _put(self, vault: SecretStore, wanted: Secret | None, *, ask: bool) -> None:
        try:
            if not ask:
                await vault.peek(self._name)  # which says that it is locked, and asks nobody
            if wanted is None:
                await vault.delete(self._name)
            else:
                await vault.write(self._name, wanted)
        except VaultError as error:
            if error.problem != self._problem:
                log.info("the session's token was not kept or not taken away: %s", error)
            self._held, self._problem = None, error.problem
        else:
            self._held, self._problem = wanted, None
