"""Whom headless commands work for: the environment's account, the window's, or the one that is named."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from mosaic_desktop.app.accounts import ACCOUNT, ENVIRONMENT, LOCAL
from mosaic_desktop.app.known_accounts import KnownAccounts
from mosaic_desktop.app.paths import DataPaths
from mosaic_desktop.app.profiles import Profiles
from mosaic_desktop.cli.requests import UsageError
from mosaic_desktop.core.errors import AuthError, Code, MosaicError
from mosaic_desktop.core.ports import Profile, Settings
from mosaic_desktop.core.secrets import Secret
from tests.support.fakes import MemorySettings, MemoryVault

FAR = "https://mosaic.invalid/api"
MINE = Profile(ACCOUNT, "My Mosaic", False, FAR)
CLIENT = Profile("account-1", "A client", False, FAR)
ENV = {"MOSAIC_API_KEY": "mk_live_0123456789abcdef", "MOSAIC_API_BASE": FAR}


def known(folder: Path, environment: Mapping[str, str], opened: str | None = None) -> KnownAccounts:
    settings = MemorySettings(Settings(folder, profiles=(MINE, CLIENT)))
    vault = MemoryVault()
    vault.secrets[CLIENT.id] = Secret("mk_live_clientclient")
    profiles = Profiles(DataPaths(folder, folder), settings, vault, environment)
    return KnownAccounts(profiles, opened, environment)


@pytest.mark.parametrize(
    ("environment", "opened", "name", "chosen"),
    [
        ({}, None, None, LOCAL),
        ({}, ACCOUNT, None, ACCOUNT),
        ({}, "gone", None, LOCAL),
        (ENV, ACCOUNT, None, ENVIRONMENT),
        (ENV, None, "a CLIENT", "account-1"),
        (ENV, None, "account-1", "account-1"),
        ({}, None, "local", LOCAL),
        ({}, None, "Local Mosaic", LOCAL),
    ],
)
def test_whom_a_command_works_for(
    tmp_path: Path, environment: Mapping[str, str], opened: str | None, name: str | None, chosen: str
) -> None:
    assert known(tmp_path, environment, opened).chosen(name).id == chosen


def test_nobody_is_guessed(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        known(tmp_path, {}).chosen("client")
    assert raised.value.detail == "There is no account “client”. There are: My Mosaic, A client, Local Mosaic."


def test_the_environments_account_goes_where_the_environment_says(tmp_path: Path) -> None:
    async def story() -> None:
        accounts = known(tmp_path, ENV)
        account = await accounts.account(ENVIRONMENT)
        assert account.profile.base_url == FAR
        assert account.profile.key_hint == "mk_live_…cdef"
        await account.aclose()

    asyncio.run(story())


def test_a_password_in_the_environments_address_is_neither_shown_nor_used(tmp_path: Path) -> None:
    accounts = known(tmp_path, ENV | {"MOSAIC_API_BASE": "https://me:hunter2@mosaic.invalid/api"})
    assert not [profile for profile in accounts.all if "hunter2" in profile.base_url]
    with pytest.raises(MosaicError) as raised:
        asyncio.run(accounts.account(ENVIRONMENT))
    assert raised.value.code == Code.VALIDATION


def test_an_account_whose_key_is_not_there_says_so(tmp_path: Path) -> None:
    async def story() -> None:
        accounts = known(tmp_path, {})
        for profile_id in (ENVIRONMENT, ACCOUNT):
            with pytest.raises(AuthError) as raised:
                await accounts.account(profile_id)
            assert raised.value.code == Code.NO_KEY
        account = await accounts.account(CLIENT.id)
        assert await account.keys() == (Secret("mk_live_clientclient"),)
        await account.aclose()

    asyncio.run(story())
