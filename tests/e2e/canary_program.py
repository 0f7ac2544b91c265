"""The application with secrets planted in every way in, as a program: its plan is the first line of standard input.

Says the secrets that it got, then stands still until it is told to go on; does what goes wrong; stands still again; and
ends by a fault that nothing catches.
"""

import asyncio
import http.client
import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from qasync import QEventLoop

from mosaic_desktop.app.account_side import AccountSide
from mosaic_desktop.app.accounts import LOCAL, LocalAccount
from mosaic_desktop.app.crash import report_crashes
from mosaic_desktop.app.gateway import AppGateway
from mosaic_desktop.app.logs import start_logging
from mosaic_desktop.app.paths import DataPaths, data_paths
from mosaic_desktop.app.single_instance import SingleInstance
from mosaic_desktop.app.window import WindowSession, make_application
from mosaic_desktop.app.workspace import Workspace
from mosaic_desktop.core.asset import AssetState
from mosaic_desktop.core.errors import Code, MosaicError
from mosaic_desktop.core.output import OutputState
from mosaic_desktop.core.ports import NewAccount, UploadTicket
from mosaic_desktop.core.run import RunSpec, RunState
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.gui.main_window import MainWindow
from mosaic_desktop.gui.pages.first.ways_in import Entry
from tests.e2e.talkative_mosaic import JWT, REFRESH, gossip
from tests.e2e.user import User
from tests.support.waiting import PATIENCE, until_async


@dataclass(frozen=True)
class Plan:
    base_url: str
    auth_url: str
    anon_key: str
    key: str
    email: str
    password: str
    talkative: str
    talkative_key: str
    clips: list[str]


class Story(WindowSession):
    def __init__(self, paths: DataPaths, plan: Plan) -> None:
        app = make_application()
        self.app = app
        super().__init__(app, paths, SingleInstance(paths.root, app))
        self._plan = plan
        self._root = paths.root
        self._secrets: dict[str, str] = {}

    async def tell(self) -> None:
        self._listen_for_the_end()
        async with self.opened() as (window, gateway):
            await gateway.open_last()
            await self._enter(window, gateway)
            await self._work(gateway)
            await self._use_the_local_one(gateway)
            await self._stand_still()
            await self._hear_gossip(gateway)
            await self._have_faults(window)
            (self._root / "reprs.txt").write_text("\n".join(self._reprs(gateway)), "utf-8")
            await gateway.save_support_file(self._root / "support.zip")
            await self._stand_still()

    async def _enter(self, window: MainWindow, gateway: AppGateway) -> None:
        """The first page, as a user fills it in."""
        user, plan = User(window), self._plan
        await user.click(QAbstractButton, "Advanced")
        for name, text in {
            "API key": plan.key,
            "Address of Mosaic": plan.base_url,
            "Address to sign in at": plan.auth_url,
            "Public key for signing in": plan.anon_key,
        }.items():
            field = await user.see(QLineEdit, name)
            field.clear()
            QTest.keyClicks(field, text)
        await user.click(QAbstractButton, "Use my API key")
        await until_async(lambda: gateway._workspace is not None)

    async def _work(self, gateway: AppGateway) -> None:
        """A sign-in, a created key, and a video that comes back finished."""
        workspace, desk, vault = _opened(gateway), _side(gateway).desk, gateway._memory.vault
        await desk.sign_in(self._plan.email, Secret(self._plan.password))
        new = await desk.create_key()
        await desk.use_key(new)
        access = desk._session._access
        refresh = await vault.peek(f"session-{workspace.account.profile.id}")
        assert access is not None
        assert refresh is not None
        self._secrets |= {
            "created key": new.key.reveal(),
            "session token": access.token.reveal().rpartition(".")[2],
            "refresh token": refresh.reveal(),
        }
        engine = workspace.engine
        agents = await engine.agents()
        ids = await engine.add([Path(self._plan.clips[0])])
        agent = next(each for each in agents if each.name == "Silence removal")
        engine.run(ids, RunSpec(agent_id=agent.id, agent_name=agent.name))
        await until_async(lambda: any(True for _ in engine.store.outputs_in(OutputState.SAVED)))
        await desk.use_token(access.token)
        with pytest.raises(MosaicError):
            await desk.use_token(Secret(JWT))

    async def _use_the_local_one(self, gateway: AppGateway) -> None:
        await gateway.open_profile(LOCAL)
        account = _opened(gateway).account
        assert isinstance(account, LocalAccount)
        await until_async(lambda: _side(gateway).desk.balance.latest is not None)
        _, password = await account.sign_in()
        (key,) = await account.keys()
        self._secrets |= {"password of the local Mosaic": password.reveal(), "key of the local Mosaic": key.reveal()}

    async def _hear_gossip(self, gateway: AppGateway) -> None:
        """A service and a storage whose errors are full of secrets."""
        new = NewAccount(Secret(self._plan.talkative_key), base_url=self._plan.talkative)
        profile = await gateway.add_account(new)
        await gateway.open_profile(profile.id)
        engine = _opened(gateway).engine
        await engine.add([Path(clip) for clip in self._plan.clips])
        (link,) = await engine.add(["https://youtu.be/dQw4w9WgXcQ"])
        engine.run([link], RunSpec(prompt="make it vertical"))
        await until_async(lambda: any(True for _ in engine.store.runs_in(RunState.FAILED)))
        await until_async(lambda: len(list(engine.store.assets_in(AssetState.FAILED))) == len(self._plan.clips))
        webhooks = _side(gateway).webhooks
        await webhooks.start(0)
        assert webhooks.receiver.url is not None
        await asyncio.to_thread(_deliver, webhooks.receiver.url)
        await until_async(lambda: len(webhooks.deliveries) == 1)

    async def _have_faults(self, window: MainWindow) -> None:
        """In a task, in a callback, on a thread, and in a slot."""

        async def fail() -> None:
            raise RuntimeError(self._everything())

        def fail_now() -> None:
            raise MosaicError(Code.UNEXPECTED, self._everything()) from RuntimeError(self._everything())

        self._scope.start(fail(), "fault")
        asyncio.get_running_loop().call_soon(fail_now)
        thread = threading.Thread(target=fail_now)
        thread.start()
        thread.join()
        window.windowTitleChanged.connect(fail_now)
        window.setWindowTitle("A fault")
        await asyncio.sleep(0)

    def _everything(self) -> str:
        """As a careless program would say it."""
        plan = self._plan
        told = {"password": plan.password, "refresh_token": self._secrets["refresh token"], "api_key": plan.key}
        return f"{gossip(f'Bearer {plan.talkative_key}')} {told} {self._secrets['created key']}"

    def _reprs(self, gateway: AppGateway) -> Iterator[str]:
        plan, workspace = self._plan, _opened(gateway)
        yield repr(NewAccount(Secret(plan.key)))
        yield repr(Entry(plan.key))
        yield repr(UploadTicket(Secret(gossip()), "v"))
        yield str(Secret(plan.password))
        for thing in (gateway, gateway._profiles, workspace, workspace.account, _side(gateway), _side(gateway).desk):
            yield repr(thing)
            yield from (f"{name}={value!r}" for name, value in vars(thing).items())
        yield repr(_side(gateway).desk._parts)
        yield repr(workspace.engine.store.__dict__)

    async def _stand_still(self) -> None:
        print(json.dumps(self._secrets), flush=True)  # noqa: T201  the test reads it
        await asyncio.to_thread(sys.stdin.readline)


def _deliver(url: str) -> None:
    """What nobody signed, with secrets wherever it has room for them."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    connection.request("POST", f"{parts.path}?token={REFRESH}", gossip(), {"X-Mosaic-Signature": gossip()})
    connection.getresponse().read()
    connection.close()


def _opened(gateway: AppGateway) -> Workspace:
    assert gateway._workspace is not None
    return gateway._workspace


def _side(gateway: AppGateway) -> AccountSide:
    side = _opened(gateway).side
    assert side is not None
    return side


def main() -> None:
    fields: dict[str, Any] = json.loads(sys.stdin.readline())
    root = Path(fields.pop("root"))
    paths = data_paths(root)
    start_logging(paths.log)
    crash_file = report_crashes(paths.log.parent)
    assert crash_file is not None
    story = Story(paths, Plan(**fields))
    with asyncio.Runner(loop_factory=lambda: QEventLoop(story.app)) as runner:
        runner.run(story.tell())
    raise RuntimeError(story._everything())


if __name__ == "__main__":
    main()
