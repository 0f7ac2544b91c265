"""Two accounts in the real window: added, switched without a restart, each with its own queue, found again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLineEdit, QMenu

from tests.e2e.session import opened
from tests.e2e.user import User
from tests.support.loop import AsyncRun
from tests.support.sandbox_server import RunningSandbox, start_sandbox

LINK = "https://youtu.be/dQw4w9WgXcQ"


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningSandbox]:
    with start_sandbox(tmp_path_factory.mktemp("server"), "--account", "client@mosaic.local") as running:
        monkeypatch.setenv("MOSAIC_API_BASE", running.base_url)
        yield running


async def fill_in(user: User, key: str, title: str, button: str) -> None:
    for name, text in {"API key": key, "Name of the account": title}.items():
        field = await user.see(QLineEdit, name)
        field.clear()
        QTest.keyClicks(field, text)
    await user.click(QAbstractButton, button)


async def choose(user: User, words: str) -> None:
    """In the menu of the chip."""
    chip = await user.see(QAbstractButton, "Account: ")
    (menu,) = chip.findChildren(QMenu)
    next(action for action in menu.actions() if action.text() == words).trigger()


async def queue_has(user: User, count: int) -> None:
    """An empty queue shows an invitation in place of its list."""
    await user.see(QAbstractButton, "Browse…" if count == 0 else "Add videos")
    views = [view for view in user.window.findChildren(QAbstractItemView) if view.isVisible()]
    queues = [view for view in views if view.accessibleName().startswith("Upload queue")]
    assert [len(user.rows(view)) for view in queues] == ([count] if count else [])


@pytest.mark.usefixtures("secret_service")
def test_each_account_has_its_own_work(run_async: AsyncRun, tmp_path: Path, server: RunningSandbox) -> None:
    async def first_start() -> None:
        async with opened(tmp_path) as user:
            await fill_in(user, server.api_key, "Ann", "Use my API key")
            await user.see(QAbstractButton, "Account: Ann")
            QGuiApplication.clipboard().setText(LINK)
            QTest.keyClick(user.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
            await user.see(QAbstractItemView, "Upload queue")
            await queue_has(user, 1)
            await choose(user, "Add an account…")
            await fill_in(user, server.accounts[0].api_key, "A client", "Add this account")
            await user.see(QAbstractButton, "Account: A client")
            await queue_has(user, 0)
            await choose(user, "Ann")
            await user.see(QAbstractButton, "Account: Ann")
            await user.see(QAbstractItemView, "Upload queue")
            await queue_has(user, 1)
            await choose(user, "A client")
            await user.see(QAbstractButton, "Account: A client")

    async def second_start() -> None:
        async with opened(tmp_path) as user:
            await user.see(QAbstractButton, "Account: A client")
            await queue_has(user, 0)
            await choose(user, "Leave this account")
            await user.click(QAbstractButton, f"Continue with {_masked(server.api_key)}: Ann")
            await user.see(QAbstractItemView, "Upload queue")
            await queue_has(user, 1)
            await user.click(QAbstractButton, "Settings")
            await user.click(QAbstractButton, "Remove this account…")
            await user.answer("Remove")
            await user.see(QAbstractButton, f"Continue with {_masked(server.accounts[0].api_key)}")

    run_async(first_start())
    run_async(second_start())
    settings = (tmp_path / "settings.json").read_text("utf-8")
    assert "A client" in settings
    assert "Ann" not in settings


def _masked(key: str) -> str:
    return f"mk_live_…{key[-4:]}"
