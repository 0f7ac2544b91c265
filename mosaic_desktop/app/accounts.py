"""The accounts this application can work for, each as a profile with the services that speak for it.

The clients take a while to load, so they are loaded when the first account is used.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from mosaic_desktop.app.deferred_account import DeferredAuth, DeferredPortal
from mosaic_desktop.app.deferred_service import DeferredService
from mosaic_desktop.app.local_mosaic import LocalMosaic, Ready
from mosaic_desktop.app.paths import DataPaths
from mosaic_desktop.core.account_ports import AuthService, Portal
from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.core.ports import MosaicService, Profile
from mosaic_desktop.core.secrets import Secret

if TYPE_CHECKING:
    from mosaic_desktop.api.client import ClassicMosaic

DEFAULT_BASE_URL = "https://api.usemosaic.ai/api"
LOCAL, ACCOUNT, ENVIRONMENT = "local", "account", "environment"
LOCAL_PROFILE = Profile(LOCAL, "Local Mosaic", True, "")
log = logging.getLogger(__name__)


class Account(ABC):
    """A profile, its services and the pace of looking at its runs, in seconds.

    ``profile`` may be replaced by one with the same id, when the user renamed it.
    """

    def __init__(self, profile: Profile, pace: float) -> None:
        self.profile = profile
        self.service: MosaicService = DeferredService(self._current)
        self.pace = pace

    @property
    def key_in_keyring(self) -> bool:
        """Whether its key lives in the system keyring, which is therefore at hand for what else must stay secret."""
        return bool(self.profile.keyring) and not self.profile.session_only

    @property
    @abstractmethod
    def hint(self) -> str:
        """The masked form of the key it works with; empty where that is not known yet."""

    @abstractmethod
    async def check_key(self, key: Secret) -> None:
        """Returns if the service takes ``key``. Raises AuthError, NetworkError, ServiceError."""

    @abstractmethod
    def use_key(self, key: Secret) -> None:
        """For every call from here on. One that is under way, such as a paid start, ends with the key it began with."""

    @abstractmethod
    async def keys(self) -> tuple[Secret, ...]:
        """Every key it worked with, that of now first. Raises MosaicError (SANDBOX)."""

    @abstractmethod
    def auth(self) -> AuthService | None:
        """None where there is no address to sign in at. Asked once; ends with the account."""

    @abstractmethod
    def portal(self) -> Portal:
        """Asked once; ends with the account."""

    @abstractmethod
    async def aclose(self) -> None: ...

    @abstractmethod
    async def _current(self) -> MosaicService: ...


class _Client(Protocol):
    async def aclose(self) -> None: ...


C = TypeVar("C", bound=_Client)


class _Followed(Generic[C]):
    """A client of the local Mosaic, made anew where that started again elsewhere."""

    def __init__(self, local: LocalMosaic, make: Callable[[Ready], C]) -> None:
        self._local = local
        self._make = make
        self._for: Ready | None = None
        self._made: list[C] = []

    async def current(self) -> C:
        ready = await self._local.ready()
        if ready != self._for:
            self._made.append(self._make(ready))
            self._for = ready
        return self._made[-1]

    def renew(self) -> None:
        """What is under way ends with the client it began with."""
        self._for = None

    async def aclose(self) -> None:
        for client in self._made:
            await client.aclose()


class LocalAccount(Account):
    """The local Mosaic, started at the first call. It is near, so it is asked more often than a service far away."""

    def __init__(self, paths: DataPaths) -> None:
        super().__init__(LOCAL_PROFILE, pace=1.0)
        self._local = LocalMosaic(paths.local_mosaic, paths.log.with_name("local-mosaic.log"))
        self._chosen: list[Secret] = []
        self._hint = ""
        self._service = _Followed(self._local, self._client)
        self._auth = _Followed(self._local, _local_auth)
        self._portal = _Followed(self._local, _local_portal)

    @property
    def hint(self) -> str:
        return self._hint

    def use_key(self, key: Secret) -> None:
        self._chosen.append(key)
        self._hint = key.masked
        self._service.renew()

    async def check_key(self, key: Secret) -> None:
        await check_key((await self._local.ready()).base_url, key)

    async def keys(self) -> tuple[Secret, ...]:
        return (*reversed(self._chosen), (await self._local.ready()).api_key)

    async def sign_in(self) -> tuple[str, Secret]:
        """Email and password of its one user. Raises MosaicError (SANDBOX)."""
        ready = await self._local.ready()
        return ready.email, ready.password

    def auth(self) -> AuthService:
        return DeferredAuth(self._auth.current)

    def portal(self) -> Portal:
        return DeferredPortal(self._portal.current)

    async def aclose(self) -> None:
        for client in (self._service, self._auth, self._portal):
            await client.aclose()
        await self._local.stop()

    async def _current(self) -> MosaicService:
        return await self._service.current()

    def _client(self, ready: Ready) -> "ClassicMosaic":
        from mosaic_desktop.api.client import ClassicMosaic

        key = self._chosen[-1] if self._chosen else ready.api_key
        self._hint = key.masked
        return ClassicMosaic(ready.base_url, key)


class KeyAccount(Account):
    """An account at the service at the profile's address.

    The constructor raises MosaicError where the address can't be used safely.
    """

    def __init__(self, profile: Profile, key: Secret) -> None:
        super().__init__(profile, pace=5.0)
        self._base = profile.base_url or DEFAULT_BASE_URL
        self._keys: list[Secret] = []
        self._clients: list[ClassicMosaic] = []
        self._others: list[_Client] = []
        self.use_key(key)

    @property
    def hint(self) -> str:
        return self._keys[-1].masked

    def use_key(self, key: Secret) -> None:
        from mosaic_desktop.api.client import ClassicMosaic

        self._clients.append(ClassicMosaic(self._base, key))
        self._keys.append(key)

    async def check_key(self, key: Secret) -> None:
        await check_key(self._base, key)

    async def keys(self) -> tuple[Secret, ...]:
        return tuple(reversed(self._keys))

    def auth(self) -> AuthService | None:
        if not self.profile.auth_url or not self.profile.anon_key:
            return None
        from mosaic_desktop.api.supabase import SupabaseAuth

        try:
            auth = SupabaseAuth(self.profile.auth_url, self.profile.anon_key)
        except MosaicError as error:
            log.warning("nobody can sign in to this account: %s", error)
            return None
        self._others.append(auth)
        return auth

    def portal(self) -> Portal:
        from mosaic_desktop.api.portal import DeveloperPortal

        portal = DeveloperPortal(self._base)
        self._others.append(portal)
        return portal

    async def aclose(self) -> None:
        for client in (*self._clients, *self._others):
            await client.aclose()

    async def _current(self) -> MosaicService:
        return self._clients[-1]


async def check_key(base_url: str, key: Secret) -> None:
    """Returns if the service takes ``key``. Raises AuthError, NetworkError, ServiceError."""
    from mosaic_desktop.api.client import ClassicMosaic

    client = ClassicMosaic(base_url, key)
    try:
        await client.check()
    finally:
        await client.aclose()


def _local_auth(ready: Ready) -> AuthService:
    from mosaic_desktop.api.supabase import SupabaseAuth

    return SupabaseAuth(ready.auth_url, ready.anon_key)


def _local_portal(ready: Ready) -> Portal:
    from mosaic_desktop.api.portal import DeveloperPortal

    return DeveloperPortal(ready.base_url)
