"""The accounts that headless commands can work for, without asking anybody anything."""

from collections.abc import Awaitable, Callable, Mapping

from mosaic_desktop.app.accounts import (
    ACCOUNT,
    DEFAULT_BASE_URL,
    ENVIRONMENT,
    LOCAL,
    Account,
    LocalAccount,
    key_account,
)
from mosaic_desktop.app.environment import environment_account
from mosaic_desktop.app.paths import DataPaths
from mosaic_desktop.core.errors import AuthError, Code
from mosaic_desktop.core.ports import SecretStore, Settings


class KnownAccounts:
    """Finds an account when it is needed; whoever asks for it closes it."""

    def __init__(
        self, paths: DataPaths, settings: Settings, vault: SecretStore, environment: Mapping[str, str]
    ) -> None:
        self._paths = paths
        self._settings = settings
        self._vault = vault
        self._environment = environment

    async def current(self) -> Account:
        """The environment's account, else the one that the window uses, else the local Mosaic. Raises MosaicError."""
        from_environment = environment_account(self._environment)
        if from_environment is not None:
            return from_environment
        return await (self._saved() if self._settings.profile == ACCOUNT else self._local())

    @property
    def by_profile(self) -> Mapping[str, Callable[[], Awaitable[Account]]]:
        """Every profile that a journal may hold work of, and the way to its account, which raises MosaicError."""
        return {ENVIRONMENT: self._from_environment, ACCOUNT: self._saved, LOCAL: self._local}

    async def _from_environment(self) -> Account:
        account = environment_account(self._environment)
        if account is None:
            raise AuthError(Code.NO_KEY)
        return account

    async def _saved(self) -> Account:
        key = await self._vault.read(ACCOUNT)
        if key is None:
            raise AuthError(Code.NO_KEY)
        return key_account(ACCOUNT, self._settings.api_base or DEFAULT_BASE_URL, key)

    async def _local(self) -> Account:
        return LocalAccount(self._paths)
