"""Uploads to a resumable session: what it gets, how little of it comes twice, and what ends it."""

import asyncio
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest
from blake3 import blake3

from mosaic_desktop.core.errors import Code, IntegrityError, LocalFileError, MosaicError, NetworkError, StorageError
from mosaic_desktop.core.ports import SentFile
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.transfers.curl import CurlTransfers
from tests.support.loop import AsyncRun
from tests.support.waiting import until_async
from tests.transfers.conftest import Report
from tests.transfers.storage_server import AT_ONCE, HELD, StorageServer, Talk

CHUNK = 16 * 1024 * 1024
SIZE = 2 * CHUNK + 5 * 1024 * 1024 + 7


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(os.urandom(SIZE))
    return path


@dataclass
class SessionScript:
    """A storage's side of one session. ``chunks``: what came with each PUT that carried bytes; ``before``: a fault that
    takes the next request, which carries bytes, and tells whether it was answered.
    """

    size: int = SIZE
    content: bytearray = field(default_factory=bytearray)
    chunks: list[tuple[int, int]] = field(default_factory=list)
    asked: int = 0
    before: list[Callable[[Talk], bool]] = field(default_factory=list)
    whole: dict[str, str] = field(default_factory=dict)
    done: bool = False

    def __call__(self, talk: Talk) -> None:
        found = re.fullmatch(r"bytes (?:\*|(\d+)-(\d+))/(\d+)", talk.seen.headers["content-range"])
        assert found is not None
        assert int(found.group(3)) == self.size
        if found.group(1) is None:
            assert talk.seen.announced == 0
            self.asked += 1
        elif self.before and self.before.pop(0)(talk):
            return
        else:
            start, last = int(found.group(1)), int(found.group(2))
            assert talk.seen.announced == last - start + 1
            assert start % (256 * 1024) == 0
            assert (last + 1) % (256 * 1024) == 0 or last + 1 == self.size
            talk.take()
            self.add(start, talk)
        self.tell(talk)

    def add(self, start: int, talk: Talk) -> None:
        assert start <= len(self.content), "a gap"
        self.chunks.append((start, len(talk.seen.body)))
        self.content[start:] = talk.seen.body
        self.done = len(self.content) == self.size

    def tell(self, talk: Talk) -> None:
        if self.done:
            talk.answer(200, b"", **self.whole)
        elif self.content:
            talk.answer(308, Range=f"bytes=0-{len(self.content) - 1}")
        else:
            talk.answer(308)


def link(server: StorageServer) -> Secret:
    return Secret(f"{server.link().reveal()}&upload_id=s3cr3t")


def send(
    run_async: AsyncRun, transfers: CurlTransfers, script: SessionScript, clip: Path, kept: list[int] | None = None
) -> SentFile:
    with StorageServer(script) as server:
        hear = kept.append if kept is not None else None
        return run_async(transfers.put(link(server), clip, SIZE, "video/mp4", Report(), hear))


def send_failing(
    run_async: AsyncRun, transfers: CurlTransfers, script: SessionScript, clip: Path, kept: list[int] | None = None
) -> MosaicError:
    with pytest.raises(MosaicError) as caught:
        send(run_async, transfers, script, clip, kept)
    assert "s3cr3t" not in f"{caught.value!r}{caught.value.problem!r}"
    return caught.value


def content(clip: Path) -> SentFile:
    return SentFile(f"blake3:{blake3(clip.read_bytes()).hexdigest()}")


def test_a_session_gets_the_file_in_chunks(run_async: AsyncRun, transfers: CurlTransfers, clip: Path) -> None:
    script, kept, report = SessionScript(), list[int](), Report()
    with StorageServer(script) as server:
        sent = run_async(transfers.put(link(server), clip, SIZE, "video/mp4", report, kept.append))
    assert sent == content(clip)
    assert script.content == clip.read_bytes()
    assert script.chunks == [(0, CHUNK), (CHUNK, CHUNK), (2 * CHUNK, SIZE - 2 * CHUNK)]
    assert kept == [0, CHUNK, 2 * CHUNK]
    assert report.heard[-1] == (SIZE, SIZE)
    assert {seen.headers["content-type"] for seen in server.seen} == {"video/mp4"}
    assert not any({"authorization", "x-api-key", "cookie"} & seen.headers.keys() for seen in server.seen)


@pytest.mark.parametrize("has", [256 * 1024, CHUNK, 2 * CHUNK, 2 * CHUNK + 256 * 1024])
def test_it_goes_on_behind_what_the_session_has(
    run_async: AsyncRun, transfers: CurlTransfers, clip: Path, has: int
) -> None:
    script, kept = SessionScript(content=bytearray(clip.read_bytes()[:has])), list[int]()
    assert send(run_async, transfers, script, clip, kept) == content(clip)
    assert script.content == clip.read_bytes()
    assert script.chunks[0][0] == has
    assert sum(length for _, length in script.chunks) == SIZE - has
    assert kept[0] == has


def test_a_lost_last_answer_costs_nothing(run_async: AsyncRun, transfers: CurlTransfers, clip: Path) -> None:
    script = SessionScript(content=bytearray(clip.read_bytes()), done=True)
    assert send(run_async, transfers, script, clip) == content(clip)
    assert script.chunks == []


def test_a_chunk_that_was_kept_in_part_is_completed(run_async: AsyncRun, transfers: CurlTransfers, clip: Path) -> None:
    script = SessionScript()

    def keeps_a_part(talk: Talk) -> bool:
        talk.take()
        script.content += talk.seen.body[: 3 * 256 * 1024]
        script.tell(talk)
        return True

    script.before.append(keeps_a_part)
    assert send(run_async, transfers, script, clip) == content(clip)
    assert script.content == clip.read_bytes()
    assert script.chunks[0] == (3 * 256 * 1024, CHUNK)


@pytest.mark.parametrize("broken_chunk", [0, 1, 2])
@pytest.mark.parametrize("keeps", [True, False])
def test_after_a_break_one_chunk_comes_again_at_most(
    run_async: AsyncRun, transfers: CurlTransfers, clip: Path, broken_chunk: int, keeps: bool
) -> None:
    script, received = SessionScript(), 0

    def passes(talk: Talk) -> bool:
        return False

    def breaks(talk: Talk) -> bool:
        nonlocal received
        talk.take(4 * 1024 * 1024)
        received = talk.seen.received
        if keeps:
            script.content += talk.seen.body
        talk.cut()
        return True

    script.before += [*[passes] * broken_chunk, breaks]
    error = send_failing(run_async, transfers, script, clip)
    assert isinstance(error, NetworkError)
    assert error.retryable
    assert send(run_async, transfers, script, clip) == content(clip)
    assert script.content == clip.read_bytes()
    assert received + sum(length for _, length in script.chunks) - SIZE <= CHUNK


def test_an_offset_that_the_session_does_not_have_is_asked_for_again(
    run_async: AsyncRun, transfers: CurlTransfers, clip: Path
) -> None:
    script = SessionScript(content=bytearray(clip.read_bytes()[:CHUNK]))

    def forgets(talk: Talk) -> bool:
        talk.take()
        script.content.clear()
        talk.answer(503, b"According to the Content-Range header, the upload offset exceeds already uploaded size.")
        return True

    script.before.append(forgets)
    error = send_failing(run_async, transfers, script, clip)
    assert (error.code, error.retryable, error.status) == (Code.STORAGE, True, 503)
    assert send(run_async, transfers, script, clip) == content(clip)


@pytest.mark.parametrize("status", [404, 410, 412, 499])
@pytest.mark.parametrize("at_once", [True, False])
def test_a_session_that_is_gone_asks_for_another_link(
    run_async: AsyncRun, transfers: CurlTransfers, clip: Path, status: int, at_once: bool
) -> None:
    script = SessionScript()

    def gone(talk: Talk) -> bool:
        talk.take()
        talk.answer(status)
        return True

    if at_once:
        script.tell = gone  # type: ignore[assignment,method-assign]
    script.before.append(gone)
    error = send_failing(run_async, transfers, script, clip)
    assert isinstance(error, StorageError)
    assert (error.code, error.retryable, error.status) == (Code.LINK_EXPIRED, True, status)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (f"bytes=0-{SIZE + 1}", Code.LINK_EXPIRED),
        ("bytes=5-9", Code.STORAGE),
        ("nonsense", Code.STORAGE),
        (f"bytes=0-{SIZE - 1}", Code.STORAGE),
    ],
)
def test_a_session_that_makes_no_sense_sends_nothing(
    run_async: AsyncRun, transfers: CurlTransfers, clip: Path, header: str, code: Code
) -> None:
    script = SessionScript()
    script.tell = lambda talk: talk.answer(308, Range=header)  # type: ignore[method-assign]
    error = send_failing(run_async, transfers, script, clip)
    assert (error.code, error.retryable) == (code, True)
    assert script.chunks == []


def test_a_session_that_keeps_nothing_is_no_endless_loop(
    run_async: AsyncRun, transfers: CurlTransfers, clip: Path
) -> None:
    script = SessionScript()

    def keeps_nothing(talk: Talk) -> bool:
        talk.take()
        talk.answer(308)
        return True

    script.before += [keeps_nothing] * 9
    error = send_failing(run_async, transfers, script, clip)
    assert (error.code, error.retryable) == (Code.STORAGE, True)
    assert len(script.before) == 8


def test_a_session_that_ends_too_early(run_async: AsyncRun, transfers: CurlTransfers, clip: Path) -> None:
    script = SessionScript()

    def ends(talk: Talk) -> bool:
        talk.take()
        talk.answer(200)
        return True

    script.before.append(ends)
    assert send_failing(run_async, transfers, script, clip).code == Code.LINK_EXPIRED


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"x_goog_stored_content_length": str(SIZE - 1)}, Code.WRONG_SIZE),
        ({"x_goog_hash": "crc32c=AAAAAA=="}, Code.WRONG_CONTENT),
    ],
)
def test_a_storage_that_has_something_else(
    run_async: AsyncRun, transfers: CurlTransfers, clip: Path, answer: dict[str, str], code: Code
) -> None:
    script = SessionScript(whole=answer)
    error = send_failing(run_async, transfers, script, clip)
    assert isinstance(error, IntegrityError)
    assert error.code == code


@pytest.mark.parametrize("change", ["append", "touch", "replace", "remove"])
@pytest.mark.parametrize("chunk", [0, 1, 2])
def test_a_file_that_is_no_longer_the_same_is_not_counted_as_sent(
    run_async: AsyncRun, transfers: CurlTransfers, clip: Path, change: str, chunk: int
) -> None:
    script = SessionScript()

    def alter() -> None:
        if change == "append":
            with clip.open("ab") as file:
                file.write(b"more")
        elif change == "touch":
            os.utime(clip, (1, 1))
        elif change == "replace":
            other = clip.with_name("other")
            other.write_bytes(os.urandom(SIZE))
            other.replace(clip)
        else:
            clip.unlink()

    def passes(talk: Talk) -> bool:
        return False

    def meanwhile(talk: Talk) -> bool:
        talk.take()
        alter()
        script.add(chunk * CHUNK, talk)
        script.tell(talk)
        return True

    script.before += [*[passes] * chunk, meanwhile]
    error = send_failing(run_async, transfers, script, clip)
    assert isinstance(error, LocalFileError)
    assert error.code == (Code.FILE_MISSING if change == "remove" else Code.FILE_CHANGED)
    assert script.done == (chunk == 2)  # after the last byte nothing can be held back, but it is not called sent


def test_cancel_ends_it_and_the_session_goes_on_later(
    run_async: AsyncRun, transfers: CurlTransfers, clip: Path
) -> None:
    script, over, kept = SessionScript(), Event(), list[int]()

    def passes(talk: Talk) -> bool:
        return False

    def hangs(talk: Talk) -> bool:
        over.wait(HELD)
        return True

    async def drive() -> None:
        sending = asyncio.ensure_future(transfers.put(link(server), clip, SIZE, "video/mp4", Report(), kept.append))
        await until_async(lambda: not script.before and kept == [0, CHUNK])
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(sending, AT_ONCE)
        over.set()

    script.before += [passes, hangs]
    with StorageServer(script) as server:
        run_async(drive())
    assert send(run_async, transfers, script, clip) == content(clip)
    assert script.chunks[1][0] == CHUNK
