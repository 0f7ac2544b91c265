"""The accounts this application can work for, each as a profile with the service that speaks for it.

The client takes a while to load, so it is loaded when the first account is used.
"""

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


class Account:
    """A profile, its service and the pace of looking at its runs, in seconds."""

    def __init__(self, profile: Profile, service: MosaicService, pace: float) -> None:
        self.profile = profile
        self.service = service
        self.pace = pace

    @property
    def key_in_keyring(self) -> bool:
        """Whether its key lives in the system keyring, which is therefore at hand for what else must stay secret."""
        return self.profile.id == ACCOUNT and not self.profile.session_only

    async def aclose(self) -> None:
        await self.service.aclose()


class LocalAccount(Account):
    """The local Mosaic, started at the first call. It is near, so it is asked more often than a service far away."""

    def __init__(self, paths: DataPaths) -> None:
        super().__init__(Profile(LOCAL, "Local Mosaic", True, ""), DeferredService(self._current), pace=1.0)
        self._local = LocalMosaic(paths.local_mosaic, paths.log.with_name("local-mosaic.log"))
        self._address: tuple[str, Secret] | None = None
        self._client: ClassicMosaic | None = None

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


def key_account(profile_id: str, base_url: str, key: Secret, *, session_only: bool = False) -> Account:
    """An account at the service at ``base_url``. Raises MosaicError where the address can't be used safely."""
    from mosaic_desktop.api.client import ClassicMosaic

    profile = Profile(profile_id, "My Mosaic", False, base_url, key.masked, session_only)
    return Account(profile, ClassicMosaic(base_url, key), pace=5.0)
