"""The account beside the engine: signed in to the local Mosaic by itself, a new key taken into use, another account."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mosaic_desktop.app.account_side import AccountSide
from mosaic_desktop.app.accounts import ACCOUNT, LOCAL
from mosaic_desktop.core.account import SignInState
from mosaic_desktop.core.asset import AssetState
from mosaic_desktop.core.errors import AuthError, Code
from mosaic_desktop.core.output import OutputState
from mosaic_desktop.core.ports import NewAccount, Profile
from mosaic_desktop.core.run import RunSpec
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.jobs.engine import Engine
from tests.app.test_gateway import Application, application
from tests.support.loop import AsyncRun
from tests.support.media import make_clip
from tests.support.sandbox_server import RunningSandbox, start_sandbox
from tests.support.waiting import until_async


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with start_sandbox(tmp_path_factory.mktemp("server"), "--account", "client@mosaic.local") as running:
        yield running


def side(app: Application) -> AccountSide:
    workspace = app.gateway._workspace
    assert workspace is not None
    assert workspace.side is not None
    return workspace.side


async def opened(app: Application, profile: Profile) -> Engine:
    await app.gateway.open_profile(profile.id)
    workspace = app.gateway._workspace
    assert workspace is not None
    return workspace.engine


async def spec_of(engine: Engine, name: str) -> RunSpec:
    agent = next(each for each in await engine.agents() if each.name == name)
    return RunSpec(agent_id=agent.id, agent_name=agent.name)


def new_account(server: RunningSandbox, key: str, title: str = "") -> NewAccount:
    return NewAccount(Secret(key), title, server.base_url, server.auth_url, str(server.ready_line["anon_key"]))


def test_the_local_mosaic_is_signed_in_by_itself(run_async: AsyncRun, tmp_path: Path) -> None:
    async def story() -> None:
        async with application(tmp_path) as app:
            await app.gateway.open_profile(LOCAL)
            desk = side(app).desk
            await until_async(lambda: desk.sign_in_state.state is SignInState.IN)
            await until_async(lambda: desk.balance.latest is not None)
            assert app.settings.value.profiles == ()

    run_async(story())


def test_a_new_key_of_the_local_mosaic_is_taken_into_use_and_the_old_one_revoked(
    run_async: AsyncRun, tmp_path: Path
) -> None:
    async def story() -> None:
        async with application(tmp_path) as app:
            await app.gateway.open_profile(LOCAL)
            desk = side(app).desk
            await until_async(lambda: desk.sign_in_state.state is SignInState.IN)
            (old,) = [key for key in await desk.keys() if key.is_own]
            new = await desk.create_key()
            await desk.check_key(new.key)
            await desk.use_key(new)
            await desk.revoke_key(old.id)
            workspace = app.gateway._workspace
            assert workspace is not None
            assert await workspace.account.service.list_agents(1)
            assert [key.id for key in await desk.keys() if key.is_own] == [new.id]

    run_async(story())


def test_a_new_key_of_an_account_is_kept_before_it_is_used(
    run_async: AsyncRun, tmp_path: Path, server: RunningSandbox
) -> None:
    async def story() -> None:
        async with application(tmp_path) as app:
            app.vault.unlock.set()
            profile = await app.gateway.add_account(new_account(server, server.api_key))
            await app.gateway.open_profile(profile.id)
            desk = side(app).desk
            await desk.sign_in(server.account.email, Secret(server.account.password))
            new = await desk.create_key()
            await desk.use_key(new)
            await desk.revoke_key(next(key.id for key in await desk.keys() if not key.is_own))
            assert await app.vault.peek(profile.id) == new.key
            (kept,) = app.settings.value.profiles
            assert (kept.key_id, kept.key_hint) == (new.id, new.key.masked)
            assert kept.email == server.account.email
            await app.gateway.leave()
            await app.gateway.open_profile(profile.id)
            assert await side(app).desk.keys()  # the sign-in was kept too

    run_async(story())


def test_each_account_has_its_own_session_and_rows(run_async: AsyncRun, tmp_path: Path, server: RunningSandbox) -> None:
    client = server.accounts[0]

    async def story() -> None:
        async with application(tmp_path) as app:
            app.vault.unlock.set()
            mine = await app.gateway.add_account(new_account(server, server.api_key, "Mine"))
            other = await app.gateway.add_account(new_account(server, client.api_key, "A client"))
            await app.gateway.open_profile(mine.id)
            await side(app).desk.sign_in(server.account.email, Secret(server.account.password))
            workspace = app.gateway._workspace
            assert workspace is not None
            await workspace.engine.add(["https://youtu.be/dQw4w9WgXcQ"])
            await app.gateway.open_profile(other.id)
            workspace = app.gateway._workspace
            assert workspace is not None
            assert list(workspace.engine.store.assets()) == []
            with pytest.raises(AuthError) as raised:
                await side(app).desk.keys()
            assert raised.value.code == Code.SIGNED_OUT
            await app.gateway.open_profile(mine.id)
            workspace = app.gateway._workspace
            assert workspace is not None
            assert len(list(workspace.engine.store.assets())) == 1

    run_async(story())


def test_switching_in_the_middle_of_an_upload_mixes_nothing(
    run_async: AsyncRun, tmp_path: Path, server: RunningSandbox
) -> None:
    clip = make_clip(tmp_path / "talk.mp4", seconds=3, noise=1.0)

    async def story() -> None:
        async with application(tmp_path) as app:
            app.vault.unlock.set()
            app.settings.change(upload_rate=clip.stat().st_size // 5)
            mine = await app.gateway.add_account(new_account(server, server.api_key, "Mine"))
            other = await app.gateway.add_account(new_account(server, server.accounts[0].api_key, "A client"))
            first = await opened(app, mine)
            (id_,) = await first.add([clip])
            first.run([id_], await spec_of(first, "Reframe"))
            await until_async(lambda: any(each.bytes_done for each in first.store.assets()))

            app.settings.change(upload_rate=None)
            second = await opened(app, other)
            assert (list(second.store.assets()), list(second.store.runs())) == ([], [])
            await second.add([clip])
            await until_async(lambda: any(True for _ in second.store.assets_in(AssetState.READY)))
            assert not list(second.store.runs()), "the wish was for the other account's video"

            again = await opened(app, mine)
            await until_async(lambda: any(True for _ in again.store.outputs_in(OutputState.SAVED)))
            assert [run.asset_id for run in again.store.runs()] == [id_]

    run_async(story())


def test_a_forgotten_account_leaves_neither_rows_nor_secrets(
    run_async: AsyncRun, tmp_path: Path, server: RunningSandbox
) -> None:
    async def story() -> None:
        async with application(tmp_path) as app:
            app.vault.unlock.set()
            profile = await app.gateway.add_account(new_account(server, server.api_key))
            await app.gateway.open_profile(profile.id)
            await side(app).desk.sign_in(server.account.email, Secret(server.account.password))
            workspace = app.gateway._workspace
            assert workspace is not None
            await workspace.engine.add(["https://youtu.be/dQw4w9WgXcQ"])
            await app.gateway.forget_profile(profile.id)
            assert app.settings.value.profiles == ()
            assert await app.vault.peek(profile.id) is None
            assert await app.vault.peek(f"session-{profile.id}") is None
            left = await app.database.run(
                lambda sql: sql.execute("SELECT count(*) FROM assets WHERE profile = ?", (profile.id,)).fetchone()
            )
            assert left == (0,)
            await until_async(lambda: app.offers("Use my API key"))

    run_async(story())


def test_another_address_opens_the_account_again_there(
    run_async: AsyncRun, tmp_path: Path, server: RunningSandbox
) -> None:
    async def story() -> None:
        async with application(tmp_path) as app:
            app.vault.unlock.set()
            app.settings.change(profiles=(Profile(ACCOUNT, "Mine", False, "https://mosaic.invalid/api"),))
            await app.vault.write(ACCOUNT, Secret(server.api_key))
            await app.gateway.open_profile(ACCOUNT)
            before = app.gateway._workspace
            (profile, _) = app.gateway.profiles
            await app.gateway.change_profile(replace(profile, base_url=server.base_url))
            workspace = app.gateway._workspace
            assert workspace is not None
            assert workspace is not before
            assert await workspace.account.service.list_agents(1)
            assert app.offers("Account: Mine")

    run_async(story())


def test_a_name_changes_without_an_end_to_the_work(run_async: AsyncRun, tmp_path: Path, server: RunningSandbox) -> None:
    async def story() -> None:
        async with application(tmp_path) as app:
            app.vault.unlock.set()
            profile = await app.gateway.add_account(new_account(server, server.api_key))
            await app.gateway.open_profile(profile.id)
            before = app.gateway._workspace
            await app.gateway.change_profile(replace(profile, title="Ann & Co"))
            assert app.offers("Account: Ann & Co")
            assert app.gateway._workspace is before

    run_async(story())


def test_another_key_lets_work_go_on_that_a_revoked_one_held_up(
    run_async: AsyncRun, tmp_path: Path, server: RunningSandbox
) -> None:
    async def story() -> None:
        async with application(tmp_path) as app:
            app.vault.unlock.set()
            profile = await app.gateway.add_account(new_account(server, server.api_key))
            await app.gateway.open_profile(profile.id)
            desk = side(app).desk
            await desk.sign_in(server.account.email, Secret(server.account.password))
            new = await desk.create_key()
            for key in await desk.keys():
                if key.id != new.id:
                    await desk.revoke_key(key.id)
            workspace = app.gateway._workspace
            assert workspace is not None
            with pytest.raises(AuthError):
                await workspace.engine.agents()
            await until_async(lambda: app.says("Mosaic does not accept"))
            await app.gateway.enter_key(profile.id, new.key)
            assert await workspace.engine.agents()
            await until_async(lambda: not app.says("Mosaic does not accept"))
            assert [key.id for key in await desk.keys() if key.is_own] == [new.id]

    run_async(story())
