"""The way in with an API key: checked against a service, kept in the real keyring, found again, nowhere else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from keyring.backends import SecretService
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLineEdit, QWidget

from tests.e2e.session import opened
from tests.e2e.user import User
from tests.support.loop import AsyncRun
from tests.support.sandbox_server import RunningSandbox, start_sandbox


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningSandbox]:
    """Mosaic far away, at the address that the window goes to."""
    with start_sandbox(tmp_path_factory.mktemp("server")) as running:
        monkeypatch.setenv("MOSAIC_API_BASE", running.base_url)
        yield running


def kept() -> str | None:
    """What the real keyring holds."""
    ring = SecretService.Keyring()  # type: ignore[no-untyped-call]
    found: str | None = ring.get_password("mosaic-desktop/account", "account")  # type: ignore[no-untyped-call]
    return found


async def enter(user: User, key: str, button: str = "Use my API key") -> None:
    await user.write("API key", key)
    await user.click(QAbstractButton, button)


def written(root: Path) -> bytes:
    return b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())


@pytest.mark.usefixtures("secret_service")
def test_a_key_is_checked_kept_and_found_again(run_async: AsyncRun, tmp_path: Path, server: RunningSandbox) -> None:
    async def first_start() -> None:
        async with opened(tmp_path) as user:
            await user.read("GNOME Keyring")
            await enter(user, "hello")
            await user.read("mk_")
            await enter(user, "mk_live_wrongwrongwrong")
            await user.read("does not accept this API key")
            await enter(user, server.api_key)
            await user.see(QAbstractItemView, "Agent list")

    async def second_start() -> None:
        async with opened(tmp_path) as user:
            await user.see(QAbstractItemView, "Agent list")
            await user.click(QAbstractButton, "Settings")
            await user.click(QAbstractButton, "Forget this key")
            await user.answer("Forget")
            await user.see(QLineEdit, "API key")

    run_async(first_start())
    assert kept() == server.api_key
    assert server.api_key.encode() not in written(tmp_path)
    run_async(second_start())
    assert kept() is None


def test_without_a_keyring_the_key_is_for_this_session_only(
    run_async: AsyncRun, tmp_path: Path, server: RunningSandbox
) -> None:
    async def story() -> None:
        async with opened(tmp_path) as user:
            await user.read("no keyring service")
            await enter(user, server.api_key, "Use it for this session only")
            await user.see(QAbstractItemView, "Agent list")
            await user.click(QAbstractButton, "Settings")
            await user.see(QWidget, "Key is kept: For this session only")

    async def next_start() -> None:
        async with opened(tmp_path) as user:
            await user.see(QLineEdit, "API key")

    run_async(story())
    assert server.api_key.encode() not in written(tmp_path)
    run_async(next_start())
