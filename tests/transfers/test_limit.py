"""The limit: how exactly it holds, that it is shared, and that a change is felt by what already moves."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mosaic_desktop.transfers.curl import CurlTransfers
from mosaic_desktop.transfers.throttle import Throttle
from tests.support.loop import AsyncRun
from tests.support.waiting import until_async
from tests.transfers.conftest import Report
from tests.transfers.storage_server import AT_ONCE, StorageServer, Talk

SIZE = 64 * 1024 * 1024
SECONDS = 3.0
TOLERANCE = 0.05
TRIES = 8


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    with path.open("wb") as file:
        file.truncate(SIZE)
    return path


def storage(talk: Talk) -> None:
    """Takes what comes, and delivers SIZE bytes to whoever asks."""
    if talk.seen.method == "GET":
        talk.answer(200, bytes(SIZE))
    else:
        talk.invite()
        talk.take(keep=False)
        talk.answer(200)


class Moving:
    """Several transfers of one direction and how many bytes they have moved."""

    def __init__(self, transfers: CurlTransfers, server: StorageServer) -> None:
        self._transfers = transfers
        self._server = server
        self._reports: list[Report] = []
        self._tasks: list[asyncio.Task[object]] = []

    def send(self, clip: Path, count: int) -> Callable[[], int]:
        for number in range(count):
            put = self._transfers.put(self._server.link(f"/{number}"), clip, SIZE, "video/mp4", Report())
            self._tasks.append(asyncio.create_task(put))
        return lambda: sum(seen.received for seen in self._server.seen)

    def fetch(self, folder: Path, count: int) -> Callable[[], int]:
        for number in range(count):
            self._reports.append(Report())
            get = self._transfers.get(self._server.link(), folder / f"{number}.part", SIZE, self._reports[-1])
            self._tasks.append(asyncio.create_task(get))
        return lambda: sum(report.done for report in self._reports)

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks, timeout=AT_ONCE)
        assert all(task.done() for task in self._tasks)


async def assert_keeps_to(rate: int, moved: Callable[[], int]) -> None:
    """At one of several looks: what a transfer misses while the machine is busy with others is not made up for."""
    found = [await speed(moved)]
    while found[-1] != pytest.approx(rate, rel=TOLERANCE) and len(found) < TRIES:
        found.append(await speed(moved))
    assert found[-1] == pytest.approx(rate, rel=TOLERANCE), found


async def speed(moved: Callable[[], int]) -> float:
    """Bytes a second over SECONDS, from one step of the count to another."""
    await step(moved)
    before, begun = moved(), time.monotonic()
    await until_async(lambda: time.monotonic() - begun >= SECONDS)
    await step(moved)
    return (moved() - before) / (time.monotonic() - begun)


async def step(moved: Callable[[], int]) -> None:
    before = moved()
    await until_async(lambda: moved() != before)


@pytest.mark.parametrize("direction", ["up", "down"])
@pytest.mark.parametrize(("rate", "count"), [(300_000, 1), (4_000_000, 3)])
def test_all_transfers_of_a_direction_together_keep_to_it(
    run_async: AsyncRun, transfers: CurlTransfers, clip: Path, direction: str, rate: int, count: int
) -> None:
    async def drive() -> None:
        transfers.limit(*((rate, 1) if direction == "up" else (1, rate)))  # the other direction's is another matter
        moving = Moving(transfers, server)
        moved = moving.send(clip, count) if direction == "up" else moving.fetch(clip.parent, count)
        await assert_keeps_to(rate, moved)
        await moving.end()

    with StorageServer(storage) as server:
        run_async(drive())


@pytest.mark.parametrize("direction", ["up", "down"])
@pytest.mark.parametrize("none", [None, 0])
def test_a_change_is_felt_by_what_moves(
    run_async: AsyncRun, transfers: CurlTransfers, clip: Path, direction: str, none: int | None
) -> None:
    async def drive() -> None:
        transfers.limit(1000, 1000)
        moving = Moving(transfers, server)
        moved = moving.send(clip, 1) if direction == "up" else moving.fetch(clip.parent, 1)
        await step(moved)
        transfers.limit(2_000_000, 2_000_000)
        await assert_keeps_to(2_000_000, moved)
        transfers.limit(none, none)
        await until_async(lambda: moved() == SIZE)
        await moving.end()

    with StorageServer(storage) as server:
        run_async(drive())


@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_transfer_that_waits_for_its_share_ends_at_once(
    run_async: AsyncRun, transfers: CurlTransfers, clip: Path, direction: str
) -> None:
    async def drive() -> None:
        transfers.limit(100, 100)
        moving = Moving(transfers, server)
        moved = moving.send(clip, 4) if direction == "up" else moving.fetch(clip.parent, 4)
        await step(moved)
        await moving.end()

    with StorageServer(storage) as server:
        run_async(drive())


def test_what_comes_slowly_is_all_there(run_async: AsyncRun, transfers: CurlTransfers, tmp_path: Path) -> None:
    body = os.urandom(300_000)
    transfers.limit(None, 1_000_000)
    with StorageServer(lambda talk: talk.answer(200, body)) as server:
        run_async(transfers.get(server.link(), tmp_path / "clip.part", len(body), Report()))
    assert (tmp_path / "clip.part").read_bytes() == body


def test_a_pause_is_not_made_up_for_in_a_burst() -> None:
    throttle = Throttle()
    throttle.set(1_000_000)
    begun = time.monotonic()
    while time.monotonic() - begun < 0.5:
        pass
    granted, begun = 0, time.monotonic()
    while time.monotonic() - begun < 0.05:
        granted += throttle.take(10_000, lambda: False)
    assert granted < 250_000


def test_who_gives_up_gets_nothing() -> None:
    throttle = Throttle()
    throttle.set(1)
    assert throttle.take(10, lambda: True) == 0
