"""Secrets in the system keyring, and nowhere else.

keyring's own choice of backend is not asked for: it can be redirected by a configuration file, and falls back to plain
text. Every call runs on a thread of its own, because a keyring that waits for the user may never answer.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from mosaic_desktop.core.errors import Code, VaultError
from mosaic_desktop.core.ports import VaultState
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.storage import keyrings

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")


class KeyringVault:
    """Implements the SecretStore port. ``backend`` is found when first needed unless one is given.

    ``timeout``: seconds in which a keyring answers that asks nobody; ``patience``: seconds that the user has to unlock
    one that does, as long where it is not given. Calls that may ask take turns. A call that hangs is left behind on its
    thread, which does not keep the process alive.
    """

    def __init__(
        self, backend: "KeyringBackend | None" = None, *, timeout: float = 10.0, patience: float | None = None
    ) -> None:
        self._backend = backend
        self._timeout = timeout
        self._patience = timeout if patience is None else patience
        self._turn = asyncio.Lock()

    async def state(self) -> VaultState:
        """Asks nothing of the user. A keyring that is locked counts as usable: it asks when it is used."""
        try:
            return VaultState(await self._look(keyrings.plain_name))
        except VaultError as error:
            return VaultState("", error.code)

    async def peek(self, name: str) -> Secret | None:
        found = await self._look(lambda backend: keyrings.peek(backend, _service(name), name))
        return None if found is None else Secret(found)

    async def read(self, name: str) -> Secret | None:
        found = await self._ask(lambda backend: backend.get_password(_service(name), name))
        return None if found is None else Secret(found)

    async def write(self, name: str, secret: Secret) -> None:
        await self._ask(lambda backend: backend.set_password(_service(name), name, secret.reveal()))

    async def delete(self, name: str) -> None:
        """A secret that is not there is no error."""
        await self._ask(lambda backend: keyrings.forget(backend, _service(name), name))

    async def _look(self, question: "Callable[[KeyringBackend], T]") -> T:
        """A question that asks nothing of the user, so it does not wait for one that does."""
        async with _within(self._timeout):
            return await _on_own_thread(lambda: self._answer(question))

    async def _ask(self, question: "Callable[[KeyringBackend], T]") -> T:
        async with _within(self._patience), self._turn:
            return await _on_own_thread(lambda: self._answer(question))

    # On the thread

    def _answer(self, question: "Callable[[KeyringBackend], T]") -> T:
        with keyrings.converted_errors():
            if self._backend is None:
                self._backend = keyrings.find()
            return question(self._backend)


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


@asynccontextmanager
async def _within(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise VaultError(Code.KEYRING_SILENT, retryable=True) from error


async def _on_own_thread(work: Callable[[], T]) -> T:
    """``work`` on a thread that is left behind, not waited for, when the await is cancelled."""
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # it belongs to whoever awaits
            future.set_exception(error)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    return await asyncio.wrap_future(future)


def _service(name: str) -> str:
    """One service a secret, because Windows keeps only one user for each."""
    return f"mosaic-desktop/{name}"
