"""Programs the tests start and must not leave behind."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from tests.support.waiting import PATIENCE

TOKEN = ("MOSAIC_TESTS", str(os.getpid()))
"""Stands in the environment of everything this test run starts, so that orphans are found too."""


class Helpers:
    """The programs that serve a whole test run (display, bus, keyring); `stop` ends them, last one first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: list[subprocess.Popen[bytes]] = []

    @property
    def pids(self) -> set[int]:
        return {process.pid for process in self._running}

    def start(self, command: Sequence[str], stdin: bytes = b"", pass_fds: Sequence[int] = ()) -> None:
        """Start a program that ends with this process, however this process ends; its words go to a log file."""
        # `setpriv` belongs to Debian's essential util-linux and replaces itself with the program.
        tied = ["setpriv", "--pdeathsig", "TERM", "--", *command]
        with (self.folder / f"{Path(command[0]).name}.log").open("ab") as log:
            process = subprocess.Popen(tied, stdin=subprocess.PIPE, stdout=log, stderr=log, pass_fds=pass_fds)
        self._running.append(process)
        pipe: IO[bytes] | None = process.stdin
        assert pipe is not None
        pipe.write(stdin)
        pipe.close()

    def stop(self) -> None:
        while self._running:
            process = self._running.pop()
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def first_line(descriptor: int, timeout: float = PATIENCE) -> str:
    """The line a starting program writes once it is ready; closes the descriptor. Empty when it died before."""
    with os.fdopen(descriptor, "rb") as stream:
        ready, _, _ = select.select([stream], [], [], timeout)
        return stream.readline().decode().strip() if ready else ""


def alive(pid: int) -> bool:
    """Whether a process still works; one that ended but was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def started_processes() -> set[int]:
    """Every live process this test run started, directly or not."""
    if sys.platform != "linux":
        return set()
    found = set(children_of(os.getpid()))
    token = "=".join(TOKEN).encode()
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and token in _read(folder / "environ").split(b"\0"):
            found.add(int(folder.name))
    found.discard(os.getpid())
    return {pid for pid in found if alive(pid) and not _serves_multiprocessing(pid)}


def children_of(pid: int) -> list[int]:
    """What a process started, by whichever of its threads; nothing once it has ended."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
    except FileNotFoundError:
        return []
    return [int(child) for task in tasks for child in _read(task / "children").split()]


def command_of(pid: int) -> bytes:
    """The words that started a process, each with a zero byte behind it; empty once it has ended."""
    return _read(Path(f"/proc/{pid}/cmdline"))


def describe(pid: int) -> str:
    words = command_of(pid).replace(b"\0", b" ").decode(errors="replace")
    return f"{pid} {words}"


def end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _serves_multiprocessing(pid: int) -> bool:
    """Python's own helper of `multiprocessing` lives until the interpreter ends."""
    return b"multiprocessing.resource_tracker" in command_of(pid)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
