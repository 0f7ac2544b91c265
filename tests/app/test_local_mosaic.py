"""The local Mosaic as a child of the application."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from mosaic_desktop.app.local_mosaic import LocalMosaic
from tests.support.processes import started_processes


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
        for _ in range(500):  # the system takes a moment until it calls it dead
            if await local.address() != first:
                break
            await asyncio.sleep(0.01)
        assert (await local.address())[1] != first[1], "each start mints its own key"
        await local.stop()

    asyncio.run(story())
