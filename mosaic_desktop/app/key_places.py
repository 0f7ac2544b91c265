"""Where the secrets of each account are: in the system keyring, or for this session only in memory."""

import logging
from collections.abc import Callable

from mosaic_desktop.core.errors import Code, VaultError
from mosaic_desktop.core.ports import Profile, SecretStore
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.storage.credentials import SessionVault

log = logging.getLogger(__name__)


class KeyPlaces:
    """A key is kept under its profile's id. ``is_known``: whether there is an account of that id."""

    def __init__(self, vault: SecretStore, is_known: Callable[[str], bool]) -> None:
        self._vault = vault
        self._is_known = is_known
        self._session = SessionVault()
        self._in_memory: set[str] = set()
        self._scope = TaskScope("accounts")

    async def aclose(self) -> None:
        await self._scope.aclose(timeout=1.0)

    def has_in_memory(self, profile_id: str) -> bool:
        return profile_id in self._in_memory

    def of(self, profile_id: str) -> SecretStore:
        return self._session if profile_id in self._in_memory else self._vault

    async def keyring(self) -> str:
        """The plain name of the one that new keys go to."""
        return (await self._vault.state()).name

    async def keep(self, profile_id: str, key: Secret, *, session_only: bool) -> str:
        """The plain name of the keyring that has it now; empty for this session only. Raises VaultError."""
        if session_only:
            await self._session.write(profile_id, key)
            self._in_memory.add(profile_id)
            return ""
        name = await self.keyring()
        await self._write(profile_id, key)
        # Nothing is waited for from here on, until the caller has noted that there is a secret.
        self._in_memory.discard(profile_id)
        await self._session.delete(profile_id)
        return name

    async def forget_key(self, profile_id: str) -> None:
        """Raises VaultError."""
        if profile_id not in self._in_memory:
            await self._vault.delete(profile_id)
        self._in_memory.discard(profile_id)
        await self._session.delete(profile_id)

    async def take_out(self, profile: Profile, name: str) -> None:
        """The secret ``name`` of an account. Raises VaultError; what is in a keyring that is gone stays there, since
        nobody can take it away.
        """
        await self._session.delete(name)
        if name == profile.id:
            self._in_memory.discard(name)
        if profile.session_only and not profile.keyring:
            return
        try:
            await self._vault.delete(name)
        except VaultError as error:
            if error.code not in (Code.NO_KEYRING, Code.KEYRING_GONE):
                raise
            log.warning("a secret stays in a keyring that is not there: %s", error)

    async def certainly_has(self, profile_id: str, key: Secret | None) -> bool:
        """Whether the keyring has ``key`` under that id; None: no key at all."""
        try:
            return await self._vault.peek(profile_id) == key
        except VaultError as error:
            return key is None and error.code == Code.NO_KEYRING

    async def _write(self, profile_id: str, key: Secret) -> None:
        """A keyring that asks its user may take the key after everybody gave up on it; nobody would know of it then, so
        it is taken out again.
        """
        try:
            await self._vault.write(profile_id, key)
        except BaseException:
            if not self._is_known(profile_id) and not self._scope.closed:
                self._scope.start(self._take_back(profile_id), "take back a key")
            raise

    async def _take_back(self, profile_id: str) -> None:
        try:
            await self._vault.delete(profile_id)
        except VaultError as error:
            log.info("a key that nobody uses may stay in the keyring: %s", error)
