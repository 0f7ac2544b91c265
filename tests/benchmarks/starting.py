"""From the start of the process to a painted window with 10,000 rows, beside a window with nothing in it."""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from mosaic_desktop.app.accounts import LOCAL
from mosaic_desktop.app.paths import DataPaths, data_paths
from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.ports import Settings
from mosaic_desktop.core.video import MediaInfo
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.journal import SqliteJournal
from mosaic_desktop.storage.settings import JsonSettings
from tests.benchmarks.results import Result
from tests.benchmarks.stage import Stage

_STATES = (*[AssetState.READY] * 8, AssetState.PAUSED, AssetState.FAILED)
_NAME = "mosaic-desktop"  # of the program's own folder there
_SLOWER, _SECONDS = 2.5, 1.0


def measure(stage: Stage) -> Iterator[Result]:
    count, rounds = (1_000, 2) if stage.quick else (10_000, 10)
    paths = data_paths(stage.folder / _NAME)
    asyncio.run(_write_journal(paths, count))
    bare: list[float] = []
    frame: list[float] = []
    queue: list[float] = []
    for turn in range(rounds + 1):
        times = (*_painted("peer_window", stage.folder), *_painted("painted", stage.folder))
        if turn:  # the first one warms up
            for seconds, rows in zip(times, (bare, frame, queue), strict=True):
                rows.append(seconds)
    figures = {"bare_seconds": bare, "window_seconds": frame, "queue_seconds": queue}
    peer, first, whole = (statistics.median(seconds) for seconds in (bare, frame, queue))
    measured = f"{first / peer:.2f} x ({first:.2f} s against {peer:.2f} s, {rounds} rounds)"
    what = f"start to painted window, {count:,} rows in the journal"
    yield Result(what, f"at most {_SLOWER} x a bare PySide6 window", measured, first / peer <= _SLOWER, figures)
    measured = f"{whole:.2f} s, {whole / peer:.2f} x a bare window"
    what = f"{count:,} queue rows: first paint after restart"
    yield Result(what, f"under {_SECONDS:.0f} s", measured, whole < _SECONDS, figures)


def _painted(program: str, home: Path) -> list[float]:
    """Seconds from the start of a program, without a word as most people start it, to each paint that it tells of; it
    then ends by itself. ``home``: where the system keeps what programs remember.
    """
    environment = os.environ | {"XDG_DATA_HOME": str(home)}
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{program}"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=environment,
    )
    return [float(line) - began for line in done.stdout.splitlines()]


async def _write_journal(paths: DataPaths, count: int) -> None:
    settings = JsonSettings(paths.settings, Settings(paths.outputs))
    settings.change(profile=LOCAL)
    await settings.aclose()
    database = SqliteDatabase(paths.journal)
    await database.open()
    await SqliteJournal(database, LOCAL).save(tuple(_rows(count, paths.root)))
    await database.aclose()


def _rows(count: int, folder: Path) -> Iterator[Asset]:
    media = MediaInfo(14.0, 1920, 1080, "h264", "aac", 25.0)
    for number in range(count):
        state = _STATES[number % len(_STATES)]
        name = f"take {number:05}.mp4"
        yield Asset(
            AssetId(f"{number:032x}"),
            name,
            path=folder / "videos" / name,
            size=50_000_000 + number,
            state=state,
            media=media,
            file_id=f"file-{number}" if state is AssetState.READY else None,
            created_at=1_700_000_000.0 + number,
            position=float(number + 1),
        )
