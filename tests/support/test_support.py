"""The guards themselves: each planted fault must fail its test, and the world must be private."""

import logging
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from keyring.backends.SecretService import Keyring
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from tests.support.loop import AsyncRun
from tests.support.waiting import until, until_async


def test_windows_open_on_the_private_display(qapp: QApplication) -> None:
    assert QGuiApplication.platformName() == "xcb"
    size = QGuiApplication.primaryScreen().size()
    assert (size.width(), size.height()) == (1600, 1200)


def test_home_is_empty(own_home: Path) -> None:
    assert Path.home() == own_home
    assert not [path for path in own_home.rglob("*") if path.is_file()]


def test_until_processes_qt_events(qapp: QApplication) -> None:
    seen: list[int] = []
    QTimer.singleShot(1, lambda: seen.append(1))
    until(lambda: seen)


def test_until_names_what_did_not_happen() -> None:
    with pytest.raises(AssertionError, match="not true within"):
        until(lambda: False, timeout=0.01)


def test_run_async_returns_the_result_of_the_coroutine(run_async: AsyncRun) -> None:
    seen: list[int] = []

    async def work() -> int:
        QTimer.singleShot(1, lambda: seen.append(7))
        await until_async(lambda: seen)
        return seen[0]

    assert run_async(work()) == 7


def test_secrets_go_to_the_private_keyring(secret_service: None) -> None:
    ring: Any = Keyring()  # type: ignore[no-untyped-call]
    assert ring.get_password("mosaic-desktop-test", "someone") is None
    ring.set_password("mosaic-desktop-test", "someone", "s3cret")
    assert ring.get_password("mosaic-desktop-test", "someone") == "s3cret"


def test_without_asking_there_is_no_secret_service() -> None:
    assert not Keyring.viable


def test_only_this_machine_can_be_reached() -> None:
    with socket.socket() as listening, socket.socket() as connection:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        connection.connect(listening.getsockname())
    with pytest.raises(socket.gaierror):
        socket.create_connection(("nowhere.invalid", 80))


@pytest.mark.expect_log("told before")
def test_announced_warnings_pass() -> None:
    logging.getLogger("mosaic_desktop.tests").warning("this was told before")


FAULTS = {
    "network": ("socket.create_connection(('192.0.2.1', 80), 0.1)", "tried to reach"),
    "name": ("socket.getaddrinfo('example.org', 80)", "tried to reach"),
    "log": ("logging.getLogger('mosaic_desktop.x').warning('surprise')", "surprise"),
    "absent_log": ("pass", "not logged"),
    "program": ("keep.append(subprocess.Popen(['sleep', '60']))", "programs left behind"),
    "orphan": ("subprocess.run(['sh', '-c', 'sleep 60 >/dev/null 2>&1 &'])", "programs left behind"),
    "window": ("keep.append(QWidget()); keep[-1].show()", "windows left open"),
    "task": ("run_async(forget())", "nobody handled"),
}
HEAD = """
import asyncio, contextlib, logging, socket, subprocess
import pytest
from PySide6.QtWidgets import QWidget
from tests.support import guards

guards.SECONDS_TO_END = 0.1
keep = []

async def forget():
    async def fail():
        raise ValueError("unseen")
    asyncio.get_running_loop().create_task(fail())
    await asyncio.sleep(0.01)
"""
FAULTY = """
{marker}
def test_{name}(qapp, run_async):
    with contextlib.suppress(OSError):
        {fault}

def test_after_{name}(qapp):
    pass
"""


@pytest.fixture(scope="module")
def faulty_run(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest says about tests that each break one rule and are followed by an innocent one."""
    text = HEAD
    for name, (fault, _) in FAULTS.items():
        marker = "@pytest.mark.expect_log('never')" if name == "absent_log" else ""
        text += FAULTY.format(name=name, fault=fault, marker=marker)
    folder = tmp_path_factory.mktemp("faulty")
    (folder / "test_faulty.py").write_text(text)
    root = Path(__file__).parents[2]
    options = ["-p", "tests.conftest", "-p", "no:randomly", "-p", "no:cacheprovider", "-rE"]
    places = [f"--rootdir={root}", f"--config-file={root}/pyproject.toml", str(folder)]
    command = [sys.executable, "-m", "pytest", *options, *places]
    return subprocess.run(command, cwd=root, capture_output=True, text=True).stdout


@pytest.mark.parametrize("name", FAULTS)
def test_guards_catch(name: str, faulty_run: str) -> None:
    told = [line for line in faulty_run.splitlines() if line.startswith("ERROR") and f"::test_{name} " in line]
    assert len(told) == 1, faulty_run
    assert FAULTS[name][1] in faulty_run


def test_one_fault_does_not_spread(faulty_run: str) -> None:
    assert f"{2 * len(FAULTS)} passed" in faulty_run
    assert f"{len(FAULTS)} errors" in faulty_run
