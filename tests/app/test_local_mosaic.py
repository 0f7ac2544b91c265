"""The local Mosaic as a child of the application."""

import asyncio
import logging
import os
import signal
from pathlib import Path

import pytest

from mosaic_desktop.app.local_mosaic import LocalMosaic
from mosaic_desktop.core.errors import Code, MosaicError
from tests.support.processes import started_processes
from tests.support.waiting import PAUSE


def environment(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


def test_the_child_does_not_see_the_users_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOSAIC_API_KEY", "mk_live_secretsecretsecret")

    async def story() -> None:
        local = LocalMosaic(tmp_path / "data", tmp_path / "log.txt")
        before = started_processes()
        await local.ready()
        (child,) = started_processes() - before
        assert b"secretsecret" not in environment(child)
        await local.stop()

    asyncio.run(story())


def test_a_child_that_died_is_started_again(tmp_path: Path) -> None:
    async def story() -> None:
        local = LocalMosaic(tmp_path / "data", tmp_path / "log.txt")
        before = started_processes()
        first = await local.ready()
        assert await local.ready() == first
        (child,) = started_processes() - before
        os.kill(child, signal.SIGKILL)
        now = {child}
        while now <= {child}:  # the system takes a moment until it calls it dead
            again = await local.ready()
            now = started_processes() - before
            await asyncio.sleep(PAUSE)
        assert len(now) == 1
        assert again.api_key == first.api_key, "the account's own key, with its webhook, is the same after a restart"
        await local.stop()

    asyncio.run(story())


def test_it_needs_no_other_folder_than_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)

    async def story() -> None:
        local = LocalMosaic(tmp_path / "data", tmp_path / "log.txt")
        await local.ready()
        await local.stop()

    asyncio.run(story())
    assert list(home.iterdir()) == [], "all state is in the folder that was named"


def test_a_file_in_the_current_folder_does_not_pass_for_a_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mosaic_desktop.py").write_text("a script of the user's")
    monkeypatch.chdir(tmp_path)

    async def story() -> None:
        local = LocalMosaic(tmp_path / "data", tmp_path / "log.txt")
        await local.ready()
        await local.stop()

    asyncio.run(story())


@pytest.mark.expect_log("did not start")
def test_one_that_cannot_start_is_told_by_its_error_and_not_on_the_terminal(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").write_text("a file in its place")

    async def story() -> None:
        with pytest.raises(MosaicError) as raised:
            await LocalMosaic(tmp_path / "data", tmp_path / "log.txt").ready()
        assert raised.value.code == Code.SANDBOX

    asyncio.run(story())
    assert {record.levelno for record in caplog.records if "did not start" in record.message} == {logging.WARNING}
    assert "cannot be made" in (tmp_path / "log.txt").read_text()
