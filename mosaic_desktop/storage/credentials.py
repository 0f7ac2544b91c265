"""Secrets in the system keyring, and nowhere else.

keyring's own choice of backend is not asked for: it can be redirected by a configuration file, and falls back to plain
text. Every call runs on a thread of its own, because a keyring that waits for the user may never answer.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mosaic_desktop.core.errors import Code, VaultError
from mosaic_desktop.core.ports import VaultState
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.storage import keyrings
from mosaic_desktop.storage.asking import Asking
from mosaic_desktop.storage.keyring_errors import converted_errors
from mosaic_desktop.storage.whereabouts import Whereabouts

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")


class KeyringVault:
    """Implements the SecretStore port. ``backend`` is found when first needed unless one is given.

    ``timeout``: seconds in which a keyring answers that asks nobody; ``patience``: seconds that the user has to unlock
    one that does, as long where it is not given.

    ``record``: the file that remembers which keyring holds which secret. A secret is looked for there alone, and
    replaced there, as long as that keyring is there; a copy in another one might be older.
    """

    def __init__(
        self,
        backend: "KeyringBackend | None" = None,
        *,
        record: Path | None = None,
        timeout: float = 10.0,
        patience: float | None = None,
    ) -> None:
        self._given = backend
        self._best: KeyringBackend | None = None
        self._where = Whereabouts(record)
        self._asking = Asking(timeout, timeout if patience is None else patience)

    async def state(self) -> VaultState:
        """Asks nothing of the user. A keyring that is locked counts as usable: it asks when it is used."""
        try:
            return VaultState(await self._asking.look(self._answer(lambda: keyrings.plain_name(self._find()))))
        except VaultError as error:
            return VaultState("", error.code)

    async def peek(self, name: str) -> Secret | None:
        return await self._asking.look(self._answer(lambda: self._get(name, keyrings.peek)))

    async def read(self, name: str) -> Secret | None:
        return await self._asking.ask(self._answer(lambda: self._get(name, _read)))

    async def write(self, name: str, secret: Secret) -> None:
        if keyrings.is_too_long(secret.reveal()):
            raise VaultError(Code.SECRET_TOO_LONG)
        await self._asking.change(name, self._answer(lambda: self._put(name, secret)))

    async def delete(self, name: str) -> None:
        """A secret that is not there is no error. One in a keyring that is gone is (KEYRING_GONE), for it is kept."""
        await self._asking.change(name, self._answer(lambda: self._forget(name)))

    def _answer(self, question: Callable[[], T]) -> Callable[[], T]:
        """``question`` for the thread, where all that a keyring raises becomes a VaultError."""

        def answer() -> T:
            try:
                with converted_errors():
                    return question()
            except VaultError as error:
                if error.code == Code.NO_KEYRING:
                    self._best = None  # there may be another one the next time
                raise

        return answer

    # On the thread

    def _find(self) -> "KeyringBackend":
        """The keyring for a secret that is in none yet. Raises VaultError (NO_KEYRING)."""
        if self._given is not None:
            return self._given
        if self._best is None:
            self._best = next(iter(keyrings.available()), None)
        if self._best is None:
            raise VaultError(Code.NO_KEYRING)
        return self._best

    def _holder(self, name: str) -> "KeyringBackend":
        """The keyring that holds the secret, if it is in any. Raises VaultError (KEYRING_GONE, NO_KEYRING)."""
        known = self._where.find(name)
        if not known:
            return self._find()
        if self._given is not None:
            there = [self._given]
        elif self._best is not None and keyrings.goes_by(self._best, known):
            return self._best
        else:
            there = keyrings.available()
        holder = next((backend for backend in there if keyrings.goes_by(backend, known)), None)
        if holder is None:
            raise VaultError(Code.KEYRING_GONE, known)
        return holder

    def _get(self, name: str, get: "Callable[[KeyringBackend, str, str], str | None]") -> Secret | None:
        holder = self._holder(name)
        found = get(holder, _service(name), name)
        if found is None:
            return None
        if not self._where.find(name):
            self._where.note(name, keyrings.plain_name(holder))
        return Secret(found)

    def _put(self, name: str, secret: Secret) -> None:
        try:
            holder = self._holder(name)
        except VaultError as error:
            if error.code != Code.KEYRING_GONE:
                raise
            holder = self._find()
        keyrings.put(holder, _service(name), name, secret.reveal())
        self._where.note(name, keyrings.plain_name(holder))

    def _forget(self, name: str) -> None:
        keyrings.forget(self._holder(name), _service(name), name)
        self._where.forget(name)


class SessionVault:
    """Implements the SecretStore port in memory: what it holds ends with the process."""

    def __init__(self) -> None:
        self._secrets: dict[str, Secret] = {}

    async def state(self) -> VaultState:
        return VaultState("this session only")

    async def peek(self, name: str) -> Secret | None:
        return self._secrets.get(name)

    async def read(self, name: str) -> Secret | None:
        return self._secrets.get(name)

    async def write(self, name: str, secret: Secret) -> None:
        self._secrets[name] = secret

    async def delete(self, name: str) -> None:
        self._secrets.pop(name, None)


def _read(backend: "KeyringBackend", service: str, user: str) -> str | None:
    return backend.get_password(service, user)


def _service(name: str) -> str:
    """One service a secret, because Windows keeps only one user for each."""
    return f"mosaic-desktop/{name}"
