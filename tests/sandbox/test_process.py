"""The server as a process: ready line, signals, ports, one server a data folder."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from mosaic_desktop.sandbox.database import open_database
from mosaic_desktop.sandbox.errors import StartError
from tests.sandbox.client import connect
from tests.support.media import make_clip
from tests.support.processes import children_of
from tests.support.sandbox_server import RunningSandbox, start_sandbox
from tests.support.waiting import PATIENCE


def test_the_ready_line_has_all_that_a_client_needs(tmp_path: Path) -> None:
    with start_sandbox(tmp_path, "--account", "a@example.org", "--account", "b@example.org") as server:
        line = server.ready_line
    assert list(line) == [
        "base_url",
        "api_key",
        "auth_url",
        "anon_key",
        "email",
        "password",
        "accounts",
        "admin_url",
        "admin_token",
    ]
    assert str(line["base_url"]).startswith("http://127.0.0.1:")
    assert str(line["base_url"]).endswith("/api")
    assert str(line["auth_url"]).endswith("/auth/v1")
    assert server.api_key.startswith("mk_live_")
    assert [account.email for account in server.accounts] == ["a@example.org", "b@example.org"]
    assert server.further_output() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_in_order_even_while_it_renders(tmp_path: Path, number: signal.Signals) -> None:
    with start_sandbox(tmp_path) as server:
        _start_long_run(server, tmp_path)
        os.kill(server.pid, number)
        assert server.wait() == 0
    with closing(sqlite3.connect(tmp_path / "sandbox.db")) as database:
        assert database.execute("SELECT status FROM runs").fetchone() == ("running",), "its end was not waited for"


def test_it_ends_with_its_standard_input_if_asked(tmp_path: Path) -> None:
    with start_sandbox(tmp_path, "--stop-with-stdin") as server:
        server.close_stdin()
        assert server.wait() == 0


def test_it_comes_back_on_the_same_port(tmp_path: Path) -> None:
    with start_sandbox(tmp_path) as first:
        pass
    with start_sandbox(tmp_path) as second:
        assert second.base_url == first.base_url


def test_a_taken_port_of_last_time_is_replaced(tmp_path: Path) -> None:
    with start_sandbox(tmp_path) as first:
        pass
    port = int(first.base_url.split(":")[2].split("/")[0])
    with socket.create_server(("127.0.0.1", port)), start_sandbox(tmp_path) as second:
        assert second.base_url != first.base_url


def test_a_taken_port_that_was_asked_for_is_an_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = _run(tmp_path, "--port", str(taken.getsockname()[1]))
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "is taken" in ended.stderr


def test_two_servers_never_share_a_data_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with start_sandbox(tmp_path), pytest.raises(StartError, match="another local Mosaic is using it"):
        open_database(tmp_path / "sandbox.db", 0.3, lambda: False)
    assert capsys.readouterr().err == f"Another local Mosaic is using {tmp_path}. Waiting for it to end.\n"


def test_a_second_server_starts_when_the_first_ends(tmp_path: Path) -> None:
    with start_sandbox(tmp_path) as first:
        os.kill(first.pid, signal.SIGTERM)
        with start_sandbox(tmp_path) as second:
            assert second.pid != first.pid
            assert first.wait() == 0


def test_an_unusable_data_folder_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    ended = _run(tmp_path / "file" / "below")
    assert ended.returncode == 1
    assert ended.stderr.startswith("The data folder ")
    (tmp_path / "sandbox.db").write_text("not a database " * 100)
    damaged = _run(tmp_path)
    assert damaged.returncode == 1
    assert "is damaged" in damaged.stderr


def test_workers_see_neither_the_current_folder_nor_the_users_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numpy.py").write_text("raise SystemExit('a script of the user's')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOSAIC_API_KEY", "mk_live_secretsecretsecret")
    with start_sandbox(tmp_path / "data") as server:
        _start_long_run(server, tmp_path)
        (worker,) = children_of(server.pid)
        assert b"secretsecret" not in Path(f"/proc/{worker}/environ").read_bytes()


def _run(data_dir: Path, *args: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "mosaic_desktop.sandbox", "--data-dir", str(data_dir), *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


def _start_long_run(server: RunningSandbox, folder: Path) -> None:
    """Start a run and wait until it renders."""
    with connect(server.base_url, server.api_key) as client:
        run_id = client.start(client.upload(make_clip(folder / "long.mp4", seconds=6, size=(640, 360))), "Reframe")
        while client.simple(run_id)["progress"] == 0:
            assert client.simple(run_id)["status"] == "running"
