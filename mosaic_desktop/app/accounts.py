"""The accounts this application can work for, each as a profile with the service that speaks for it.

The client takes a while to load, so it is loaded when the first account is used.
"""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from mosaic_desktop.app.deferred_service import DeferredService
from mosaic_desktop.app.local_mosaic import LocalMosaic
from mosaic_desktop.app.paths import DataPaths
from mosaic_desktop.core.ports import MosaicService, Profile
from mosaic_desktop.core.secrets import Secret

if TYPE_CHECKING:
    from mosaic_desktop.api.client import ClassicMosaic

DEFAULT_BASE_URL = "https://api.usemosaic.ai/api"
LOCAL, ACCOUNT, ENVIRONMENT = "local", "account", "environment"
LOCAL_PROFILE = Profile(LOCAL, "Local Mosaic", True, "")


class Account(ABC):
    """A profile, its service and the pace of looking at its runs, in seconds.

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

    @abstractmethod
    async def key(self) -> Secret:
        """The key it works with. Raises MosaicError (SANDBOX)."""

    @abstractmethod
    async def aclose(self) -> None: ...

    @abstractmethod
    async def _current(self) -> MosaicService: ...


class LocalAccount(Account):
    """The local Mosaic, started at the first call. It is near, so it is asked more often than a service far away."""

    def __init__(self, paths: DataPaths) -> None:
        super().__init__(LOCAL_PROFILE, pace=1.0)
        self._local = LocalMosaic(paths.local_mosaic, paths.log.with_name("local-mosaic.log"))
        self._address: tuple[str, Secret] | None = None
        self._client: ClassicMosaic | None = None

    async def key(self) -> Secret:
        return (await self._local.address())[1]

    async def aclose(self) -> None:
        if self._client is not None:
            await self._client.aclose()
        await self._local.stop()

    async def _current(self) -> MosaicService:
        from mosaic_desktop.api.client import ClassicMosaic

        address = await self._local.address()
        if self._client is None or address != self._address:
            if self._client is not None:
                await self._client.aclose()
            self._client, self._address = ClassicMosaic(*address), address
        return self._client


class KeyAccount(Account):
    """An account at the service at the profile's address. ``use_key`` lets it go on with another key.

    The constructor raises MosaicError where the address can't be used safely.
    """

    def __init__(self, profile: Profile, key: Secret) -> None:
        super().__init__(profile, pace=5.0)
        self._key = key
        self._clients: list[ClassicMosaic] = []
        self.use_key(key)

    async def key(self) -> Secret:
        return self._key

    def use_key(self, key: Secret) -> None:
        """For every call from here on. One that is under way, such as a paid start, ends with the key it began with."""
        from mosaic_desktop.api.client import ClassicMosaic

        self._clients.append(ClassicMosaic(self.profile.base_url or DEFAULT_BASE_URL, key))
        self._key = key

    async def aclose(self) -> None:
        for client in self._clients:
            await client.aclose()

    async def _current(self) -> MosaicService:
        return self._clients[-1]
