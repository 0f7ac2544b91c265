"""Storage links: permission, expiry, ranges, checksums and XML errors, as Google Cloud Storage shows them."""

import base64
import hashlib
import re
import socket
import time
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from xml.etree import ElementTree

import google_crc32c
import httpx
import pytest

from tests.sandbox.client import Client, answer, connect
from tests.support.sandbox_server import start_sandbox
from tests.support.waiting import PATIENCE, until

DATA = bytes(range(256)) * 40
PIECE = bytes(2 * 1024 * 1024)


def code(response: httpx.Response) -> tuple[int, str]:
    """Status and code of an XML error."""
    assert response.headers["content-type"].startswith("application/xml")
    found = ElementTree.fromstring(response.content).findtext("Code")
    assert found is not None
    return response.status_code, found


def changed(link: str, **query: str) -> str:
    parts = urlsplit(link)
    return urlunsplit(parts._replace(query=urlencode({**dict(parse_qsl(parts.query)), **query})))


@pytest.fixture(scope="module")
def stored(client: Client) -> str:
    """A download link to DATA."""
    announced = client.announce(len(DATA), filename='odd "näme".mp4')
    assert client.put(announced["upload_url"], DATA).status_code == 200
    return str(answer(client.post(f"/video/finalize-upload/{announced['video_id']}"))["url"])


def test_an_upload_answers_with_its_checksum(client: Client) -> None:
    response = client.put(client.announce(len(DATA))["upload_url"], DATA)
    digest = hashlib.md5(DATA)
    assert response.headers["etag"] == f'"{digest.hexdigest()}"'
    md5 = base64.b64encode(digest.digest()).decode()
    crc32c = base64.b64encode(google_crc32c.value(DATA).to_bytes(4, "big")).decode()
    assert response.headers["x-goog-hash"] == f"crc32c={crc32c},md5={md5}"


def test_a_download_tells_all_about_itself(client: Client, stored: str) -> None:
    response = client.storage.get(stored)
    assert response.content == DATA
    assert response.headers["content-length"] == str(len(DATA))
    assert response.headers["content-type"] == "video/mp4"
    assert response.headers["etag"] == f'"{hashlib.md5(DATA).hexdigest()}"'
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers["content-disposition"].startswith("attachment; filename=")
    assert "n%C3%A4me" in response.headers["content-disposition"]


def test_head_answers_like_get_without_the_bytes(client: Client, stored: str) -> None:
    get, head = client.storage.get(stored), client.storage.head(stored)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-length", "etag", "x-goog-hash", "content-type"):
        assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=10000-", 10000, 10240),
        ("bytes=-40", 10200, 10240),
        ("bytes=-999999", 0, 10240),
        ("bytes=10000-999999", 10000, 10240),
        (f"bytes=10000-{'9' * 18}", 10000, 10240),
    ],
)
def test_ranges(client: Client, stored: str, asked: str, first: int, end: int) -> None:
    response = client.storage.get(stored, headers={"Range": asked})
    assert response.status_code == 206
    assert response.content == DATA[first:end]
    assert response.headers["content-range"] == f"bytes {first}-{end - 1}/{len(DATA)}"


@pytest.mark.parametrize("asked", ["bytes=10240-", "bytes=99999-100000", "bytes=-0"])
def test_ranges_outside_are_unsatisfiable(client: Client, stored: str, asked: str) -> None:
    response = client.storage.get(stored, headers={"Range": asked})
    assert code(response) == (416, "InvalidRange")
    assert response.headers["content-range"] == f"bytes */{len(DATA)}"


@pytest.mark.parametrize(
    "asked", ["bytes=", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=9-5", f"bytes={'9' * 5000}-"]
)
def test_ranges_that_make_no_sense_are_ignored(client: Client, stored: str, asked: str) -> None:
    response = client.storage.get(stored, headers={"Range": asked})
    assert response.status_code == 200
    assert response.content == DATA


def test_a_range_of_another_version_gives_the_whole_object(client: Client, stored: str) -> None:
    etag = client.storage.head(stored).headers["etag"]
    same = client.storage.get(stored, headers={"Range": "bytes=5-", "If-Range": etag})
    assert same.status_code == 206
    different = client.storage.get(stored, headers={"Range": "bytes=5-", "If-Range": '"0123"'})
    assert different.status_code == 200
    assert different.content == DATA


def test_a_changed_link_is_refused(client: Client, stored: str) -> None:
    forged = changed(stored, **{"X-Goog-Expires": "999999"})
    assert code(client.storage.get(forged)) == (403, "SignatureDoesNotMatch")
    assert code(client.storage.get(stored.split("?")[0])) == (403, "SignatureDoesNotMatch")
    assert code(client.storage.get(re.sub("/uploads/.", "/uploads/x", stored))) == (403, "SignatureDoesNotMatch")


def test_a_link_allows_only_its_own_use(client: Client, stored: str) -> None:
    assert code(client.put(stored, DATA)) == (403, "SignatureDoesNotMatch")
    upload = client.announce(len(DATA))["upload_url"]
    assert code(client.storage.get(upload)) == (403, "SignatureDoesNotMatch")


def test_the_content_type_must_be_the_signed_one(client: Client) -> None:
    link = client.announce(len(DATA))["upload_url"]
    assert code(client.put(link, DATA, "video/webm")) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
def test_credentials_do_not_belong_to_storage(client: Client, stored: str, header: str) -> None:
    link = client.announce(len(DATA))["upload_url"]
    assert code(client.put(link, DATA, **{header: "Bearer mk_live_x"})) == (400, "InvalidArgument")
    assert code(client.storage.get(stored, headers={header: "mk_live_x"})) == (400, "InvalidArgument")


def test_an_upload_needs_a_length(client: Client) -> None:
    link = client.announce(len(DATA))["upload_url"]
    response = client.storage.put(link, content=iter([DATA]), headers={"Content-Type": "video/mp4"})
    assert code(response) == (411, "MissingContentLength")


def test_an_upload_that_breaks_off_leaves_nothing(client: Client) -> None:
    announced = client.announce(len(DATA))
    parts = urlsplit(announced["upload_url"])
    head = (
        f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: x\r\nContent-Type: video/mp4\r\nContent-Length: 9999\r\n\r\n"
    )
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as connection:
        connection.sendall(head.encode() + b"x" * 500)
    response = client.post(f"/video/finalize-upload/{announced['video_id']}")
    assert response.status_code == 400
    assert "not arrived" in response.json()["detail"]


def test_an_upload_that_a_kill_interrupts_leaves_nothing_behind(tmp_path: Path) -> None:
    server = start_sandbox(tmp_path)
    with connect(server.base_url, server.api_key) as client:
        parts = urlsplit(client.announce(2 * len(PIECE))["upload_url"])
    head = f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: x\r\nContent-Type: video/mp4\r\n"
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as connection:
        connection.sendall(f"{head}Content-Length: {2 * len(PIECE)}\r\n\r\n".encode() + PIECE)
        until(lambda: list(tmp_path.glob("uploads/*")))
        server.kill()
    with start_sandbox(tmp_path):
        assert not list(tmp_path.glob("uploads/*"))


def test_links_expire(tmp_path: Path) -> None:
    with (
        start_sandbox(tmp_path, "--link-seconds", "1") as server,
        connect(server.base_url, server.api_key) as client,
    ):
        announced = client.announce(len(DATA))
        deadline = time.monotonic() + PATIENCE
        while (response := client.put(announced["upload_url"], DATA)).status_code == 200:
            assert time.monotonic() < deadline
        assert code(response) == (400, "ExpiredToken")
