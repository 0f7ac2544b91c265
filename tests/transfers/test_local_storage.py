"""The transfers against the storage of the local Mosaic: over one connection, through its restart, and to the byte."""

import asyncio
import os
from pathlib import Path

import httpx
import pytest

from mosaic_desktop.core.errors import Code, MosaicError
from mosaic_desktop.core.ports import Partial
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.transfers.curl import CurlTransfers
from tests.support.loop import AsyncRun
from tests.support.sandbox_server import RunningSandbox, start_sandbox
from tests.support.waiting import PATIENCE, until_async
from tests.transfers.conftest import Report

CHUNK = 16 * 1024 * 1024
CONTENT = os.urandom(1024 * 1024) * 40 + b"the end"
SIZE = len(CONTENT)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(CONTENT)
    return path


def call(server: RunningSandbox, path: str, **fields: object) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {server.api_key}"}
    response = httpx.post(f"{server.base_url}{path}", json=fields, headers=headers, timeout=PATIENCE)
    assert response.status_code == 200, response.text
    return dict(response.json())


def announce(server: RunningSandbox) -> tuple[Secret, str]:
    said = call(server, "/video/get-upload-url", filename="clip.mp4", file_size=SIZE, content_type="video/mp4")
    return Secret(said["upload_url"]), said["video_id"]


def file_link(server: RunningSandbox, video_id: str) -> Secret:
    return Secret(call(server, f"/video/finalize-upload/{video_id}")["url"])


@pytest.mark.parametrize("kind", ["put", "session"])
def test_there_and_back(run_async: AsyncRun, transfers: CurlTransfers, tmp_path: Path, clip: Path, kind: str) -> None:
    with start_sandbox(tmp_path / "data", "--uploads", kind) as server:
        link, video_id = announce(server)
        sent = run_async(transfers.put(link, clip, SIZE, "video/mp4", Report()))
        part = tmp_path / "back.part"
        fetched = run_async(transfers.get(file_link(server, video_id), part, SIZE, Report()))
        assert fetched.checksums[0].startswith("crc32c:")
        assert run_async(transfers.digest(part, SIZE, Report())) == sent.content


def test_a_session_goes_on_after_both_sides_were_killed(
    run_async: AsyncRun, transfers: CurlTransfers, tmp_path: Path, clip: Path
) -> None:
    kept = list[int]()

    async def send_until_half(server: RunningSandbox, link: Secret) -> None:
        transfers.limit(12_000_000, None)
        sending = asyncio.ensure_future(transfers.put(link, clip, SIZE, "video/mp4", Report(), kept.append))
        await until_async(lambda: kept and kept[-1])
        server.kill()
        with pytest.raises(MosaicError) as caught:
            await sending
        assert caught.value.code in {Code.INTERRUPTED, Code.UNREACHABLE}
        transfers.limit(None, None)

    with start_sandbox(tmp_path / "data", "--uploads", "session") as server:
        link, video_id = announce(server)
        run_async(send_until_half(server, link))
    later, heard = CurlTransfers(), list[int]()
    with start_sandbox(tmp_path / "data") as server:
        run_async(later.put(link, clip, SIZE, "video/mp4", Report(), heard.append))
        run_async(later.aclose())
        assert heard[0] >= CHUNK
        assert httpx.get(file_link(server, video_id).reveal(), timeout=PATIENCE).content == CONTENT


def test_a_download_goes_on_after_the_storage_was_killed(
    run_async: AsyncRun, transfers: CurlTransfers, tmp_path: Path, clip: Path
) -> None:
    kept, found, part, report = list[int](), list[str](), tmp_path / "back.part", Report()

    async def fetch_until_half(server: RunningSandbox, link: Secret) -> None:
        transfers.limit(None, 12_000_000)
        fetching = asyncio.ensure_future(transfers.get(link, part, SIZE, report, found=found.append, kept=kept.append))
        await until_async(lambda: report.done > CHUNK)
        server.kill()
        transfers.limit(None, None)
        with pytest.raises(MosaicError):
            await fetching

    with start_sandbox(tmp_path / "data") as server:
        link, video_id = announce(server)
        run_async(transfers.put(link, clip, SIZE, "video/mp4", Report()))
        run_async(fetch_until_half(server, file_link(server, video_id)))
    assert kept[-1] == part.stat().st_size > CHUNK
    again = list[int]()
    with start_sandbox(tmp_path / "data") as server:
        partial = Partial(kept[-1], found[-1])
        get = transfers.get(file_link(server, video_id), part, SIZE, report, partial=partial, kept=again.append)
        run_async(get)
    assert again[0] == partial.kept
    assert part.read_bytes() == CONTENT
