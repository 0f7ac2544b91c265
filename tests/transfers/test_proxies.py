"""Storage is reached by the proxy that the environment or the system's settings name."""

import platform
import socket
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mosaic_desktop.core.errors import Code, NetworkError
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.transfers.curl import CurlTransfers
from tests.support.loop import AsyncRun
from tests.transfers.conftest import Report

LINK = Secret("https://storage.invalid/v.mp4?X-Goog-Signature=0123")


@contextmanager
def refusing_proxy() -> Iterator[tuple[str, list[bytes]]]:
    """Its address, and the first line of what it was asked."""
    asked: list[bytes] = []

    def refuse() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as lines:
            asked.append(lines.readline().strip())
            while lines.readline().strip():
                pass
            connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        thread = threading.Thread(target=refuse)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
        thread.join()


def fetch(run_async: AsyncRun, transfers: CurlTransfers, part: Path) -> None:
    with pytest.raises(NetworkError) as caught:
        run_async(transfers.get(LINK, part, None, Report()))
    assert caught.value.code in (Code.UNREACHABLE, Code.INTERRUPTED)


def test_the_environment(
    run_async: AsyncRun, transfers: CurlTransfers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with refusing_proxy() as (address, asked):
        monkeypatch.setenv("HTTPS_PROXY", address)
        fetch(run_async, transfers, tmp_path / "v.part")
    assert asked == [b"CONNECT storage.invalid:443 HTTP/1.1"]


@pytest.mark.parametrize("system", ["Windows", "Darwin"])
def test_the_settings_of_the_system(
    run_async: AsyncRun, transfers: CurlTransfers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    """What stands in the registry or in the network settings, which only Windows and macOS have."""
    with refusing_proxy() as (address, asked):
        monkeypatch.setattr(platform, "system", lambda: system)
        monkeypatch.setattr(urllib.request, "getproxies", lambda: {"https": address})
        fetch(run_async, transfers, tmp_path / "v.part")
    assert asked == [b"CONNECT storage.invalid:443 HTTP/1.1"]
