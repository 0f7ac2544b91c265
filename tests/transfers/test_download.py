"""What lands on disk, and what the caller is told when it is not the file that was announced."""

import asyncio
import base64
import hashlib
import random
import time
import traceback
from pathlib import Path
from threading import Event

import google_crc32c
import pytest

from mosaic_desktop.core.errors import Code, IntegrityError, LocalFileError, MosaicError, NetworkError, StorageError
from mosaic_desktop.core.ports import FetchedFile
from mosaic_desktop.transfers.curl import CurlTransfers
from mosaic_desktop.transfers.exchange import Settings
from tests.support.loop import AsyncRun
from tests.support.waiting import until_async
from tests.transfers.conftest import Report
from tests.transfers.storage_server import AT_ONCE, HELD, SIGNATURE, Script, StorageServer, Talk, nobody_listening

BODY = random.Random("download").randbytes(5 * 1024 * 1024 + 3)  # its checksums name tests, the same in each process
MD5 = hashlib.md5(BODY, usedforsecurity=False)
CRC32C = google_crc32c.value(BODY).to_bytes(4, "big")


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "clip.mp4.part"


def goog_hash(crc32c: bytes | None = None, md5: bytes | None = None) -> str:
    known = {"crc32c": crc32c, "md5": md5}
    return ",".join(f"{name}={base64.b64encode(value).decode()}" for name, value in known.items() if value is not None)


def deliver(talk: Talk) -> None:
    talk.answer(200, BODY)


def announce(length: int | None, *lines: str) -> bytes:
    head = ["HTTP/1.1 200 OK", *lines] + ([] if length is None else [f"Content-Length: {length}"])
    return "\r\n".join([*head, "", ""]).encode()


def fetch_failing(
    run_async: AsyncRun, transfers: CurlTransfers, script: Script, part: Path, size: int | None = None
) -> MosaicError:
    with StorageServer(script) as server, pytest.raises(MosaicError) as caught:
        run_async(transfers.get(server.link(), part, size, Report()))
    error = caught.value
    texts = [str(error), repr(error), error.detail, repr(error.problem), *traceback.format_exception(error)]
    assert not any(SIGNATURE in text for text in texts)
    return error


@pytest.mark.parametrize("size", [None, len(BODY)])
def test_the_file_lands_whole(
    run_async: AsyncRun, transfers: CurlTransfers, part: Path, report: Report, size: int | None
) -> None:
    part.write_bytes(b"older and longer" * 1024 * 1024)
    with StorageServer(deliver) as server:
        fetched = run_async(transfers.get(server.link(), part, size, report))
    assert part.read_bytes() == BODY
    assert fetched == FetchedFile(len(BODY))
    assert report.heard[-1] == (len(BODY), len(BODY))
    [seen] = server.seen
    assert (seen.method, seen.headers["accept-encoding"]) == ("GET", "identity")
    assert not {"authorization", "x-api-key", "cookie", "range"} & seen.headers.keys()


@pytest.mark.parametrize(
    ("announced", "checked"),
    [
        (goog_hash(crc32c=CRC32C, md5=MD5.digest()), f"crc32c:{CRC32C.hex()}"),
        (goog_hash(crc32c=CRC32C), f"crc32c:{CRC32C.hex()}"),
        (goog_hash(md5=MD5.digest()), f"md5:{MD5.hexdigest()}"),
        (f"crc32c=short,{goog_hash(md5=MD5.digest())}", f"md5:{MD5.hexdigest()}"),
    ],
)
def test_announced_checksum_is_checked(
    run_async: AsyncRun, transfers: CurlTransfers, part: Path, announced: str, checked: str
) -> None:
    with StorageServer(lambda talk: talk.answer(200, BODY, x_goog_hash=announced)) as server:
        fetched = run_async(transfers.get(server.link(), part, len(BODY), Report()))
    assert fetched.checksums == (checked,)


@pytest.mark.parametrize("announced", [goog_hash(crc32c=CRC32C), goog_hash(md5=MD5.digest())])
def test_wrong_checksum(run_async: AsyncRun, transfers: CurlTransfers, part: Path, announced: str) -> None:
    def script(talk: Talk) -> None:
        talk.answer(200, BODY[:-1] + b"?", x_goog_hash=announced)

    error = fetch_failing(run_async, transfers, script, part, len(BODY))
    assert isinstance(error, IntegrityError)
    assert (error.code, error.retryable) == (Code.WRONG_CONTENT, True)
    assert part.stat().st_size == 0


@pytest.mark.parametrize("value", ["", "crc32c=short", "crc32c=AAAAAAAAAA==", "md5=x", "md5=!!!!!!!!!!!!!!!!!!!!!!=="])
def test_unusable_checksum_is_ignored(run_async: AsyncRun, transfers: CurlTransfers, part: Path, value: str) -> None:
    with StorageServer(lambda talk: talk.answer(200, BODY, x_goog_hash=value)) as server:
        assert run_async(transfers.get(server.link(), part, None, Report())).checksums == ()


def test_empty_file(run_async: AsyncRun, transfers: CurlTransfers, part: Path, report: Report) -> None:
    with StorageServer(lambda talk: talk.answer(200)) as server:
        assert run_async(transfers.get(server.link(), part, None, report)).size == 0
    assert part.read_bytes() == b""
    assert report.heard[-1] == (0, 0)


def test_file_of_another_size_is_refused_before_it_is_written(
    run_async: AsyncRun, transfers: CurlTransfers, part: Path
) -> None:
    part.write_bytes(b"kept")
    error = fetch_failing(run_async, transfers, deliver, part, len(BODY) + 1)
    assert (error.code, error.retryable) == (Code.WRONG_SIZE, True)
    assert part.read_bytes() == b"kept"


@pytest.mark.parametrize("missing", [1, len(BODY) // 2, len(BODY)])
@pytest.mark.parametrize("hard", [True, False])
def test_body_that_is_cut(run_async: AsyncRun, transfers: CurlTransfers, part: Path, missing: int, hard: bool) -> None:
    def script(talk: Talk) -> None:
        talk.send(announce(len(BODY)) + BODY[: len(BODY) - missing])
        if hard:
            talk.cut()

    error = fetch_failing(run_async, transfers, script, part)
    assert isinstance(error, NetworkError)
    assert (error.code, error.retryable) == (Code.INTERRUPTED, True)


def test_body_in_chunks(run_async: AsyncRun, transfers: CurlTransfers, part: Path) -> None:
    def script(talk: Talk) -> None:
        talk.send(announce(None, "Transfer-Encoding: chunked") + b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY))

    with StorageServer(script) as server:
        assert run_async(transfers.get(server.link(), part, None, Report())).size == len(BODY)
    assert part.read_bytes() == BODY


def test_chunks_without_an_end(run_async: AsyncRun, transfers: CurlTransfers, part: Path) -> None:
    def script(talk: Talk) -> None:
        talk.send(announce(None, "Transfer-Encoding: chunked") + b"%x\r\n%b\r\n" % (len(BODY), BODY))

    assert fetch_failing(run_async, transfers, script, part).code == Code.INTERRUPTED


@pytest.mark.parametrize("sent", [len(BODY) - 1, len(BODY) + 1])
def test_unframed_body_of_a_wrong_size(run_async: AsyncRun, transfers: CurlTransfers, part: Path, sent: int) -> None:
    def script(talk: Talk) -> None:
        talk.send(announce(None) + (BODY + b"?")[:sent])

    assert fetch_failing(run_async, transfers, script, part, len(BODY)).code == Code.WRONG_SIZE


def test_unframed_body_of_the_wanted_size(run_async: AsyncRun, transfers: CurlTransfers, part: Path) -> None:
    with StorageServer(lambda talk: talk.send(announce(None) + BODY)) as server:
        assert run_async(transfers.get(server.link(), part, len(BODY), Report())).size == len(BODY)


def test_body_that_nothing_can_check_is_refused(run_async: AsyncRun, transfers: CurlTransfers, part: Path) -> None:
    assert fetch_failing(run_async, transfers, lambda talk: talk.send(announce(None) + BODY), part).code == (
        Code.WRONG_SIZE
    )


def test_packed_body_is_refused(run_async: AsyncRun, transfers: CurlTransfers, part: Path) -> None:
    error = fetch_failing(run_async, transfers, lambda talk: talk.answer(200, BODY, Content_Encoding="gzip"), part)
    assert error.code == Code.STORAGE


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, b"<Error><Code>ExpiredToken</Code></Error>", Code.LINK_EXPIRED),
        (403, b"<Error><Code>AccessDenied</Code></Error>", Code.LINK_REFUSED),
        (404, b"", Code.LINK_EXPIRED),
        (206, BODY, Code.STORAGE),
        (503, b"<html>" + BODY, Code.STORAGE),
    ],
)
def test_other_answers_leave_the_file_alone(
    run_async: AsyncRun, transfers: CurlTransfers, part: Path, status: int, body: bytes, code: Code
) -> None:
    part.write_bytes(b"kept")
    error = fetch_failing(run_async, transfers, lambda talk: talk.answer(status, body), part)
    assert isinstance(error, StorageError)
    assert (error.code, error.status) == (code, status)
    assert part.read_bytes() == b"kept"


def test_redirect_is_not_followed(run_async: AsyncRun, transfers: CurlTransfers, part: Path) -> None:
    with StorageServer(deliver) as elsewhere:
        where = elsewhere.link("/elsewhere").reveal()
        error = fetch_failing(run_async, transfers, lambda talk: talk.answer(302, Location=where), part)
    assert error.code == Code.REDIRECTED
    assert not elsewhere.seen


def test_nobody_there(run_async: AsyncRun, transfers: CurlTransfers, part: Path) -> None:
    with nobody_listening() as link, pytest.raises(NetworkError) as caught:
        run_async(transfers.get(link, part, None, Report()))
    assert caught.value.code == Code.UNREACHABLE
    assert not part.exists()


def test_disk_without_room_for_it(run_async: AsyncRun, transfers: CurlTransfers, part: Path) -> None:
    def script(talk: Talk) -> None:
        talk.send(announce(10**18) + BODY)
        talk.wait_until_gone()

    error = fetch_failing(run_async, transfers, script, part)
    assert isinstance(error, LocalFileError)
    assert (error.code, error.retryable) == (Code.DISK_FULL, False)
    assert part.stat().st_size == 0


def test_disk_that_fills_up(run_async: AsyncRun, transfers: CurlTransfers) -> None:
    error = fetch_failing(run_async, transfers, deliver, Path("/dev/full"))
    assert isinstance(error, LocalFileError)
    assert error.code == Code.DISK_FULL


def test_folder_that_is_gone(run_async: AsyncRun, transfers: CurlTransfers, tmp_path: Path) -> None:
    error = fetch_failing(run_async, transfers, deliver, tmp_path / "gone" / "clip.mp4.part")
    assert error.code == Code.FOLDER_UNWRITABLE


def test_sizes_beyond_32_bits(run_async: AsyncRun, transfers: CurlTransfers, part: Path, report: Report) -> None:
    size, over = 6 * 1000**3, Event()

    def script(talk: Talk) -> None:
        talk.send(announce(size) + BODY)
        over.wait(HELD)

    async def drive() -> None:
        fetching = asyncio.ensure_future(transfers.get(server.link(), part, size, report))
        await until_async(lambda: report.done == len(BODY))
        over.set()
        with pytest.raises(NetworkError):
            await fetching

    with StorageServer(script) as server:
        run_async(drive())
    assert report.heard[-1] == (len(BODY), size)


def test_stall(run_async: AsyncRun, part: Path) -> None:
    over = Event()
    transfers = CurlTransfers(settings=Settings(stall=0.3))

    def script(talk: Talk) -> None:
        talk.send(announce(len(BODY)) + BODY[:100])
        over.wait(HELD)

    async def drive() -> None:
        try:
            await transfers.get(server.link(), part, None, Report())
        finally:
            over.set()
            await transfers.aclose()

    with StorageServer(script) as server, pytest.raises(NetworkError) as caught:
        run_async(drive())
    assert (caught.value.code, caught.value.retryable) == (Code.INTERRUPTED, True)


@pytest.mark.parametrize("sent", [0, len(BODY) // 2])
def test_cancel_ends_it_at_once_and_nobody_writes_afterwards(
    run_async: AsyncRun, transfers: CurlTransfers, part: Path, sent: int
) -> None:
    """libcurl alone would look up a second later. One of several is quick, since a busy machine slows only some."""
    over = Event()

    def script(talk: Talk) -> None:
        if sent:
            talk.send(announce(len(BODY)) + BODY[:sent])
        over.wait(HELD)
        talk.send(BODY[sent:])

    async def drive() -> float:
        report, before = Report(), len(server.seen)
        fetching = asyncio.ensure_future(transfers.get(server.link(), part, None, report))
        await until_async(lambda: report.done == sent if sent else len(server.seen) > before)
        begun = time.monotonic()
        fetching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetching
        return time.monotonic() - begun

    with StorageServer(script) as server:
        assert any(run_async(drive()) < 0.5 for _ in range(10))
        size = part.stat().st_size if part.exists() else None
        over.set()
    assert (part.stat().st_size if part.exists() else None) == size


def test_closing_ends_what_moves(run_async: AsyncRun, part: Path, report: Report) -> None:
    over = Event()

    def script(talk: Talk) -> None:
        talk.send(announce(len(BODY)) + BODY[:-1])
        over.wait(HELD)

    async def drive() -> None:
        transfers = CurlTransfers()
        fetching = asyncio.ensure_future(transfers.get(server.link(), part, None, report))
        await until_async(lambda: report.done)
        await asyncio.wait_for(transfers.aclose(), AT_ONCE)
        with pytest.raises(NetworkError):
            await fetching
        over.set()

    with StorageServer(script) as server:
        run_async(drive())
