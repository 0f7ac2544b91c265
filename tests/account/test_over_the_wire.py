"""An account over real connections at the local Mosaic, its history on disk."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mosaic_desktop.account.desk import Desk
from mosaic_desktop.account.keys import KeyMemory
from mosaic_desktop.account.parts import AccountParts
from mosaic_desktop.account.rotation import Rotation, RotationStep
from mosaic_desktop.api.client import ClassicMosaic
from mosaic_desktop.api.portal import DeveloperPortal
from mosaic_desktop.api.supabase import SupabaseAuth
from mosaic_desktop.api.supabase_protocol import read_token
from mosaic_desktop.core.account import NewKey, SignInState
from mosaic_desktop.core.clock import SystemClock
from mosaic_desktop.core.errors import AuthError, Code
from mosaic_desktop.core.events import Events
from mosaic_desktop.core.ports import SecretStore
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.storage.credentials import SessionVault
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.ledger import SqliteLedger
from tests.support.loop import AsyncRun
from tests.support.sandbox_server import RunningSandbox, start_sandbox
from tests.support.waiting import PATIENCE, PAUSE, until_async

SHORT_LIFE = 2


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    folder = tmp_path_factory.mktemp("mosaic")
    with start_sandbox(folder, "--session-seconds", str(SHORT_LIFE), "--credits", "500") as running:
        yield running


@dataclass
class Home:
    """What outlives the application."""

    server: RunningSandbox
    folder: Path
    vault: SecretStore = field(default_factory=SessionVault)
    hints: dict[str, str] = field(default_factory=dict)
    key: Secret = field(init=False)
    own_id: str = ""

    def __post_init__(self) -> None:
        self.key = Secret(self.server.api_key)

    async def token(self) -> Secret | None:
        return await self.vault.peek("session")

    async def sign_in(self, desk: Desk) -> None:
        await desk.sign_in(self.server.account.email, Secret(self.server.account.password))

    async def call_with(self, key: Secret) -> None:
        service = ClassicMosaic(self.server.base_url, key)
        try:
            await service.list_agents(1)
        finally:
            await service.aclose()

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[Desk]:
        database = SqliteDatabase(self.folder / "journal.sqlite")
        await database.open()
        auth = SupabaseAuth(self.server.auth_url, self.server.anon_key)
        portal = DeveloperPortal(self.server.base_url)
        desk = Desk(
            AccountParts(
                auth=auth,
                portal=portal,
                ledger=lambda person: SqliteLedger(database, "p", person),
                vault=self.vault,
                token_name="session",
                clock=SystemClock(),
                subscribe=Events().subscribe,
                runs=tuple,
                seconds_of=lambda asset_id: None,
                read_token=read_token,
                check_key=self.call_with,
                use_key=self._use,
                key_memory=KeyMemory(
                    own_id=lambda: self.own_id or None,
                    learn_own_id=self._learn,
                    own_hint=lambda: self.key.masked,
                    touch=lambda: self.call_with(self.key),
                    hints=lambda: self.hints,
                    remember_hint=self.hints.__setitem__,
                ),
                person=self.server.account.email,
            )
        )
        await desk.start()
        try:
            yield desk
        finally:
            await desk.aclose()
            await portal.aclose()
            await auth.aclose()
            await database.aclose()

    async def _use(self, new: NewKey) -> None:
        self.key = new.key

    def _learn(self, key_id: str) -> None:
        self.own_id = key_id


@pytest.fixture
def home(server: RunningSandbox, tmp_path: Path) -> Home:
    return Home(server, tmp_path)


def test_a_session_is_renewed_and_survives_a_restart(home: Home, run_async: AsyncRun) -> None:
    async def story() -> None:
        async with home.desk() as desk:
            await home.sign_in(desk)
            await until_async(lambda: desk.balance.latest)
            assert desk.balance.latest is not None
            assert desk.balance.latest.credits == 500
            first = await home.token()
            async with asyncio.timeout(PATIENCE):
                while await home.token() == first:
                    await desk.keys()
                    await asyncio.sleep(PAUSE)
        async with home.desk() as desk:
            assert [reading.credits for reading in desk.readings][-1] == 500
            await desk.keys()
            state = desk.sign_in_state
            assert (state.state, state.email, state.kept) == (SignInState.IN, home.server.account.email, True)
            kept = await home.token()
            assert kept is not None
            await desk.sign_out()
        assert await home.token() is None
        await home.vault.write("session", kept)
        async with home.desk() as desk:
            with pytest.raises(AuthError) as caught:
                await desk.keys()
            assert caught.value.code == Code.SESSION_ENDED, "the service was told"

    run_async(story())


def test_a_wrong_password_is_the_services_verdict(home: Home, run_async: AsyncRun) -> None:
    async def story() -> None:
        async with home.desk() as desk:
            with pytest.raises(AuthError) as caught:
                await desk.sign_in(home.server.account.email, Secret("wrong"))
            assert caught.value.code == Code.INVALID_LOGIN

    run_async(story())


def test_the_own_key_is_found_and_replaced(home: Home, run_async: AsyncRun) -> None:
    async def story() -> None:
        async with home.desk() as desk:
            await home.sign_in(desk)
            other = await desk.create_key()
            (old,) = [key for key in await desk.keys() if key.is_own]
            assert (old.id, old.hint) == (home.own_id, home.key.masked)
            rotation, old_key = Rotation(desk, old), home.key
            await rotation.run()
            assert (rotation.state.step, rotation.state.problem) == (RotationStep.DONE, None)
            listed = {key.id: key for key in await desk.keys()}
            assert set(listed) == {other.id, home.own_id}
            assert listed[home.own_id].is_own
            assert listed[other.id].hint == other.key.masked
            await home.call_with(home.key)
            with pytest.raises(AuthError):
                await desk.check_key(old_key)

    run_async(story())
