"""Several accounts side by side: found, told apart, changed and forgotten."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mosaic_desktop.app.accounts import ACCOUNT, LOCAL, Account, KeyAccount
from mosaic_desktop.app.paths import DataPaths
from mosaic_desktop.app.profiles import Profiles, session_name
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, VaultError
from mosaic_desktop.core.ports import NewAccount, Profile, Settings
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.tasks import TaskScope
from tests.support.fakes import MemorySettings, MemoryVault
from tests.support.sandbox_server import RunningSandbox, start_sandbox
from tests.support.waiting import until_async

FAR = "https://mosaic.invalid/api"
KEY = Secret("mk_live_0123456789abcdef")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with start_sandbox(tmp_path_factory.mktemp("server"), "--account", "client@mosaic.local") as running:
        yield running


class Bench:
    """The accounts of one data folder; `again` is the next start, which has what is kept and nothing else."""

    def __init__(self, folder: Path, base_url: str) -> None:
        self.paths = DataPaths(folder, folder / "outputs")
        self.settings = MemorySettings(Settings(folder))
        self.vault = MemoryVault()
        self._environment = {"MOSAIC_API_BASE": base_url}
        self.again()

    def again(self) -> None:
        self.profiles = Profiles(self.paths, self.settings, self.vault, self._environment)

    def add(self, key: str, title: str = "", *, session_only: bool = False) -> Profile:
        return asyncio.run(self.profiles.add(NewAccount(Secret(key), title), session_only=session_only))

    def opened(self, profile_id: str) -> Account:
        async def open_and_close() -> Account:
            account = await self.profiles.account(profile_id)
            await account.aclose()
            return account

        return asyncio.run(open_and_close())

    def titles(self) -> list[str]:
        return [profile.title for profile in self.profiles.all]


@pytest.fixture
def bench(tmp_path: Path, server: RunningSandbox) -> Bench:
    return Bench(tmp_path, server.base_url)


def key_of(account: Account) -> Secret:
    return asyncio.run(account.keys())[0]


# Adding


def test_each_account_has_an_id_of_its_own_and_its_key_under_it(bench: Bench, server: RunningSandbox) -> None:
    mine, client = bench.add(server.api_key), bench.add(server.accounts[0].api_key, "A client")
    assert (mine.id, mine.title, client.title) == (ACCOUNT, "My Mosaic", "A client")
    assert client.id not in (ACCOUNT, LOCAL)
    assert bench.vault.secrets == {mine.id: Secret(server.api_key), client.id: Secret(server.accounts[0].api_key)}
    bench.again()
    assert bench.titles() == ["My Mosaic", "A client", "Local Mosaic"]
    assert key_of(bench.opened(client.id)) == Secret(server.accounts[0].api_key)
    assert mine.keyring == "Test keyring"


def test_the_same_key_at_the_same_address_is_the_same_account(bench: Bench, server: RunningSandbox) -> None:
    first = bench.add(server.api_key, "Mine")
    again = bench.add(server.api_key)
    assert (again.id, again.title) == (first.id, "Mine")
    assert bench.titles() == ["Mine", "Local Mosaic"]


def test_accounts_that_the_settings_lost_are_found_again_by_their_keys(bench: Bench, server: RunningSandbox) -> None:
    async def with_work() -> tuple[str, ...]:
        return (ACCOUNT, "account-1", LOCAL)

    client = server.accounts[0].api_key
    bench.vault.secrets |= {ACCOUNT: Secret(server.api_key), "account-1": Secret(client)}
    environment = {"MOSAIC_API_BASE": server.base_url}
    bench.profiles = Profiles(bench.paths, bench.settings, bench.vault, environment, with_work)
    assert bench.add(client).id == "account-1"
    assert bench.add(server.api_key).id == ACCOUNT


def test_a_new_account_does_not_take_the_place_of_one_whose_key_is_another(
    bench: Bench, server: RunningSandbox
) -> None:
    bench.vault.secrets[ACCOUNT] = KEY
    assert bench.add(server.api_key).id != ACCOUNT
    assert bench.vault.secrets[ACCOUNT] == KEY


def test_the_same_key_elsewhere_is_another_account(bench: Bench, server: RunningSandbox) -> None:
    bench.settings.change(profiles=(Profile(ACCOUNT, "Far", False, FAR, Secret(server.api_key).masked),))
    bench.vault.secrets[ACCOUNT] = Secret(server.api_key)
    assert bench.add(server.api_key).id != ACCOUNT


@pytest.mark.parametrize("key", ["mk_live_wrongwrongwrong", ""])
def test_a_key_that_is_refused_leaves_nothing(bench: Bench, key: str) -> None:
    with pytest.raises(MosaicError):
        bench.add(key)
    assert bench.titles() == ["Local Mosaic"]
    assert bench.vault.secrets == {}


@pytest.mark.parametrize("address", ["http://mosaic.invalid/api", "ftp://x", "nonsense", "https://me:pw@x/api"])
def test_an_unsafe_address_hears_no_key(bench: Bench, address: str) -> None:
    with pytest.raises(MosaicError) as raised:
        asyncio.run(bench.profiles.add(NewAccount(KEY, base_url=address)))
    assert raised.value.code == Code.VALIDATION
    assert bench.titles() == ["Local Mosaic"]


def test_a_key_that_cannot_be_kept_is_for_this_session_only_and_its_work_is_found_again(
    bench: Bench, server: RunningSandbox
) -> None:
    bench.vault.problem = VaultError(Code.KEYRING_LOCKED)
    with pytest.raises(VaultError):
        bench.add(server.api_key)
    assert bench.titles() == ["Local Mosaic"]
    profile = bench.add(server.api_key, session_only=True)
    assert profile.session_only
    assert not bench.opened(profile.id).key_in_keyring
    bench.again()
    bench.vault.problem = None
    with pytest.raises(AuthError) as raised:
        bench.opened(profile.id)
    assert raised.value.code == Code.NO_KEY
    assert bench.add(server.api_key, session_only=True).id == profile.id


def test_a_session_only_account_never_gets_the_key_that_another_data_folder_keeps(
    bench: Bench, server: RunningSandbox, tmp_path: Path
) -> None:
    mine = bench.add(server.accounts[0].api_key, session_only=True)
    elsewhere = Bench(tmp_path / "elsewhere", server.base_url)
    elsewhere.vault = bench.vault  # each user of a system has one keyring
    elsewhere.again()
    theirs = elsewhere.add(server.api_key)
    bench.again()
    with pytest.raises(AuthError) as raised:
        bench.opened(mine.id)
    assert raised.value.code == Code.NO_KEY
    asyncio.run(bench.profiles.forget_secrets(mine.id))
    assert key_of(elsewhere.opened(theirs.id)) == Secret(server.api_key)


def test_a_session_only_key_is_kept_when_the_keyring_is_there_again(bench: Bench, server: RunningSandbox) -> None:
    profile = bench.add(server.api_key, session_only=True)
    assert not bench.add(server.api_key).session_only
    bench.again()
    assert key_of(bench.opened(profile.id)) == Secret(server.api_key)


class AskingVault(MemoryVault):
    """Asks its user, who answers when ``answered`` is set, however long nobody waits for it any more."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.answered = asyncio.Event(), asyncio.Event()
        self.gone: list[str] = []
        self._turn = asyncio.Lock()
        self._scope = TaskScope("keyring")

    async def write(self, name: str, secret: Secret) -> None:
        await asyncio.shield(self._scope.start(self._write(name, secret), "write"))

    async def delete(self, name: str) -> None:
        async with self._turn:
            await super().delete(name)
            self.gone.append(name)

    async def _write(self, name: str, secret: Secret) -> None:
        async with self._turn:
            self.asked.set()
            await self.answered.wait()
            self.secrets[name] = secret


def test_a_key_that_the_keyring_takes_after_the_user_gave_up_does_not_stay_there(
    tmp_path: Path, server: RunningSandbox
) -> None:
    async def story() -> None:
        vault, scope = AskingVault(), TaskScope("test")
        settings = MemorySettings(Settings(tmp_path))
        environment = {"MOSAIC_API_BASE": server.base_url}
        profiles = Profiles(DataPaths(tmp_path, tmp_path), settings, vault, environment)
        adding = scope.start(profiles.add(NewAccount(Secret(server.api_key))), "add")
        await vault.asked.wait()
        adding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await adding
        vault.answered.set()
        await until_async(lambda: vault.gone == [ACCOUNT])
        assert vault.secrets == {}
        assert settings.value.profiles == ()
        await profiles.aclose()

    asyncio.run(story())


# Finding


def test_the_account_of_an_older_version_is_found_with_its_key(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "")
    bench.settings.change(profiles=(Profile(ACCOUNT, "My Mosaic", False, ""),))
    bench.vault.secrets[ACCOUNT] = KEY
    account = bench.opened(ACCOUNT)
    assert account.profile.base_url == "https://api.usemosaic.ai/api"
    (kept,) = bench.settings.value.profiles
    assert (kept.key_hint, kept.keyring) == ("mk_live_…cdef", "Test keyring")


def test_nobody_has_an_account_that_is_not_there(bench: Bench) -> None:
    with pytest.raises(MosaicError) as raised:
        bench.opened("nobody")
    assert raised.value.code == Code.NOT_FOUND


# Changing


def test_another_key_takes_the_place_of_the_old_one(bench: Bench, server: RunningSandbox) -> None:
    profile = bench.add(server.api_key)
    other = server.accounts[0].api_key
    with pytest.raises(AuthError):
        asyncio.run(bench.profiles.enter_key(profile.id, Secret("mk_live_wrongwrongwrong")))
    assert bench.vault.secrets[profile.id] == Secret(server.api_key)
    changed = asyncio.run(bench.profiles.enter_key(profile.id, Secret(other)))
    assert (changed.id, changed.key_hint, changed.key_id) == (profile.id, Secret(other).masked, "")
    assert bench.vault.secrets[profile.id] == Secret(other)


def test_the_key_of_another_account_is_not_taken_for_this_one(bench: Bench, server: RunningSandbox) -> None:
    mine, client = bench.add(server.api_key), bench.add(server.accounts[0].api_key, "A client")
    with pytest.raises(MosaicError) as raised:
        asyncio.run(bench.profiles.enter_key(mine.id, Secret(server.accounts[0].api_key)))
    assert raised.value.detail == "This is the key of “A client”, which is here already."
    assert asyncio.run(bench.profiles.enter_key(client.id, Secret(server.accounts[0].api_key))).id == client.id
    assert bench.vault.secrets[mine.id] == Secret(server.api_key)


def test_details_are_changed_and_a_new_address_is_checked_first(bench: Bench, server: RunningSandbox) -> None:
    profile = bench.add(server.api_key)
    folder = bench.paths.root / "mine"
    wanted = replace(
        profile, title=" Mine ", auth_url="https://x.supabase.co/auth/v1/", anon_key="eyJ", output_folder=folder
    )
    changed = asyncio.run(bench.profiles.change(wanted, None))
    assert (changed.title, changed.auth_url, changed.anon_key, changed.output_folder) == (
        "Mine",
        "https://x.supabase.co/auth/v1",
        "eyJ",
        folder,
    )
    with pytest.raises(MosaicError):
        asyncio.run(bench.profiles.change(replace(changed, base_url="https://127.0.0.1:1/api"), None))
    assert bench.profiles.find(profile.id) == changed


def test_what_is_noted_while_another_address_is_checked_stays(bench: Bench, server: RunningSandbox) -> None:
    profile = bench.add(server.api_key)
    elsewhere = server.base_url.replace("127.0.0.1", "localhost")

    async def story() -> Profile:
        changing = asyncio.ensure_future(bench.profiles.change(replace(profile, base_url=elsewhere), None))
        await asyncio.sleep(0)
        bench.profiles.note(profile, email="ann@studio.example", key_id="k-2")
        return await changing

    changed = asyncio.run(story())
    assert changed == bench.profiles.find(profile.id)
    assert (changed.base_url, changed.email, changed.key_id) == (elsewhere, "ann@studio.example", "k-2")


def test_a_sign_in_is_of_no_use_at_another_address_and_never_sent_there(bench: Bench, server: RunningSandbox) -> None:
    profile = replace(bench.add(server.api_key), auth_url="https://auth.invalid/auth/v1", anon_key="public")
    bench.settings.change(profiles=(profile,))
    bench.vault.secrets[session_name(profile.id)] = Secret("renews-the-sign-in")
    asyncio.run(bench.profiles.change(replace(profile, title="Renamed"), None))
    assert session_name(profile.id) in bench.vault.secrets
    asyncio.run(bench.profiles.change(replace(profile, auth_url="https://other.invalid/auth/v1"), None))
    assert session_name(profile.id) not in bench.vault.secrets
    assert profile.id in bench.vault.secrets  # the key itself was asked for at the address of Mosaic


def test_the_local_mosaic_is_not_changed(bench: Bench) -> None:
    local = bench.profiles.find(LOCAL)
    assert asyncio.run(bench.profiles.change(replace(local, title="Mine"), None)) == local
    assert bench.settings.value.profiles == ()


# Forgetting


def test_a_forgotten_key_leaves_the_account(bench: Bench, server: RunningSandbox) -> None:
    profile = bench.add(server.api_key)
    asyncio.run(bench.profiles.forget_key(profile.id))
    assert bench.vault.secrets == {}
    assert bench.titles() == ["My Mosaic", "Local Mosaic"]
    assert bench.add(server.api_key).id == profile.id, "its work is found again by its masked key"


def test_a_forgotten_account_takes_its_secrets_and_its_forms_along(bench: Bench, server: RunningSandbox) -> None:
    mine, client = bench.add(server.api_key), bench.add(server.accounts[0].api_key)
    bench.vault.secrets[f"session-{mine.id}"] = Secret("refresh")
    bench.settings.change(form_choices={mine.id: {"agent": "{}"}, client.id: {"agent": "{}"}})
    asyncio.run(bench.profiles.forget_secrets(mine.id))
    bench.profiles.forget(mine.id)
    assert list(bench.vault.secrets) == [client.id]
    assert bench.titles() == ["My Mosaic 2", "Local Mosaic"]
    assert bench.settings.value.form_choices == {client.id: {"agent": "{}"}}


# The key of an account at work


def test_an_account_goes_on_with_another_key(server: RunningSandbox) -> None:
    other = Secret(server.accounts[0].api_key)

    async def story() -> None:
        account = KeyAccount(Profile("x", "X", False, server.base_url), KEY)
        with pytest.raises(AuthError):
            await account.service.list_agents(1)
        account.use_key(other)
        await account.service.list_agents(1)
        assert await account.keys() == (other, KEY)
        await account.aclose()

    asyncio.run(story())
