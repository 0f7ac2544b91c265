"""Deliveries of a server that nobody here wrote a shared line for: the local Mosaic, in its own process."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mosaic_desktop.core.account import Verdict
from mosaic_desktop.core.errors import Code, VaultError
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.webhooks.arrival import DoorLimits
from tests.sandbox.client import Client, answer, connect, signed_in
from tests.support.fakes import ManualClock
from tests.support.media import make_clip
from tests.support.sandbox_server import RunningSandbox, start_sandbox
from tests.support.waiting import until_async
from tests.webhooks.office import MemoryDeliveries, Office, address, verdicts


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """After a failed try it waits for 0.5, 1, 2, 4 and 8 seconds."""
    with start_sandbox(tmp_path_factory.mktemp("sandbox"), "--minute-seconds", "0.5") as running:
        yield running


@contextmanager
def told_at(server: RunningSandbox, url: str) -> Iterator[tuple[Client, Secret]]:
    """A client whose runs are told to ``url``, and its key."""
    with signed_in(server) as portal:
        made = answer(portal.post("/dev/keys/create", {"webhook_url": url}))
    with connect(server.base_url, made["key"]) as client:
        yield client, Secret(made["key"])


def test_a_finished_and_a_failed_run_are_told(server: RunningSandbox, tmp_path: Path) -> None:
    office = Office(clock=ManualClock(time.time()), hear_of=lambda run_id: True)  # it may end before its start returns
    clip, junk = make_clip(tmp_path / "short.mp4", seconds=1), tmp_path / "junk.mp4"
    junk.write_bytes(bytes(4096))

    async def story() -> None:
        async with office.desk() as desk:
            with told_at(server, address(desk)) as (client, key):
                office.keys = (key,)
                good = await asyncio.to_thread(lambda: client.start(client.upload(clip), "Reframe"))
                await until_async(lambda: len(desk.deliveries) == 1)
                bad = await asyncio.to_thread(lambda: client.start(client.upload(junk), "Reframe"))
                await until_async(lambda: len(desk.deliveries) == 2)
                told = [(d.verdict, d.event, d.remote_run_id) for d in reversed(desk.deliveries)]
                assert told == [
                    (Verdict.ACCEPTED, "agent_run.completed", good),
                    (Verdict.ACCEPTED, "agent_run.failed", bad),
                ]

    asyncio.run(story())


@pytest.mark.expect_log("deliveries cannot be judged: keyring_locked")
def test_what_could_not_be_judged_comes_again_and_what_was_taken_counts_once(
    server: RunningSandbox, tmp_path: Path
) -> None:
    log = MemoryDeliveries()
    log.gate = asyncio.Event()
    office = Office(
        clock=ManualClock(time.time()),
        log=log,
        locked=VaultError(Code.KEYRING_LOCKED),
        hear_of=lambda run_id: True,
    )
    junk = tmp_path / "junk.mp4"
    junk.write_bytes(bytes(4096))

    async def story() -> None:
        assert log.gate is not None
        async with office.desk(DoorLimits(seconds_to_judge=0.2)) as desk:
            with told_at(server, address(desk)) as (client, key):
                office.keys = (key,)
                await asyncio.to_thread(lambda: client.start(client.upload(junk), "Reframe"))
                await until_async(lambda: desk._in_trouble)
                office.locked = None
                await until_async(lambda: log.asked >= 1)  # whose answer comes too late
                await until_async(lambda: log.asked >= 2)
                log.gate.set()
                await until_async(lambda: len(desk.deliveries) >= 2)
                assert verdicts(desk)[:2] == [Verdict.ACCEPTED, Verdict.REPEATED]

    asyncio.run(story())
    assert len(office.heard) == 1
