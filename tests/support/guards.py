"""What no test may do unnoticed: reach other machines, log warnings, leave programs or windows behind.

A test that provokes warnings on purpose announces each with `@pytest.mark.expect_log("a regular expression")`; every
announced one must then appear. Other WARNING or higher records of `mosaic_desktop` and `asyncio` fail the test.
"""

import ipaddress
import logging
import re
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

from tests.support.environment import World
from tests.support.processes import alive, describe, end, started_processes
from tests.support.waiting import until

LOGGERS = ("mosaic_desktop", "asyncio")
SECONDS_TO_END = 30.0  # for programs that have been told to


class NetworkGuard:
    """Refuses Python's sockets any address but this machine's own, and remembers what was tried."""

    def __init__(self) -> None:
        self.refused: list[str] = []
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
            connection, address = arguments[:2]
            if address is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
                self._require_local(address[0])
        elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
            self._require_local(arguments[0])

    def _require_local(self, host: str | bytes | None) -> None:
        name = host.decode() if isinstance(host, bytes) else host
        if name is None or name == "localhost" or _is_loopback(name):
            return
        if name.endswith(".invalid"):  # the reserved ending for hosts that do not exist: a way to test just that
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        self.refused.append(name)
        raise PermissionError(f"tests may only talk to this machine, not to {name!r}")


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


NETWORK = pytest.StashKey[NetworkGuard]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "expect_log(pattern, ...): warnings this test provokes on purpose")
    config.stash[NETWORK] = NetworkGuard()


@pytest.fixture(autouse=True)
def only_this_machine(request: pytest.FixtureRequest) -> Iterator[None]:
    guard = request.config.stash[NETWORK]
    guard.refused.clear()
    yield
    assert not guard.refused, f"tried to reach {guard.refused}"


class LogRecorder(logging.Handler):
    """Keeps WARNING and higher records."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def only_announced_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    patterns = [str(pattern) for mark in request.node.iter_markers("expect_log") for pattern in mark.args]
    recorder = LogRecorder()
    for name in LOGGERS:
        logging.getLogger(name).addHandler(recorder)
    yield
    for name in LOGGERS:
        logging.getLogger(name).removeHandler(recorder)
    texts = [f"{record.name}: {recorder.format(record)}" for record in recorder.records]
    unannounced = [text for text in texts if not any(re.search(pattern, text) for pattern in patterns)]
    assert not unannounced, f"logged without being announced by expect_log: {unannounced}"
    absent = [pattern for pattern in patterns if not any(re.search(pattern, text) for text in texts)]
    assert not absent, f"announced by expect_log but not logged: {absent}"


@pytest.fixture(autouse=True)
def no_programs_left(world: World) -> Iterator[None]:
    """A program that is still ending gets a moment; one that stays fails the test and is ended."""
    before = started_processes()
    yield
    allowed = before | world.helpers.pids
    try:
        until(lambda: not started_processes() - allowed, timeout=SECONDS_TO_END)
    except AssertionError:
        left = sorted(started_processes() - allowed)
        words = [describe(pid) for pid in left]
        for pid in left:
            end(pid)
        until(lambda: not any(alive(pid) for pid in left))
        pytest.fail(f"programs left behind: {words}")


@pytest.fixture(autouse=True)
def no_windows_left() -> Iterator[None]:
    yield
    if not isinstance(QApplication.instance(), QApplication):
        return
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    windows = [
        widget
        for widget in QApplication.topLevelWidgets()
        if widget.isVisible() and widget.windowType() != Qt.WindowType.ToolTip
    ]
    words = [f"{type(window).__name__} {window.windowTitle()!r}" for window in windows]
    for window in windows:
        window.hide()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    # What lies under the pointer looks different, so the next test finds it where the first one did.
    QCursor.setPos(QApplication.primaryScreen().geometry().center())
    assert not words, f"windows left open: {words}"
