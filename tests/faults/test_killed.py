"""Killed at random moments, two hundred times in all: no row is lost, no run started twice, no file is wrong."""

import json
import os
import random
import select
import signal
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.faults import trickle, trickle_in
from tests.faults.killed import Root
from tests.faults.mini_mosaic import MiniMosaic
from tests.faults.nursery import Nursery, nursery
from tests.faults.state import Fault
from tests.support.waiting import until

KILLS = 10
SEEDS = range(20)
RENDERED = bytes(range(256)) * 2048


@pytest.fixture(scope="module")
def programs() -> Iterator[Nursery]:
    with nursery() as programs:
        yield programs


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_killed_goes_on(tmp_path: Path, seed: int, programs: Nursery) -> None:
    chance = random.Random(seed)
    slow = [Fault("put", trickle_in(8192, 0.001), 10_000), Fault("get", trickle(8192, 0.001), 10_000)]
    with MiniMosaic(RENDERED, sessions=seed % 2 == 1, looks=2, faults=slow) as mosaic:
        root = Root(tmp_path, mosaic.base_url, apart=seed % 4 < 2)
        videos: list[Path] = []
        kills = 0
        while kills < KILLS:
            videos.append(new_video(tmp_path, seed, len(videos)))
            kills += killed(programs, root, videos, chance.randrange(1, 26), chance.random() * 0.02)
        run_to_the_end(programs, root, videos, {})
        run_to_the_end(programs, root, videos, {video.name: mosaic.run_of(video.name) for video in videos})
        assert_nothing_is_lost(root, videos)
        assert {video.name: mosaic.starts_of(video.name) for video in videos} == {video.name: 1 for video in videos}
        assert not mosaic.tainted


def new_video(folder: Path, seed: int, number: int) -> Path:
    video = folder / f"talk-{number}.mp4"
    video.write_bytes(random.Random(f"{seed} {number}").randbytes(400_000))
    return video


def killed(programs: Nursery, root: Root, videos: Sequence[Path], lines: int, moment: float) -> bool:
    """Kills the program once it showed ``lines`` changes, and ``moment`` seconds; False if it ended before."""
    before = seen_lines(root)
    end = os.pidfd_open(programs.start(root, videos, {}))
    try:
        until(lambda: seen_lines(root) >= before + lines or has_ended(end))
        if not has_ended(end, moment):
            signal.pidfd_send_signal(end, signal.SIGKILL)
        return programs.ended() == -signal.SIGKILL
    finally:
        os.close(end)


def has_ended(process: int, patience: float = 0.0) -> bool:
    return bool(select.select([process], [], [], patience)[0])


def run_to_the_end(programs: Nursery, root: Root, videos: Sequence[Path], started: dict[str, str]) -> None:
    programs.start(root, videos, started)
    assert programs.ended() == 0


def seen_lines(root: Root) -> int:
    return root.seen.read_bytes().count(b"\n") if root.seen.exists() else 0


def assert_nothing_is_lost(root: Root, videos: Sequence[Path]) -> None:
    with closing(sqlite3.connect(root.journal)) as sql:
        kept = {
            (kind, row_id): state
            for kind, table in (("Asset", "assets"), ("Run", "runs"), ("Output", "outputs"))
            for row_id, state in sql.execute(f"SELECT id, state FROM {table}")
        }
    shown = {(kind, row_id) for kind, row_id, _ in map(json.loads, root.seen.read_text().splitlines())}
    assert shown == set(kept)
    assert sorted(kept.values()) == sorted(["ready", "finished", "saved"] * len(videos))
    names = sorted(f"{video.stem} · Copy.mp4" for video in videos)
    assert sorted(path.name for path in root.outputs.iterdir()) == names
    assert all(path.read_bytes() == RENDERED for path in root.outputs.iterdir())
