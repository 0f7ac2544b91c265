"""Sign-in and developer portal of a server whose address is known only after it started.

Each call asks ``current`` for the real one, which may raise MosaicError; then nothing was sent.
"""

from collections.abc import Awaitable, Callable

from mosaic_desktop.core.account import ApiKey, NewKey, Session
from mosaic_desktop.core.account_ports import AuthService, Portal
from mosaic_desktop.core.secrets import Secret


class DeferredAuth:
    """Implements AuthService. The real ones are closed by whoever made them."""

    def __init__(self, current: Callable[[], Awaitable[AuthService]]) -> None:
        self._current = current

    async def sign_in(self, email: str, password: Secret) -> Session:
        return await (await self._current()).sign_in(email, password)

    async def refresh(self, token: Secret) -> Session:
        return await (await self._current()).refresh(token)

    async def sign_out(self, access: Secret) -> None:
        await (await self._current()).sign_out(access)

    async def aclose(self) -> None:
        return


class DeferredPortal:
    """Implements Portal. The real ones are closed by whoever made them."""

    def __init__(self, current: Callable[[], Awaitable[Portal]]) -> None:
        self._current = current

    async def keys(self, access: Secret) -> tuple[ApiKey, ...]:
        return await (await self._current()).keys(access)

    async def create_key(self, access: Secret, webhook_url: str | None = None) -> NewKey:
        return await (await self._current()).create_key(access, webhook_url)

    async def set_webhook(self, access: Secret, key_id: str, url: str | None) -> None:
        await (await self._current()).set_webhook(access, key_id, url)

    async def revoke(self, access: Secret, key_id: str) -> None:
        await (await self._current()).revoke(access, key_id)

    async def balance(self, access: Secret) -> float:
        return await (await self._current()).balance(access)

    async def aclose(self) -> None:
        return
