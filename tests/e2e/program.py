"""The real program as its own process, and what its local Mosaic remembers."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 90
SECONDS_TO_STOP = 12


@dataclass(frozen=True, slots=True)
class Ended:
    """How a headless command ended, and what it said."""

    code: int
    lines: tuple[str, ...]
    errors: str

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]

    @property
    def finished(self) -> list[Path]:
        """The finished files, which must be the last thing that was said."""
        records = self.records
        named = [record for record in records if record["event"] == "finished"]
        assert records[len(records) - len(named) :] == named
        return [Path(record["path"]) for record in named]


def command(root: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "mosaic_desktop", "--data-dir", str(root), *arguments]


def start(root: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command(root, *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "", **(environment or {})},  # as users start it
    )


def call(root: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Ended:
    """Runs a command to its end."""
    with start(root, *arguments, environment=environment) as process:
        try:
            out, errors = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return Ended(process.returncode, tuple(out.splitlines()), errors)


def kill_when(process: "subprocess.Popen[str]", seen: Mapping[str, object]) -> None:
    """Kills the process, as a power cut would, at the first line that holds every pair of ``seen``."""
    with process:
        read_until(process, seen)
        process.kill()


def stop_when(process: "subprocess.Popen[str]", seen: Mapping[str, object], name: signal.Signals) -> Ended:
    """Sends the signal at the first line that holds every pair of ``seen``; gives the end, which must come soon."""
    with process:
        begun = read_until(process, seen)
        process.send_signal(name)
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        assert process.stdout is not None
        assert process.stderr is not None
        return Ended(process.returncode, (*begun, *process.stdout.read().splitlines()), process.stderr.read())


def read_until(process: "subprocess.Popen[str]", seen: Mapping[str, object]) -> list[str]:
    """The lines up to the first that holds every pair of ``seen``, which must come."""
    lines = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        if seen.items() <= json.loads(line).items():
            return lines
    process.wait()
    raise AssertionError(f"never seen: {seen}; the last line: {lines[-1:]}")


def rows(root: Path, table: str) -> list[Sequence[object]]:
    """What the local Mosaic of a data folder holds, once it has ended."""
    with closing(sqlite3.connect(root / "local-mosaic" / "sandbox.db")) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()
