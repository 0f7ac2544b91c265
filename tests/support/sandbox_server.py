"""The local Mosaic as a process of its own, started and ended by tests."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

from tests.support.waiting import PATIENCE


@dataclass(frozen=True, slots=True)
class Account:
    """What the ready line says about one account."""

    email: str
    password: str
    api_key: str


class RunningSandbox:
    """A ready server. `stop` asks it to end, `kill` leaves it no chance; `with` stops it if it still runs."""

    def __init__(self, process: "subprocess.Popen[str]", ready: Mapping[str, object], rest: "Queue[str]") -> None:
        self._process = process
        self._rest = rest
        self.ready_line = ready
        self.pid = process.pid
        self.base_url = str(ready["base_url"])
        self.auth_url = str(ready["auth_url"])
        self.anon_key = str(ready["anon_key"])
        self.account = _account(ready)
        self.api_key = self.account.api_key
        self.admin_url = str(ready["admin_url"])
        self.admin_token = str(ready["admin_token"])
        others = ready["accounts"]
        assert isinstance(others, list)
        self.accounts = [_account(other) for other in others]

    def __enter__(self) -> "RunningSandbox":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self.stop()
        self.close_stdin()

    def stop(self) -> int:
        """End the server as Ctrl-C or a service manager would; gives its exit code."""
        self._process.terminate()
        return self.wait()

    def kill(self) -> None:
        """End the server like a power cut."""
        self._process.kill()
        self.wait()

    def close_stdin(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()

    def wait(self) -> int:
        """Wait for the end; gives the exit code."""
        code = self._process.wait(PATIENCE)
        self.close_stdin()
        return code

    def further_output(self) -> list[str]:
        """Lines on standard output after the ready line; for a server that has ended."""
        lines = []
        while (line := self._rest.get(timeout=PATIENCE)) != "":
            lines.append(line)
        return lines


def start_sandbox(data_dir: Path, *args: str, module: str = "mosaic_desktop.sandbox") -> RunningSandbox:
    """Start a server on a free port and wait until it answers; `args` are further command-line options."""
    command = [sys.executable, "-m", module, "--data-dir", str(data_dir), *args]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    lines: Queue[str] = Queue()
    Thread(target=_read_lines, args=(process, lines), daemon=True).start()
    try:
        line = lines.get(timeout=PATIENCE)
    except Empty:
        line = ""
    if not line:
        process.kill()
        raise RuntimeError(f"The sandbox did not get ready; it exited with {process.wait(PATIENCE)}.")
    return RunningSandbox(process, json.loads(line), lines)


def _read_lines(process: "subprocess.Popen[str]", lines: "Queue[str]") -> None:
    """Lines as they come, and an empty text at the end."""
    assert process.stdout is not None
    with process.stdout as output:
        for line in output:
            lines.put(line)
    lines.put("")


def _account(described: Mapping[str, object]) -> Account:
    return Account(str(described["email"]), str(described["password"]), str(described["api_key"]))
