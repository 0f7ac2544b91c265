"""Videos of any size pass through the server without staying in its memory."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.client import answer, connect
from tests.support.sandbox_server import RunningSandbox, start_sandbox

SIZE = 640 * 1024 * 1024
PIECE = bytes(range(256)) * 4096
MOST_GROWTH = 48 * 1024 * 1024


def pieces() -> Iterator[bytes]:
    for _ in range(SIZE // len(PIECE)):
        yield PIECE


def peak(server: RunningSandbox) -> int:
    """Bytes of memory that the server had at most."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{server.pid}/status").read_text())
    assert found is not None
    return int(found[1]) * 1024


@pytest.mark.parametrize("kind", ["put", "session"])
def test_memory_stays_flat(tmp_path: Path, kind: str) -> None:
    with start_sandbox(tmp_path, "--uploads", kind) as server, connect(server.base_url, server.api_key) as client:
        small = client.announce(2048)
        assert client.put(small["upload_url"], bytes(2048)).status_code == 200
        before = peak(server)
        announced = client.announce(SIZE)
        headers = {"Content-Type": "video/mp4", "Content-Length": str(SIZE)}
        sent = client.storage.put(announced["upload_url"], content=pieces(), headers=headers)
        assert sent.status_code == 200
        link = answer(client.post(f"/video/finalize-upload/{announced['video_id']}"))["url"]
        with client.storage.stream("GET", link) as response:
            assert sum(map(len, response.iter_raw())) == SIZE
        assert peak(server) - before < MOST_GROWTH
