"""The real program as its own process, and what its local Mosaic remembers."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 90


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
        env={**os.environ, **(environment or {})},
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


def kill_when(process: "subprocess.Popen[str]", seen: Mapping[str, object]) -> list[dict[str, Any]]:
    """Kills the process, as a power cut would, at the first line that holds every pair of ``seen``."""
    records = []
    assert process.stdout is not None
    for line in process.stdout:
        records.append(json.loads(line))
        if seen.items() <= records[-1].items():
            break
    process.kill()
    process.communicate()
    assert seen.items() <= records[-1].items(), f"never seen: {seen}"
    return records


def rows(root: Path, table: str) -> list[Sequence[object]]:
    """What the local Mosaic of a data folder holds, once it has ended."""
    with closing(sqlite3.connect(root / "local-mosaic" / "sandbox.db")) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()
