"""What a storage receives, and what the caller is told when it does not get everything."""

import asyncio
import hashlib
import os
import socket
import time
import traceback
from collections.abc import Callable, Coroutine
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from blake3 import blake3

from mosaic_desktop.core.errors import Code, IntegrityError, LocalFileError, MosaicError, NetworkError, StorageError
from mosaic_desktop.core.ports import SentFile
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.transfers.curl import CurlTransfers
from mosaic_desktop.transfers.exchange import Settings
from tests.support.loop import AsyncRun
from tests.support.waiting import PATIENCE, until_async
from tests.transfers.conftest import Report
from tests.transfers.storage_server import AT_ONCE, HELD, SIGNATURE, Script, StorageServer, Talk, nobody_listening

SIZE = 12 * 1024 * 1024 + 7


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(os.urandom(SIZE))
    return path


def store(talk: Talk) -> None:
    talk.invite()
    talk.take()
    talk.answer(200)


def send_failing(
    run_async: AsyncRun, transfers: CurlTransfers, script: Script, clip: Path, size: int = SIZE
) -> tuple[MosaicError, StorageServer]:
    with StorageServer(script) as server:
        with pytest.raises(MosaicError) as caught:
            run_async(transfers.put(server.link(), clip, size, "video/mp4", Report()))
        assert_no_signature(caught.value)
        return caught.value, server


def assert_no_signature(error: MosaicError) -> None:
    texts = [str(error), repr(error), error.detail, repr(error.problem), *traceback.format_exception(error)]
    assert not any(SIGNATURE in text for text in texts)


def test_storage_gets_exactly_the_file(
    run_async: AsyncRun, transfers: CurlTransfers, clip: Path, own_home: Path, report: Report
) -> None:
    (own_home / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    with StorageServer(store) as server:
        sent = run_async(transfers.put(server.link(), clip, SIZE, "video/quicktime", report))
    [seen] = server.seen
    assert sent == SentFile(f"blake3:{blake3(clip.read_bytes()).hexdigest()}")
    assert (seen.method, seen.target) == ("PUT", f"/bucket/clip.mp4?X-Goog-Signature={SIGNATURE}")
    assert hashlib.sha256(seen.body).digest() == hashlib.sha256(clip.read_bytes()).digest()
    assert seen.headers["content-length"] == str(SIZE)
    assert seen.headers["content-type"] == "video/quicktime"
    unwanted = {"authorization", "x-api-key", "cookie", "transfer-encoding", "content-encoding"}
    assert not unwanted & seen.headers.keys()


@pytest.mark.parametrize("status", [200, 201, 204])
def test_success(run_async: AsyncRun, transfers: CurlTransfers, clip: Path, status: int) -> None:
    def script(talk: Talk) -> None:
        talk.invite()
        talk.take()
        talk.send(f"HTTP/1.1 {status} Stored\r\n{'Content-Length: 0' if status != 204 else 'X: y'}\r\n\r\n".encode())

    with StorageServer(script) as server:
        run_async(transfers.put(server.link(), clip, SIZE, "video/mp4", Report()))
    assert server.seen[0].received == SIZE


def test_empty_file(run_async: AsyncRun, transfers: CurlTransfers, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with StorageServer(store) as server:
        run_async(transfers.put(server.link(), tmp_path / "empty", 0, "video/mp4", Report()))
    assert server.seen[0].headers["content-length"] == "0"


def test_progress_grows_and_ends_at_the_total(
    run_async: AsyncRun, transfers: CurlTransfers, clip: Path, report: Report
) -> None:
    halfway = Event()

    def script(talk: Talk) -> None:
        talk.invite()
        talk.take(SIZE // 2, keep=False)
        halfway.wait(HELD)
        talk.take(keep=False)
        talk.answer(200)

    async def drive() -> None:
        sending = asyncio.ensure_future(transfers.put(server.link(), clip, SIZE, "video/mp4", report))
        await until_async(lambda: report.done > 0)
        assert report.done < SIZE
        halfway.set()
        await sending

    with StorageServer(script) as server:
        run_async(drive())
    done = [moved for moved, _ in report.heard]
    assert done == sorted(done)
    assert report.heard[-1] == (SIZE, SIZE)
    assert {total for _, total in report.heard} == {SIZE}


def test_six_gigabytes_are_announced_as_such(run_async: AsyncRun, transfers: CurlTransfers, tmp_path: Path) -> None:
    size = 6 * 1000**3
    sparse = tmp_path / "long.mp4"
    with sparse.open("wb") as file:
        file.truncate(size)

    def script(talk: Talk) -> None:
        talk.invite()
        talk.take(1024, keep=False)
        talk.answer(503)
        talk.wait_until_gone()

    error, server = send_failing(run_async, transfers, script, sparse, size)
    assert server.seen[0].announced == size
    assert error.status == 503


def test_refusal_before_the_body(run_async: AsyncRun, transfers: CurlTransfers, clip: Path) -> None:
    def script(talk: Talk) -> None:
        talk.answer(403, b"<Error><Code>SignatureDoesNotMatch</Code><StringToSign>c0ffee5167</StringToSign></Error>")

    error, server = send_failing(run_async, transfers, script, clip)
    assert isinstance(error, StorageError)
    assert (error.code, error.retryable, error.status) == (Code.LINK_REFUSED, False, 403)
    assert server.seen[0].received == 0


@pytest.mark.parametrize("taken", [1, 1024 * 1024])
def test_refusal_while_the_body_is_sent(run_async: AsyncRun, transfers: CurlTransfers, clip: Path, taken: int) -> None:
    def script(talk: Talk) -> None:
        talk.invite()
        talk.take(taken, keep=False)
        talk.answer(400, b"<?xml version='1.0'?><Error><Code>ExpiredToken</Code></Error>")
        talk.wait_until_gone()

    error, _ = send_failing(run_async, transfers, script, clip)
    assert (error.code, error.retryable, error.status) == (Code.LINK_EXPIRED, True, 400)


def test_success_before_the_whole_body_is_none(run_async: AsyncRun, transfers: CurlTransfers, clip: Path) -> None:
    def script(talk: Talk) -> None:
        talk.invite()
        talk.take(1024, keep=False)
        talk.answer(200)
        talk.connection.shutdown(socket.SHUT_WR)
        talk.wait_until_gone()

    error, _ = send_failing(run_async, transfers, script, clip)
    assert error.retryable


def test_storage_that_kept_less(run_async: AsyncRun, transfers: CurlTransfers, clip: Path) -> None:
    def script(talk: Talk) -> None:
        talk.invite()
        talk.take(keep=False)
        talk.answer(200, x_goog_stored_content_length="17")

    error, _ = send_failing(run_async, transfers, script, clip)
    assert isinstance(error, IntegrityError)
    assert error.code == Code.WRONG_SIZE


def cut_at_once(talk: Talk) -> None:
    talk.cut()


def cut_in_the_middle(talk: Talk) -> None:
    talk.invite()
    talk.take(SIZE // 2, keep=False)
    talk.cut()


def cut_after_the_last_byte(talk: Talk) -> None:
    talk.invite()
    talk.take(keep=False)
    talk.cut()


def close_after_the_last_byte(talk: Talk) -> None:
    talk.invite()
    talk.take(keep=False)


@pytest.mark.parametrize("script", [cut_at_once, cut_in_the_middle, cut_after_the_last_byte, close_after_the_last_byte])
def test_cut(run_async: AsyncRun, transfers: CurlTransfers, clip: Path, script: Script) -> None:
    error, _ = send_failing(run_async, transfers, script, clip)
    assert isinstance(error, NetworkError)
    assert (error.code, error.seen, error.retryable) == (Code.INTERRUPTED, True, True)


def test_nobody_there(run_async: AsyncRun, transfers: CurlTransfers, clip: Path) -> None:
    with nobody_listening() as link, pytest.raises(NetworkError) as caught:
        run_async(transfers.put(link, clip, SIZE, "video/mp4", Report()))
    assert (caught.value.code, caught.value.seen) == (Code.UNREACHABLE, False)
    assert_no_signature(caught.value)


def test_no_secure_connection(run_async: AsyncRun, transfers: CurlTransfers, clip: Path) -> None:
    def answer_in_the_clear() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=answer_in_the_clear)
        thread.start()
        link = Secret(f"https://127.0.0.1:{listening.getsockname()[1]}/clip?X-Goog-Signature={SIGNATURE}")
        with pytest.raises(NetworkError) as caught:
            run_async(transfers.put(link, clip, SIZE, "video/mp4", Report()))
        thread.join(PATIENCE)
    assert (caught.value.code, caught.value.seen) == (Code.TLS, False)
    assert_no_signature(caught.value)


def test_redirect_is_not_followed(run_async: AsyncRun, transfers: CurlTransfers, clip: Path) -> None:
    with StorageServer(store) as elsewhere:
        where = elsewhere.link("/elsewhere").reveal()
        error, _ = send_failing(run_async, transfers, lambda talk: talk.answer(307, Location=where), clip)
    assert isinstance(error, StorageError)
    assert error.code == Code.REDIRECTED
    assert not elsewhere.seen


@pytest.mark.parametrize("taken", [0, SIZE // 2, SIZE])
def test_stall(run_async: AsyncRun, clip: Path, taken: int) -> None:
    over = Event()
    transfers = CurlTransfers(settings=Settings(stall=0.3, answer=0.3))

    def script(talk: Talk) -> None:
        if taken:
            talk.invite()
            talk.take(taken, keep=False)
        over.wait(HELD)

    async def drive() -> None:
        try:
            await transfers.put(server.link(), clip, SIZE, "video/mp4", Report())
        finally:
            over.set()
            await transfers.aclose()

    with StorageServer(script) as server, pytest.raises(NetworkError) as caught:
        run_async(drive())
    assert (caught.value.code, caught.value.retryable) == (Code.INTERRUPTED, True)


@pytest.mark.parametrize("taken", [0, SIZE // 2, SIZE])
def test_cancel_ends_it_at_once(
    run_async: AsyncRun, transfers: CurlTransfers, clip: Path, report: Report, taken: int
) -> None:
    """libcurl alone would look up a second later. One of several is quick, since a busy machine slows only some."""
    reached, over = Event(), Event()

    def script(talk: Talk) -> None:
        if taken:
            talk.invite()
            talk.take(taken, keep=False)
        reached.set()
        over.wait(HELD)

    async def drive() -> float:
        sending = asyncio.ensure_future(transfers.put(server.link(), clip, SIZE, "video/mp4", report))
        await until_async(reached.is_set)
        reached.clear()
        begun = time.monotonic()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        return time.monotonic() - begun

    with StorageServer(script) as server:
        assert any(run_async(drive()) < 0.5 for _ in range(10))
        over.set()
        heard = len(report.heard)
        run_async(asyncio.sleep(0))
        assert len(report.heard) == heard


def test_cancel_while_waiting_for_a_free_worker(run_async: AsyncRun, clip: Path) -> None:
    over = Event()

    async def drive() -> None:
        transfers = CurlTransfers(max_workers=1)
        first, second = (
            asyncio.ensure_future(transfers.put(server.link(path), clip, SIZE, "video/mp4", Report()))
            for path in ("/first", "/second")
        )
        await until_async(lambda: server.seen)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(second, AT_ONCE)
        assert not first.done()
        await transfers.aclose()
        with pytest.raises(NetworkError):
            await first
        over.set()

    def script(_talk: Talk) -> None:
        over.wait(HELD)

    with StorageServer(script) as server:
        run_async(drive())
    assert [seen.target.partition("?")[0] for seen in server.seen] == ["/first"]


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def shorten(path: Path) -> None:
    os.truncate(path, SIZE - 1)


def rewrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"other")


@pytest.mark.parametrize("change", [append, shorten, rewrite])
def test_file_that_changes_while_it_is_sent(
    run_async: AsyncRun, transfers: CurlTransfers, clip: Path, change: Callable[[Path], None]
) -> None:
    def script(talk: Talk) -> None:
        talk.invite()
        talk.take(1024, keep=False)
        change(clip)
        talk.take(keep=False)
        if talk.seen.received == SIZE:
            talk.answer(200)

    error, server = send_failing(run_async, transfers, script, clip)
    assert isinstance(error, LocalFileError)
    assert error.code == Code.FILE_CHANGED
    assert server.seen[0].received < SIZE


@pytest.mark.parametrize("wrong_by", [-1, 1])
def test_file_of_another_size(run_async: AsyncRun, transfers: CurlTransfers, clip: Path, wrong_by: int) -> None:
    error, server = send_failing(run_async, transfers, store, clip, SIZE + wrong_by)
    assert error.code == Code.FILE_CHANGED
    assert not server.seen


def test_file_that_is_gone(run_async: AsyncRun, transfers: CurlTransfers, tmp_path: Path) -> None:
    error, _ = send_failing(run_async, transfers, store, tmp_path / "gone.mp4")
    assert (error.code, error.retryable) == (Code.FILE_MISSING, False)


def test_no_regular_file(run_async: AsyncRun, transfers: CurlTransfers, tmp_path: Path) -> None:
    error, _ = send_failing(run_async, transfers, store, tmp_path)
    assert error.code == Code.FILE_UNREADABLE


@pytest.mark.parametrize(
    "link",
    [
        "",
        "clip.mp4",
        "ftp://127.0.0.1/clip",
        "file:///etc/passwd",
        "http://me:secret@127.0.0.1/",
        "http://[",
        "http://a\nb",
    ],
)
def test_link_that_is_none(run_async: AsyncRun, transfers: CurlTransfers, clip: Path, link: str) -> None:
    with pytest.raises(StorageError) as caught:
        run_async(transfers.put(Secret(link), clip, SIZE, "video/mp4", Report()))
    assert (caught.value.code, caught.value.retryable) == (Code.LINK_REFUSED, False)


@pytest.mark.parametrize("host", ["storage.invalid", "localhost.invalid", "127.0.0.1.invalid", "192.0.2.1:9"])
def test_link_that_is_not_encrypted_is_for_this_computer_only(
    run_async: AsyncRun, transfers: CurlTransfers, clip: Path, host: str
) -> None:
    link = Secret(f"http://{host}/clip?signature=abc")
    ways: list[Callable[[], Coroutine[Any, Any, object]]] = [
        lambda: transfers.put(link, clip, SIZE, "video/mp4", Report()),
        lambda: transfers.get(link, clip.with_suffix(".part"), None, Report()),
    ]
    for way in ways:
        with pytest.raises(StorageError) as caught:
            run_async(way())
        assert (caught.value.code, caught.value.retryable) == (Code.LINK_REFUSED, False)
        assert "not encrypted" in sentence(caught.value.problem)
