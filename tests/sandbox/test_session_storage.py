"""Upload sessions: the resumable protocol as Google Cloud Storage shows it to clients."""

import base64
import hashlib
import os
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.sandbox.client import Client, answer, connect, refusal
from tests.sandbox.test_storage import code
from tests.support.sandbox_server import start_sandbox
from tests.support.waiting import until

GRAIN = 256 * 1024
SIZE = 3 * GRAIN + 1000
DATA = os.urandom(SIZE)
WEEK = 7 * 24 * 3600


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with (
        start_sandbox(tmp_path_factory.mktemp("sessions"), "--uploads", "session") as server,
        connect(server.base_url, server.api_key) as client,
    ):
        yield client


def send(client: Client, link: str, start: int, end: int, total: int | str = SIZE) -> httpx.Response:
    return client.put(link, DATA[start:end], **{"Content-Range": f"bytes {start}-{end - 1}/{total}"})


def ask(client: Client, link: str) -> httpx.Response:
    return client.put(link, b"", **{"Content-Range": f"bytes */{SIZE}"})


def has(response: httpx.Response) -> int:
    assert response.status_code == 308
    return int(response.headers.get("range", "bytes=0--1").removeprefix("bytes=0-")) + 1


def assert_whole(client: Client, announced: dict[str, str], response: httpx.Response) -> None:
    assert response.status_code == 200
    assert response.headers["x-goog-stored-content-length"] == str(SIZE)
    assert base64.b64encode(hashlib.md5(DATA).digest()).decode() in response.headers["x-goog-hash"]
    file = answer(client.post(f"/video/finalize-upload/{announced['video_id']}"))
    assert client.storage.get(file["url"]).content == DATA


def test_a_video_arrives_in_chunks(client: Client) -> None:
    announced = client.announce(SIZE)
    link = announced["upload_url"]
    assert parse_qs(urlsplit(link).query).keys() == {"upload_id"}
    assert has(ask(client, link)) == 0
    assert has(send(client, link, 0, GRAIN)) == GRAIN
    assert has(send(client, link, GRAIN, 3 * GRAIN)) == 3 * GRAIN
    assert has(ask(client, link)) == 3 * GRAIN
    assert "not arrived" in client.post(f"/video/finalize-upload/{announced['video_id']}").json()["detail"]
    assert_whole(client, announced, send(client, link, 3 * GRAIN, SIZE))
    assert_whole(client, announced, ask(client, link))
    assert_whole(client, announced, send(client, link, 0, GRAIN))


def test_a_plain_put_brings_it_all(client: Client) -> None:
    announced = client.announce(SIZE)
    assert_whole(client, announced, client.put(announced["upload_url"], DATA))


def test_bytes_that_are_there_are_passed_over(client: Client) -> None:
    announced = client.announce(SIZE)
    link = announced["upload_url"]
    send(client, link, 0, 2 * GRAIN)
    assert has(send(client, link, 0, GRAIN)) == 2 * GRAIN
    assert_whole(client, announced, send(client, link, GRAIN, SIZE))


def test_a_gap_is_refused_with_what_is_there(client: Client) -> None:
    link = client.announce(SIZE)["upload_url"]
    send(client, link, 0, GRAIN)
    response = send(client, link, 2 * GRAIN, SIZE)
    assert response.status_code == 503
    assert f"offset is {2 * GRAIN}" in response.text
    assert has(ask(client, link)) == GRAIN


@pytest.mark.parametrize(
    "content_range",
    [
        f"bytes 0-{GRAIN - 1}/{SIZE + 1}",
        f"bytes 0-{GRAIN}/{SIZE}",
        f"bytes 5-4/{SIZE}",
        "bytes 0-99/*/",
        "nonsense",
        f"bytes */{SIZE + 1}",
    ],
)
def test_ranges_that_do_not_fit_are_refused(client: Client, content_range: str) -> None:
    link = client.announce(SIZE)["upload_url"]
    response = client.put(link, DATA[:GRAIN], **{"Content-Range": content_range})
    assert code(response) == (400, "InvalidArgument")
    assert has(ask(client, link)) == 0


def test_chunks_are_multiples_of_256_kib(client: Client) -> None:
    link = client.announce(SIZE)["upload_url"]
    assert code(send(client, link, 0, 1000)) == (400, "InvalidArgument")
    assert has(send(client, link, 0, GRAIN, "*")) == GRAIN


def test_what_came_before_a_break_is_kept_in_whole_grains(client: Client) -> None:
    announced = client.announce(SIZE)
    link = announced["upload_url"]
    parts = urlsplit(link)
    head = (
        f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: x\r\nContent-Length: {SIZE}\r\n"
        f"Content-Range: bytes 0-{SIZE - 1}/{SIZE}\r\n\r\n"
    )
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as connection:
        connection.sendall(head.encode() + DATA[: 2 * GRAIN + 500])
    until(lambda: has(ask(client, link)) == 2 * GRAIN)
    assert_whole(client, announced, send(client, link, 2 * GRAIN, SIZE))


def test_a_connection_that_hangs_while_another_brings_it_all_leaves_nothing(tmp_path: Path) -> None:
    options = ("--uploads", "session")
    with start_sandbox(tmp_path, *options) as server, connect(server.base_url, server.api_key) as client:
        announced = client.announce(SIZE)
        parts = urlsplit(announced["upload_url"])
        head = f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: x\r\nContent-Length: {SIZE}\r\n"
        with socket.create_connection((parts.hostname or "", parts.port or 0)) as connection:
            connection.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
            assert connection.recv(99).startswith(b"HTTP/1.1 100")
            assert_whole(client, announced, client.put(announced["upload_url"], DATA))
            connection.sendall(DATA)
            assert connection.recv(99).startswith(b"HTTP/1.1 200")
        assert_whole(client, announced, ask(client, announced["upload_url"]))
        assert len(list(tmp_path.glob("uploads/*"))) == 1


def test_a_cancelled_session_is_gone(client: Client) -> None:
    link = client.announce(SIZE)["upload_url"]
    send(client, link, 0, GRAIN)
    assert client.storage.delete(link).status_code == 499
    assert code(ask(client, link)) == (410, "NoSuchUpload")
    assert code(send(client, link, 0, GRAIN)) == (410, "NoSuchUpload")


def test_an_unknown_session_is_not_found(client: Client) -> None:
    link = client.announce(SIZE)["upload_url"]
    other = client.announce(SIZE)["upload_url"]
    assert code(ask(client, f"{link}x")) == (404, "NoSuchUpload")
    assert code(ask(client, f"{link.split('?')[0]}?{urlsplit(other).query}")) == (404, "NoSuchUpload")


def test_a_session_takes_no_credentials_and_gives_nothing(client: Client) -> None:
    link = client.announce(SIZE)["upload_url"]
    assert code(client.put(link, DATA, Authorization="Bearer mk_live_x")) == (400, "InvalidArgument")
    refused = client.storage.get(link)
    assert code(refused) == (405, "MethodNotAllowed")
    assert refused.headers["allow"] == "DELETE, PUT"


def test_large_videos_get_sessions_where_that_is_automatic(tmp_path: Path) -> None:
    with (
        start_sandbox(tmp_path, "--uploads", "auto") as server,
        connect(server.base_url, server.api_key) as client,
    ):
        assert "X-Goog-Signature" in client.announce(16 * 1024**2)["upload_url"]
        assert "upload_id" in client.announce(16 * 1024**2 + 1)["upload_url"]


def test_a_session_outlives_the_server_and_links(tmp_path: Path) -> None:
    options = ("--uploads", "session", "--link-seconds", "0")
    with start_sandbox(tmp_path, *options) as server, connect(server.base_url, server.api_key) as client:
        announced = client.announce(SIZE)
        link = announced["upload_url"]
        assert has(send(client, link, 0, 2 * GRAIN)) == 2 * GRAIN
        server.kill()
    with start_sandbox(tmp_path) as server, connect(server.base_url, server.api_key) as client:
        assert has(ask(client, link)) == 2 * GRAIN
        assert_whole(client, announced, send(client, link, 2 * GRAIN, SIZE))
        server.stop()
    with start_sandbox(tmp_path) as server, connect(server.base_url, server.api_key) as client:
        assert_whole(client, announced, ask(client, link))


def test_a_session_lives_for_a_week(tmp_path: Path) -> None:
    with start_sandbox(tmp_path, "--uploads", "session") as server:
        with connect(server.base_url, server.api_key) as client:
            link = client.announce(SIZE)["upload_url"]
            send(client, link, 0, GRAIN)
        server.stop()
    assert list((tmp_path / "uploads").iterdir())
    with closing(sqlite3.connect(tmp_path / "sandbox.db")) as database, database:
        database.execute("UPDATE sessions SET created_at = ?", (time.time() - WEEK - 1,))
    with start_sandbox(tmp_path) as server, connect(server.base_url, server.api_key) as client:
        assert code(ask(client, link)) == (404, "NoSuchUpload")
    assert not list((tmp_path / "uploads").iterdir())


def test_a_data_folder_of_before_there_were_sessions_goes_on(tmp_path: Path) -> None:
    with start_sandbox(tmp_path) as server:
        with connect(server.base_url, server.api_key) as client:
            announced = client.announce(SIZE)
            client.put(announced["upload_url"], DATA)
        server.stop()
    with closing(sqlite3.connect(tmp_path / "sandbox.db")) as database, database:
        database.execute("ALTER TABLE objects DROP COLUMN crc32c")
        database.execute("DROP TABLE sessions")
    with start_sandbox(tmp_path) as server, connect(server.base_url, server.api_key) as client:
        link = answer(client.post(f"/video/finalize-upload/{announced['video_id']}"))["url"]
        response = client.storage.get(link)
        assert response.content == DATA
        assert response.headers["x-goog-hash"].startswith("md5=")
        assert refusal(client.post("/video/finalize-upload/nonsense")) == (404, "not_found")
