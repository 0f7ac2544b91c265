"""The local Mosaic as a child of the application."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from mosaic_desktop.app.local_mosaic import LocalMosaic
from tests.support.processes import alive, started_processes
from tests.support.waiting import until_async


def environment(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


def test_the_child_does_not_see_the_users_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOSAIC_API_KEY", "mk_live_secretsecretsecret")

    async def story() -> None:
        local = LocalMosaic(tmp_path / "data", tmp_path / "log.txt")
        before = started_processes()
        await local.address()
        (child,) = started_processes() - before
        assert b"secretsecret" not in environment(child)
        await local.stop()

    asyncio.run(story())


def test_a_child_that_died_is_started_again(tmp_path: Path) -> None:
    async def story() -> None:
        local = LocalMosaic(tmp_path / "data", tmp_path / "log.txt")
        before = started_processes()
        first = await local.address()
        assert await local.address() == first
        (child,) = started_processes() - before
        os.kill(child, signal.SIGKILL)
        await until_async(lambda: not alive(child))
        second = await local.address()
        assert second != first, "each start mints its own key"
        await local.stop()

    asyncio.run(story())
