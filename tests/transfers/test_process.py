"""The process that moves bytes: that it does what the transfers of this process do, and what its end means for them."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import google_crc32c
import pytest
from blake3 import blake3

from mosaic_desktop.core.errors import Code, IntegrityError, LocalFileError, MosaicError, NetworkError, StorageError
from mosaic_desktop.core.ports import Partial, SentFile
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.transfers import messages
from mosaic_desktop.transfers.process import TransferProcess
from tests.support.loop import AsyncRun
from tests.support.processes import alive, children_of, command_of, started_processes
from tests.support.waiting import PATIENCE, until, until_async
from tests.transfers.conftest import Report
from tests.transfers.storage_server import AT_ONCE, HELD, SIGNATURE, StorageServer, Talk, nobody_listening
from tests.transfers.test_going_on import BODY, ETAG, storage

SIZE = len(BODY)
HELD_AT = 1024 * 1024
LOUD = [sys.executable, "-c", "print('not ready')"]
ABSENT = ["/nowhere/at-all"]


@asynccontextmanager
async def opened(command: Sequence[str] | None = None) -> AsyncIterator[TransferProcess]:
    transfers = TransferProcess(command)
    try:
        yield transfers
    finally:
        await transfers.aclose()


def movers() -> set[int]:
    return {pid for pid in started_processes() if b"move-bytes" in command_of(pid)}


def facts(pid: int, name: str) -> bytes:
    return Path(f"/proc/{pid}/{name}").read_bytes()


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(BODY)
    return path


def store(talk: Talk) -> None:
    talk.invite()
    talk.take()
    talk.answer(200)


class Holding:
    """A storage that stops in the middle of a transfer until it is let go."""

    def __init__(self) -> None:
        self.reached, self.let_go = Event(), Event()

    def __call__(self, talk: Talk) -> None:
        if talk.seen.method == "GET":
            talk.send(f"HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\nETag: {ETAG}\r\n\r\n".encode() + BODY[:HELD_AT])
        else:
            talk.invite()
            talk.take(HELD_AT)
        self.reached.set()
        self.let_go.wait(HELD)


# --- What it does -----------------------------------------------------------------------------------------------------


def test_it_sends_a_file_and_names_its_content(run_async: AsyncRun, clip: Path, report: Report) -> None:
    async def story(server: StorageServer) -> SentFile:
        async with opened() as transfers:
            assert not movers()
            sent = await transfers.put(server.link(), clip, SIZE, "video/mp4", report)
            assert len(movers()) == 1
            return sent

    with StorageServer(store) as server:
        sent = run_async(story(server))
    assert sent == SentFile(f"blake3:{blake3(BODY).hexdigest()}")
    assert server.seen[0].body == BODY
    assert server.seen[0].headers["content-type"] == "video/mp4"
    assert report.heard[-1] == (SIZE, SIZE)
    assert not movers()


def test_it_fetches_behind_what_is_there(run_async: AsyncRun, tmp_path: Path, report: Report) -> None:
    part = tmp_path / "clip.mp4.part"
    found: list[str] = []
    kept: list[int] = []
    part.write_bytes(BODY[:1000])

    async def story(server: StorageServer) -> None:
        async with opened() as transfers:
            fetched = await transfers.get(
                server.link(), part, SIZE, report, partial=Partial(1000, ETAG), found=found.append, kept=kept.append
            )
            assert (fetched.size, fetched.checksums) == (SIZE, (f"crc32c:{google_crc32c.value(BODY):08x}",))

    with StorageServer(storage()) as server:
        run_async(story(server))
    assert part.read_bytes() == BODY
    assert server.seen[0].headers["range"] == "bytes=1000-"
    assert (found, kept[0], kept[-1]) == ([ETAG], 1000, SIZE)
    assert report.heard[-1] == (SIZE, SIZE)


def test_it_compares_files(run_async: AsyncRun, clip: Path, report: Report) -> None:
    async def story() -> str:
        async with opened() as transfers:
            return await transfers.digest(clip, SIZE, report)

    assert run_async(story()) == f"blake3:{blake3(BODY).hexdigest()}"


def test_names_need_not_be_unicode(run_async: AsyncRun, tmp_path: Path, report: Report) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.mp4"))
    path.write_bytes(BODY)

    async def story(server: StorageServer) -> None:
        async with opened() as transfers:
            await transfers.put(server.link(), path, SIZE, "video/mp4", report)

    with StorageServer(store) as server:
        run_async(story(server))
    assert server.seen[0].body == BODY


FAILURES: dict[str, tuple[MosaicError, type[MosaicError]]] = {
    "the network": (NetworkError(Code.UNREACHABLE, "no connection", seen=False), NetworkError),
    "for good": (NetworkError(Code.TLS, "refused", seen=True, retryable=False), NetworkError),
    "the storage": (StorageError(Code.LINK_EXPIRED, "over", retryable=True, retry_after=2.5, status=400), StorageError),
    "the content": (IntegrityError(Code.WRONG_SIZE, "1 instead of 2 bytes", retryable=True), IntegrityError),
    "the file": (LocalFileError(Code.DISK_FULL), LocalFileError),
    "a fault of its own": (messages.unexpected(KeyError("x")), MosaicError),
}


@pytest.mark.parametrize("name", FAILURES)
def test_errors_come_across_as_they_are(name: str) -> None:
    error, kind = FAILURES[name]
    news = messages.read_news(messages.News(7, messages.Told.FAILED, messages.failure(error)).encode())
    found = messages.read_failure(news.value)
    assert type(found) is kind
    assert (found.problem, found.retry_after) == (error.problem, error.retry_after)
    assert getattr(found, "seen", None) == getattr(error, "seen", None)


def test_what_fails_there_is_raised_here(run_async: AsyncRun, clip: Path, report: Report) -> None:
    async def story() -> None:
        async with opened() as transfers:
            with nobody_listening() as link, pytest.raises(NetworkError) as network:
                await transfers.put(link, clip, SIZE, "video/mp4", report)
            assert (network.value.code, network.value.seen) == (Code.UNREACHABLE, False)
            with pytest.raises(LocalFileError) as missing:
                await transfers.digest(clip.with_name("gone.mp4"), SIZE, report)
            assert missing.value.code == Code.FILE_MISSING
            assert len(movers()) == 1

    run_async(story())


def test_limits_hold_from_before_its_start_and_change_while_it_works(
    run_async: AsyncRun, clip: Path, report: Report
) -> None:
    async def story(server: StorageServer) -> None:
        async with opened() as transfers:
            transfers.limit(16 * 1024, None)  # which would take longer than anybody waits
            sending = asyncio.create_task(transfers.put(server.link(), clip, SIZE, "video/mp4", report))
            await until_async(lambda: 0 < report.done < SIZE)
            assert not sending.done()
            transfers.limit(None, None)
            await asyncio.wait_for(sending, PATIENCE)

    with StorageServer(store) as server:
        run_async(story(server))


# --- Its end and ours -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["put", "get"])
def test_a_cancelled_transfer_has_ended(run_async: AsyncRun, clip: Path, report: Report, way: str) -> None:
    holding = Holding()

    async def story(server: StorageServer) -> None:
        async with opened() as transfers:
            target = clip.with_name("fetched.part")
            moving = asyncio.create_task(
                transfers.put(server.link(), clip, SIZE, "video/mp4", report)
                if way == "put"
                else transfers.get(server.link(), target, SIZE, report)
            )
            await until_async(lambda: holding.reached.is_set() and report.done > 0)
            moving.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(moving, AT_ONCE)
            holding.let_go.set()
            if way == "get":  # what came is on disk
                assert report.done <= target.stat().st_size <= HELD_AT
                assert BODY.startswith(target.read_bytes())

    with StorageServer(holding) as server:
        run_async(story(server))


@pytest.mark.expect_log(r"the mover of bytes ended in the middle of its work \(exit code -9\)")
def test_one_that_is_killed_breaks_what_it_does_and_the_next_begins(
    run_async: AsyncRun, clip: Path, report: Report
) -> None:
    holding = Holding()

    async def story(held: StorageServer, server: StorageServer) -> None:
        async with opened() as transfers:
            broken = asyncio.create_task(transfers.put(held.link(), clip, SIZE, "video/mp4", report))
            await until_async(holding.reached.is_set)
            (first,) = movers()
            os.kill(first, signal.SIGKILL)
            with pytest.raises(NetworkError) as caught:
                await asyncio.wait_for(broken, AT_ONCE)
            assert (caught.value.code, caught.value.retryable, caught.value.seen) == (Code.INTERRUPTED, True, True)
            holding.let_go.set()
            await transfers.put(server.link(), clip, SIZE, "video/mp4", report)
            assert movers() - {first}

    with StorageServer(holding) as held, StorageServer(store) as server:
        run_async(story(held, server))
    assert server.seen[0].body == BODY


@pytest.mark.parametrize("command", [LOUD, ABSENT], ids=["another program", "none"])
@pytest.mark.expect_log(r"the mover of bytes did not start")
def test_one_that_does_not_start(run_async: AsyncRun, clip: Path, report: Report, command: list[str]) -> None:
    async def story() -> None:
        async with opened(command) as transfers:
            with pytest.raises(NetworkError) as caught:
                await transfers.put(Secret("https://localhost/x"), clip, SIZE, "video/mp4", report)
            assert (caught.value.code, caught.value.retryable) == (Code.INTERRUPTED, True)
            with pytest.raises(LocalFileError):
                await transfers.digest(clip, SIZE, report)

    run_async(story())


def test_closing_ends_what_moves(run_async: AsyncRun, clip: Path, report: Report) -> None:
    holding = Holding()

    async def story(server: StorageServer) -> None:
        async with opened() as transfers:
            moving = asyncio.create_task(transfers.put(server.link(), clip, SIZE, "video/mp4", report))
            await until_async(holding.reached.is_set)
            await asyncio.wait_for(transfers.aclose(), AT_ONCE)
            with pytest.raises(NetworkError):
                await moving
            assert not movers()
            with pytest.raises(NetworkError):
                await transfers.put(server.link(), clip, SIZE, "video/mp4", report)
        holding.let_go.set()

    with StorageServer(holding) as server:
        run_async(story(server))


APPLICATION = """
import asyncio, pathlib, sys
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.transfers.process import TransferProcess
link, path, size = Secret(sys.stdin.readline().strip()), pathlib.Path(sys.argv[1]), int(sys.argv[2])
asyncio.run(TransferProcess().put(link, path, size, "video/mp4", lambda done, total: None))
"""


def test_it_ends_when_the_application_is_killed(clip: Path) -> None:
    holding = Holding()
    command = [sys.executable, "-c", APPLICATION, str(clip), str(SIZE)]
    with (
        StorageServer(holding) as server,
        subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as application,
    ):
        assert application.stdin is not None
        application.stdin.write(server.link().reveal() + "\n")
        application.stdin.flush()
        until(holding.reached.is_set)
        (mover,) = children_of(application.pid)
        application.kill()
        until(lambda: not alive(mover))
        holding.let_go.set()


def test_of_many_that_move_those_beyond_the_cores_give_way_to_the_window(run_async: AsyncRun, clip: Path) -> None:
    holding, cores = Holding(), os.cpu_count() or 2

    async def story(server: StorageServer) -> None:
        async with opened() as transfers:

            def moving() -> asyncio.Task[SentFile]:
                return asyncio.create_task(transfers.put(server.link(), clip, SIZE, "video/mp4", Report()))

            sending = [moving()]
            await until_async(holding.reached.is_set)
            (pid,) = movers()
            ours = os.getpriority(os.PRIO_PROCESS, 0)
            assert priorities(pid) == {ours}
            sending += [moving() for _ in range(cores)]
            await until_async(lambda: len(server.seen) == len(sending))
            assert max(priorities(pid)) > ours
            for task in sending:
                task.cancel()
            holding.let_go.set()
            await asyncio.wait(sending)

    with StorageServer(holding) as server:
        run_async(story(server))


def priorities(pid: int) -> set[int]:
    """Of all threads of a process."""
    return {os.getpriority(os.PRIO_PROCESS, int(task.name)) for task in Path(f"/proc/{pid}/task").iterdir()}


def test_it_sees_no_key_and_hides_its_links(
    run_async: AsyncRun, clip: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOSAIC_API_KEY", "mk_live_secretsecretsecret")
    holding = Holding()

    async def story(server: StorageServer) -> None:
        async with opened() as transfers:
            moving = asyncio.create_task(transfers.put(server.link(), clip, SIZE, "video/mp4", report))
            await until_async(holding.reached.is_set)
            (pid,) = movers()
            seen = facts(pid, "environ") + facts(pid, "cmdline")
            assert not any(secret in seen for secret in (b"secretsecret", SIGNATURE.encode()))
            assert b"Qt" not in facts(pid, "maps")
            moving.cancel()
            await asyncio.wait((moving,))
        holding.let_go.set()

    with StorageServer(holding) as server:
        run_async(story(server))
