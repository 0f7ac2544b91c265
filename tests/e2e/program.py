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

from tests.support.waiting import PATIENCE


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


def start(root: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
    return _start(["mosaic_desktop", "--data-dir", str(root), *arguments], environment)


def call(root: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Ended:
    """Runs a command to its end."""
    return _ended(start(root, *arguments, environment=environment))


def struck(
    root: Path,
    name: signal.Signals,
    seen: Mapping[str, object],
    *arguments: str,
    environment: Mapping[str, str] | None = None,
) -> Ended:
    """Runs a command that gets the signal as soon as it said the first line that holds every pair of ``seen``; one of
    SIGKILL is a power cut.
    """
    fate = ("tests.e2e.at_line", json.dumps(seen), str(int(name)))
    return _ended(_start([*fate, "--data-dir", str(root), *arguments], environment))


def _start(words: Sequence[str], environment: Mapping[str, str] | None) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "", **(environment or {})},  # as users start it
    )


def _ended(process: "subprocess.Popen[str]") -> Ended:
    with process:
        try:
            out, errors = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return Ended(process.returncode, tuple(out.splitlines()), errors)


def rows(root: Path, table: str) -> list[Sequence[object]]:
    """What the local Mosaic of a data folder holds, once it has ended."""
    with closing(sqlite3.connect(root / "local-mosaic" / "sandbox.db")) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()
