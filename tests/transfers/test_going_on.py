"""Downloads that go on behind what an earlier try left, and what they make of another object."""

import asyncio
import base64
import os
import re
import resource
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import google_crc32c
import pytest

from mosaic_desktop.core.errors import Code, IntegrityError, LocalFileError, MosaicError, NetworkError
from mosaic_desktop.core.ports import FetchedFile, Partial
from mosaic_desktop.transfers.curl import CurlTransfers
from tests.support.loop import AsyncRun
from tests.support.waiting import until_async
from tests.transfers.conftest import Report
from tests.transfers.storage_server import AT_ONCE, HELD, Script, StorageServer, Talk

BODY = os.urandom(6 * 1024 * 1024 + 3)
SIZE = len(BODY)
ETAG = '"first"'


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "clip.mp4.part"


def goog_hash(body: bytes) -> str:
    digest = google_crc32c.value(body).to_bytes(4, "big")
    return f"crc32c={base64.b64encode(digest).decode()}"


def storage(body: bytes = BODY, etag: str = ETAG) -> Script:
    """What Google's storage does with a Range and an If-Range."""

    def script(talk: Talk) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-", talk.seen.headers.get("range", ""))
        start = int(asked.group(1)) if asked and talk.seen.headers["if-range"] == etag else 0
        headers = {"ETag": etag, "x_goog_hash": goog_hash(body)}
        if start >= len(body):
            talk.answer(416, Content_Range=f"bytes */{len(body)}")
        elif start:
            talk.answer(206, body[start:], Content_Range=f"bytes {start}-{len(body) - 1}/{len(body)}", **headers)
        else:
            talk.answer(200, body, **headers)

    return script


@dataclass
class Heard:
    """What the caller was told, in order."""

    all: list[str | int] = field(default_factory=list)

    def found(self, etag: str) -> None:
        self.all.append(etag)

    def kept(self, count: int) -> None:
        self.all.append(count)

    @property
    def last(self) -> str | int:
        return self.all[-1]


def fetch(
    run_async: AsyncRun,
    transfers: CurlTransfers,
    script: Script,
    part: Path,
    partial: Partial | None,
    heard: Heard | None = None,
    size: int | None = SIZE,
) -> tuple[FetchedFile, StorageServer]:
    heard = heard or Heard()
    with StorageServer(script) as server:
        fetched = run_async(
            transfers.get(server.link(), part, size, Report(), partial=partial, found=heard.found, kept=heard.kept)
        )
        return fetched, server


def fetch_failing(
    run_async: AsyncRun,
    transfers: CurlTransfers,
    script: Script,
    part: Path,
    partial: Partial | None,
    heard: Heard | None = None,
) -> MosaicError:
    with pytest.raises(MosaicError) as caught:
        fetch(run_async, transfers, script, part, partial, heard)
    return caught.value


@pytest.mark.parametrize("kept", [1, 1000, SIZE // 2, SIZE - 1])
@pytest.mark.parametrize("size", [SIZE, None])
def test_only_the_rest_comes(
    run_async: AsyncRun, transfers: CurlTransfers, part: Path, kept: int, size: int | None
) -> None:
    part.write_bytes(BODY[:kept])
    heard = Heard()
    fetched, server = fetch(run_async, transfers, storage(), part, Partial(kept, ETAG), heard, size)
    assert part.read_bytes() == BODY
    assert fetched.size == SIZE
    assert fetched.checksums[0].startswith("crc32c:")
    [seen] = server.seen
    assert (seen.headers["range"], seen.headers["if-range"]) == (f"bytes={kept}-", ETAG)
    assert heard.all[:2] == [ETAG, kept]
    assert heard.last == SIZE


def test_bytes_behind_those_that_were_flushed_are_not_believed(
    run_async: AsyncRun, transfers: CurlTransfers, part: Path
) -> None:
    part.write_bytes(BODY[:1000] + b"\0" * 5000)
    fetch(run_async, transfers, storage(), part, Partial(1000, ETAG))
    assert part.read_bytes() == BODY


def test_a_file_that_was_whole_is_checked_with_one_byte(
    run_async: AsyncRun, transfers: CurlTransfers, part: Path
) -> None:
    part.write_bytes(BODY)
    fetched, server = fetch(run_async, transfers, storage(), part, Partial(SIZE, ETAG))
    assert fetched.checksums
    assert part.read_bytes() == BODY
    assert server.seen[0].headers["range"] == f"bytes={SIZE - 1}-"


def answers_200(talk: Talk) -> None:
    talk.answer(200, BODY, ETag=ETAG)


def another_object(talk: Talk) -> None:
    """As storages do that do not know If-Range."""
    if "range" in talk.seen.headers:
        talk.answer(206, b"x" * 100, Content_Range=f"bytes {SIZE - 100}-{SIZE - 1}/{SIZE}", ETag='"second"')
    else:
        answers_200(talk)


def another_place(talk: Talk) -> None:
    if "range" in talk.seen.headers:
        talk.answer(206, BODY[:100], Content_Range=f"bytes 0-99/{SIZE}", ETag=ETAG)
    else:
        answers_200(talk)


def no_place(talk: Talk) -> None:
    if "range" in talk.seen.headers:
        talk.answer(206, BODY[:100], ETag=ETAG)
    else:
        answers_200(talk)


def not_satisfiable(talk: Talk) -> None:
    if "range" in talk.seen.headers:
        talk.answer(416, b"<Error><Code>InvalidRange</Code></Error>", Content_Range="bytes */5")
    else:
        answers_200(talk)


@pytest.mark.parametrize(
    "script", [answers_200, storage(etag='"second"'), another_object, another_place, no_place, not_satisfiable]
)
def test_where_it_cannot_go_on_it_begins_anew(
    run_async: AsyncRun, transfers: CurlTransfers, part: Path, script: Script
) -> None:
    part.write_bytes(b"x" * (SIZE - 100))
    heard = Heard()
    fetch(run_async, transfers, script, part, Partial(SIZE - 100, ETAG), heard)
    assert part.read_bytes() == BODY
    assert heard.all[1] == 0
    assert heard.last == SIZE


@pytest.mark.parametrize("there", [None, 999])
def test_a_part_that_is_not_there_any_more(
    run_async: AsyncRun, transfers: CurlTransfers, part: Path, there: int | None
) -> None:
    if there is not None:
        part.write_bytes(BODY[:there])
    _, server = fetch(run_async, transfers, storage(), part, Partial(1000, ETAG))
    assert part.read_bytes() == BODY
    assert "range" not in server.seen[0].headers


def test_a_part_that_is_not_what_it_was_is_given_up(run_async: AsyncRun, transfers: CurlTransfers, part: Path) -> None:
    part.write_bytes(b"?" + BODY[1:1000])
    heard = Heard()
    error = fetch_failing(run_async, transfers, storage(), part, Partial(1000, ETAG), heard)
    assert isinstance(error, IntegrityError)
    assert (error.code, error.retryable) == (Code.WRONG_CONTENT, True)
    assert heard.last == 0
    assert part.stat().st_size == 0


def cut_at(count: int) -> Script:
    def script(talk: Talk) -> None:
        head = f"HTTP/1.1 200 OK\r\nETag: {ETAG}\r\nContent-Length: {SIZE}\r\n\r\n"
        talk.send(head.encode() + BODY[:count])
        talk.connection.shutdown(1)
        talk.wait_until_gone()

    return script


@pytest.mark.parametrize("count", [1, 100_000, 1024 * 1024, SIZE - 1])
def test_what_came_before_a_break_is_kept_to_the_byte(
    run_async: AsyncRun, transfers: CurlTransfers, part: Path, count: int
) -> None:
    heard = Heard()
    error = fetch_failing(run_async, transfers, cut_at(count), part, None, heard)
    assert isinstance(error, NetworkError)
    assert heard.all[:2] == [ETAG, 0]
    assert heard.last == count
    assert part.read_bytes() == BODY[:count]
    fetch(run_async, transfers, storage(), part, Partial(count, ETAG))
    assert part.read_bytes() == BODY


def test_a_long_download_tells_what_is_flushed_while_it_moves(
    run_async: AsyncRun, transfers: CurlTransfers, part: Path
) -> None:
    over, heard = Event(), Heard()

    def script(talk: Talk) -> None:
        talk.send(f"HTTP/1.1 200 OK\r\nETag: {ETAG}\r\nContent-Length: {SIZE}\r\n\r\n".encode() + BODY[:-5])
        over.wait(HELD)
        talk.send(BODY[-5:])

    async def drive() -> None:
        fetching = asyncio.ensure_future(
            transfers.get(server.link(), part, SIZE, Report(), found=heard.found, kept=heard.kept)
        )
        await until_async(lambda: len(heard.all) > 2)
        assert not fetching.done()
        over.set()
        await fetching

    with StorageServer(script) as server:
        run_async(drive())
    etag, none, flushed, *_, last = heard.all
    assert (etag, none, last) == (ETAG, 0, SIZE)
    assert isinstance(flushed, int)
    assert 4 * 1024 * 1024 < flushed < SIZE


def test_cancel_keeps_what_came(run_async: AsyncRun, transfers: CurlTransfers, part: Path) -> None:
    over, heard, report = Event(), Heard(), Report()
    count = SIZE // 2

    def script(talk: Talk) -> None:
        talk.send(f"HTTP/1.1 200 OK\r\nETag: {ETAG}\r\nContent-Length: {SIZE}\r\n\r\n".encode() + BODY[:count])
        over.wait(HELD)

    async def drive() -> None:
        fetching = asyncio.ensure_future(
            transfers.get(server.link(), part, SIZE, report, found=heard.found, kept=heard.kept)
        )
        await until_async(lambda: report.done == count)
        fetching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(fetching, AT_ONCE)
        over.set()

    with StorageServer(script) as server:
        run_async(drive())
    assert heard.last == count
    assert part.read_bytes() == BODY[:count]


@pytest.mark.parametrize("etag", [None, 'W/"first"'])
def test_nothing_is_kept_of_what_cannot_be_told_apart(
    run_async: AsyncRun, transfers: CurlTransfers, part: Path, etag: str | None
) -> None:
    heard = Heard()

    def script(talk: Talk) -> None:
        talk.answer(200, BODY, **({} if etag is None else {"ETag": etag}))

    fetch(run_async, transfers, script, part, None, heard)
    assert heard.all == []


def test_a_file_that_grows_beyond_what_was_announced_is_given_up(
    run_async: AsyncRun, transfers: CurlTransfers, part: Path
) -> None:
    heard = Heard()

    def script(talk: Talk) -> None:
        head = f"HTTP/1.1 200 OK\r\nETag: {ETAG}\r\n\r\n"
        talk.send(head.encode() + BODY + b"more" * 1024)

    error = fetch_failing(run_async, transfers, script, part, None, heard)
    assert error.code == Code.WRONG_SIZE
    assert heard.last == 0


@pytest.fixture
def small_disk() -> Iterator[int]:
    """The system takes so many bytes of any file and refuses the next one."""
    room, before = 3 * 1024 * 1024 + 123, resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    yield room
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_the_disk_took_before_it_refused_is_kept(
    run_async: AsyncRun, transfers: CurlTransfers, part: Path, small_disk: int
) -> None:
    heard = Heard()
    error = fetch_failing(run_async, transfers, storage(), part, None, heard)
    assert isinstance(error, LocalFileError)
    assert heard.last == small_disk
    assert part.read_bytes() == BODY[:small_disk]


def test_there_must_be_room_for_the_rest_only(run_async: AsyncRun, transfers: CurlTransfers, part: Path) -> None:
    """Of an object that is larger than the disk all but the end is there, in a file with a hole."""
    free = shutil.disk_usage(part.parent).free
    size, kept = free * 2, free * 2 - 1000
    with part.open("wb") as file:
        file.truncate(kept)

    def script(talk: Talk) -> None:
        talk.answer(206, BODY[:1000], Content_Range=f"bytes {kept}-{size - 1}/{size}", ETag=ETAG)

    fetched, _ = fetch(run_async, transfers, script, part, Partial(kept, ETAG), size=size)
    assert fetched.size == size
