"""The accounts that headless commands can work for, without asking anybody anything."""

from collections.abc import Mapping

from mosaic_desktop.app.accounts import ENVIRONMENT, LOCAL, Account
from mosaic_desktop.app.environment import environment_account, environment_profile
from mosaic_desktop.app.profiles import Profiles
from mosaic_desktop.cli.choice import choose_profile
from mosaic_desktop.core.errors import AuthError, Code
from mosaic_desktop.core.ports import Profile


class KnownAccounts:
    """The environment's account, which stands in for others, and those of the data folder. ``opened``: the id of the
    one that the window uses.
    """

    def __init__(self, profiles: Profiles, opened: str | None, environment: Mapping[str, str]) -> None:
        self._profiles = profiles
        self._opened = opened
        self._environment = environment

    @property
    def all(self) -> tuple[Profile, ...]:
        """Every account that can be chosen."""
        found = environment_profile(self._environment)
        return self._profiles.all if found is None else (found, *self._profiles.all)

    @property
    def ids(self) -> tuple[str, ...]:
        """Every profile that a journal may hold work of."""
        return (ENVIRONMENT, *(profile.id for profile in self._profiles.all))

    def chosen(self, name: str | None) -> Profile:
        """The one of that title or id; without a name the environment's, else the one that the window uses, else the
        local Mosaic. Raises UsageError.
        """
        if name is not None:
            return choose_profile(self.all, name)
        by_id = {profile.id: profile for profile in self.all}
        return by_id.get(ENVIRONMENT) or by_id.get(self._opened or LOCAL) or by_id[LOCAL]

    async def account(self, profile_id: str) -> Account:
        """Whoever asks for it closes it. Raises MosaicError."""
        if profile_id != ENVIRONMENT:
            return await self._profiles.account(profile_id)
        account = environment_account(self._environment)
        if account is None:
            raise AuthError(Code.NO_KEY)
        return account
