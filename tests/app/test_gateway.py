"""The ways in and out of a profile: the keyring that answers when it likes, and openings that do not come to an end."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import CoroutineType

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from mosaic_desktop.app.accounts import ACCOUNT
from mosaic_desktop.app.gateway import AppGateway, Memory
from mosaic_desktop.app.paths import DataPaths
from mosaic_desktop.core.account_ports import AccountDesk, WebhookDesk
from mosaic_desktop.core.errors import Code, JournalError, VaultError
from mosaic_desktop.core.ports import Profile, Settings
from mosaic_desktop.core.resources import resources_dir
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.main_window import MainWindow
from mosaic_desktop.gui.theme.theme import Theme, ThemeMode
from mosaic_desktop.jobs.engine import Engine
from mosaic_desktop.storage.credentials import SessionVault
from mosaic_desktop.storage.database import SqliteDatabase
from tests.support.fakes import MemorySettings
from tests.support.loop import AsyncRun
from tests.support.processes import started_processes
from tests.support.waiting import PATIENCE, until_async

KEY = Secret("mk_live_0123456789abcdef")
FAR = "https://mosaic.invalid/api"
MINE = Profile(ACCOUNT, "My Mosaic", False, FAR)


class SlowVault(SessionVault):
    """A keyring that is locked until ``unlock`` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.unlock = asyncio.Event()

    async def peek(self, name: str) -> Secret | None:
        if not self.unlock.is_set():
            raise VaultError(Code.KEYRING_LOCKED)
        return await super().peek(name)

    async def read(self, name: str) -> Secret | None:
        await self.unlock.wait()
        return await super().read(name)


class FaultyWindow(MainWindow):
    """Breaks down when everything is on the screen."""

    def show_workspace(
        self,
        engine: Engine,
        profile: Profile,
        account: AccountDesk | None = None,
        webhooks: WebhookDesk | None = None,
    ) -> None:
        super().show_workspace(engine, profile, account, webhooks)
        raise RuntimeError("a fault")


class Application:
    """Everything but the process around it."""

    def __init__(self, folder: Path, kind: type[MainWindow] = MainWindow) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.setQuitOnLastWindowClosed(False)  # as the application does
        self.theme = Theme(app, resources_dir(), ThemeMode.LIGHT, reduced_motion=True)
        self.paths = DataPaths(folder, folder / "outputs")
        self.paths.thumbnails.mkdir()
        self.paths.log.parent.mkdir()
        self.database = SqliteDatabase(self.paths.journal)
        self.settings = MemorySettings(Settings(folder))
        self.vault = SlowVault()
        self.scope = TaskScope("window")
        self.window = kind(self.theme, self.settings, self.scope, lambda: None)
        self.gateway = AppGateway(Memory(self.paths, self.database, self.settings, self.vault), self.window)
        self.window.attach(self.gateway)

    def says(self, words: str) -> bool:
        return any(words in label.text() for label in self.window.findChildren(QLabel) if label.isVisible())

    def press(self, name: str) -> None:
        next(button for button in self.window.findChildren(QAbstractButton) if button.text() == name).click()

    def offers(self, name: str) -> bool:
        buttons = self.window.findChildren(QAbstractButton)
        return any(name in (button.text(), button.accessibleName()) for button in buttons if button.isVisible())


@asynccontextmanager
async def application(folder: Path, kind: type[MainWindow] = MainWindow) -> AsyncIterator[Application]:
    made = Application(folder, kind)
    await made.database.open()
    made.window.show()
    try:
        yield made
    finally:
        await made.scope.aclose()
        await made.gateway.aclose()
        made.window.close_for_good()
        made.window.deleteLater()
        made.theme.set_mode(ThemeMode.SYSTEM)
        made.theme.deleteLater()
        await made.database.aclose()


@asynccontextmanager
async def busy(database: SqliteDatabase) -> AsyncIterator[None]:
    """Meanwhile the journal answers nobody."""
    gate = threading.Event()
    scope = TaskScope("test")
    scope.start(database.run(lambda _: gate.wait(PATIENCE)), "keep the journal busy")
    try:
        yield
    finally:
        gate.set()
        await until_async(lambda: not working("test."))


def working(name: str) -> list[str]:
    return [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith(name)]


def waits_in(task: asyncio.Task[None]) -> list[str]:
    """The functions that the task is in the middle of, from the outside in."""
    names: list[str] = []
    inner: object = task.get_coro()
    while isinstance(inner, CoroutineType):
        names.append(inner.__name__)
        inner = inner.cr_await
    return names


async def cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


# The keyring


def test_a_keyring_that_is_unlocked_late_opens_the_account(run_async: AsyncRun, tmp_path: Path) -> None:
    async def story() -> None:
        async with application(tmp_path) as app:
            await app.vault.write(ACCOUNT, KEY)
            app.settings.change(profile=ACCOUNT, profiles=(MINE,))
            await app.gateway.open_last()
            await until_async(lambda: app.says("Your keyring is locked, so your account is not open."))
            app.press("Unlock and continue")
            await until_async(lambda: app.says("Your keyring is locked and asks you to unlock it."))
            assert not app.offers("Studio")
            app.vault.unlock.set()
            await until_async(lambda: app.offers("Account: My Mosaic"))
            assert app.settings.value.profile == ACCOUNT

    run_async(story())


def test_a_keyring_that_is_unlocked_too_late_takes_nobody_out_of_another_workspace(
    run_async: AsyncRun, tmp_path: Path
) -> None:
    async def story() -> None:
        async with application(tmp_path) as app:
            await app.vault.write(ACCOUNT, KEY)
            app.settings.change(profile=ACCOUNT, profiles=(MINE,))
            await app.gateway.open_last()
            await until_async(lambda: app.offers("Unlock and continue"))
            app.press("Unlock and continue")
            await until_async(lambda: app.says("Your keyring is locked and asks you to unlock it."))
            app.press("Try it here")
            await until_async(lambda: app.offers("Account: Local Mosaic"))
            app.vault.unlock.set()
            await until_async(lambda: not working("window.way in"))
            assert app.offers("Account: Local Mosaic")
            assert app.settings.value.profile == "local"

    run_async(story())


def test_the_kept_key_is_shown_masked(run_async: AsyncRun, tmp_path: Path) -> None:
    async def story() -> None:
        async with application(tmp_path) as app:
            app.vault.unlock.set()
            app.settings.change(profiles=(MINE,))
            assert await app.gateway.kept_key(ACCOUNT) is None
            await app.vault.write(ACCOUNT, KEY)
            assert await app.gateway.kept_key(ACCOUNT) == "mk_live_…cdef"
            await app.gateway.open_profile(ACCOUNT)
            await app.gateway.leave()
            await until_async(lambda: app.offers("Continue with mk_live_…cdef"))
            assert not app.says(KEY.reveal())

    run_async(story())


# Openings that do not come to an end


@pytest.fixture
def children() -> Callable[[], int]:
    """How many programs were started and still run."""
    before = started_processes()
    return lambda: len(started_processes() - before)


def test_a_journal_that_cannot_be_read_leaves_nothing_running(
    run_async: AsyncRun, tmp_path: Path, children: Callable[[], int]
) -> None:
    async def story() -> None:
        async with application(tmp_path) as app:
            await app.database.run(lambda sql: sql.execute("DROP TABLE assets"))
            with pytest.raises(JournalError):
                await app.gateway.try_here()
            assert children() == 0
            assert working("engine") == []

    run_async(story())


def test_a_window_that_cannot_show_the_workspace_lets_go_of_it(
    run_async: AsyncRun, tmp_path: Path, children: Callable[[], int]
) -> None:
    async def story() -> None:
        async with application(tmp_path, FaultyWindow) as app:
            with pytest.raises(RuntimeError, match="a fault"):
                await app.gateway.try_here()
            assert children() == 0
            assert working("engine") == []
            await until_async(lambda: not working("workspace") and not working("window.workspace"))
            assert not app.offers("Studio")

    run_async(story())


def test_a_way_in_that_is_cancelled_leaves_nothing_running(
    run_async: AsyncRun, tmp_path: Path, children: Callable[[], int]
) -> None:
    async def story() -> None:
        async with application(tmp_path) as app:
            async with busy(app.database):
                entering = app.scope.start(app.gateway.try_here(), "enter")
                await until_async(lambda: "load" in waits_in(entering))
                await cancel(entering)
            assert children() == 0
            assert working("engine") == []
            assert not app.offers("Studio")

    run_async(story())


def test_a_way_in_that_is_cancelled_behind_another_leaves_nothing_running(
    run_async: AsyncRun, tmp_path: Path, children: Callable[[], int]
) -> None:
    async def story() -> None:
        async with application(tmp_path) as app:
            app.vault.unlock.set()
            app.settings.change(profiles=(MINE,))
            await app.vault.write(ACCOUNT, KEY)
            async with busy(app.database):
                first = app.scope.start(app.gateway.open_profile(ACCOUNT), "first")
                await until_async(lambda: "load" in waits_in(first))
                second = app.scope.start(app.gateway.try_here(), "second")
                await until_async(lambda: "acquire" in waits_in(second))
                assert children() == 1
                await cancel(second)
                assert children() == 0
            await first
            assert app.offers("Account: My Mosaic")

    run_async(story())
