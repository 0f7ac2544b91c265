"""An upload whose connection was ordered to break: what came before is kept as storage keeps it, and it goes on."""

import os
from pathlib import Path

import httpx
import pytest

from tests.sandbox.client import answer, connect, connect_admin, order, refusal
from tests.support.sandbox_server import start_sandbox

GRAIN = 256 * 1024
DATA = os.urandom(3 * GRAIN + 1000)
ASK = {"Content-Range": f"bytes */{len(DATA)}"}


@pytest.mark.parametrize(("kind", "kept"), [("put", 0), ("session", GRAIN)])
def test_the_connection_breaks_where_ordered_and_the_upload_goes_on(tmp_path: Path, kind: str, kept: int) -> None:
    with (
        start_sandbox(tmp_path, "--uploads", kind) as server,
        connect(server.base_url, server.api_key) as client,
        connect_admin(server) as admin,
    ):
        order(admin, {"call": "put", "effect": "cut", "after_bytes": GRAIN + 5})
        announced = client.announce(len(DATA))
        link, finalize = announced["upload_url"], f"/video/finalize-upload/{announced['video_id']}"
        with pytest.raises(httpx.TransportError):
            client.put(link, DATA)
        rest = {}
        if kept:
            assert client.put(link, b"", **ASK).headers["range"] == f"bytes=0-{kept - 1}"
            rest = {"Content-Range": f"bytes {kept}-{len(DATA) - 1}/{len(DATA)}"}
        assert refusal(client.post(finalize)) == (400, "validation_error")
        assert client.put(link, DATA[kept:], **rest).status_code == 200
        assert client.storage.get(answer(client.post(finalize))["url"]).content == DATA


def test_a_question_that_brings_no_bytes_is_cut_too(tmp_path: Path) -> None:
    with (
        start_sandbox(tmp_path, "--uploads", "session") as server,
        connect(server.base_url, server.api_key) as client,
        connect_admin(server) as admin,
    ):
        order(admin, {"call": "put", "effect": "cut"})
        link = client.announce(len(DATA))["upload_url"]
        with pytest.raises(httpx.TransportError):
            client.put(link, b"", **ASK)
        assert client.put(link, b"", **ASK).status_code == 308
