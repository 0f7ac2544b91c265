"""The same transfers against a storage that nobody here wrote: Amazon's S3 as moto serves it, in its own process."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
from blake3 import blake3
from botocore.config import Config  # type: ignore[import-untyped]

from mosaic_desktop.core.errors import Code, MosaicError
from mosaic_desktop.core.ports import Partial
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.transfers.curl import CurlTransfers
from tests.support.loop import AsyncRun
from tests.transfers.conftest import Report

BUCKET = "videos"
CONTENT = os.urandom(9 * 1024 * 1024 + 5)
SIZE = len(CONTENT)


@dataclass(frozen=True)
class Bucket:
    """One bucket at a running server."""

    client: Any

    def link(self, operation: str, key: str, **parameters: str) -> Secret:
        wish = {"Bucket": BUCKET, "Key": key, **parameters}
        return Secret(self.client.generate_presigned_url(operation, Params=wish, ExpiresIn=600))

    def store(self, key: str, content: bytes = CONTENT) -> str:
        """Puts an object there by other means; its ETag."""
        return str(self.client.put_object(Bucket=BUCKET, Key=key, Body=content)["ETag"])


SERVER = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def s3() -> Iterator[Bucket]:
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            client = boto3.client(
                "s3",
                endpoint_url=f"http://127.0.0.1:{int(server.stdout.readline())}",
                region_name="us-east-1",
                aws_access_key_id="somebody",
                aws_secret_access_key="secret",
                config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
            )
            client.create_bucket(Bucket=BUCKET)
            yield Bucket(client)
            client.close()
        finally:
            server.terminate()


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(CONTENT)
    return path


def test_a_presigned_put_stores_the_file(run_async: AsyncRun, transfers: CurlTransfers, s3: Bucket, clip: Path) -> None:
    url = s3.link("put_object", "up/sent.mp4", ContentType="video/mp4")
    sent = run_async(transfers.put(url, clip, SIZE, "video/mp4", Report()))
    found = s3.client.get_object(Bucket=BUCKET, Key="up/sent.mp4")
    assert found["Body"].read() == CONTENT
    assert found["ContentType"] == "video/mp4"
    assert sent.content == f"blake3:{blake3(CONTENT).hexdigest()}"


def test_a_presigned_get_brings_it_back(
    run_async: AsyncRun, transfers: CurlTransfers, s3: Bucket, tmp_path: Path
) -> None:
    etag, heard = s3.store("whole.mp4"), list[str]()
    url = s3.link("get_object", "whole.mp4")
    run_async(transfers.get(url, tmp_path / "a.part", SIZE, Report(), found=heard.append))
    assert (tmp_path / "a.part").read_bytes() == CONTENT
    assert heard == [etag]


def test_a_presigned_get_goes_on(run_async: AsyncRun, transfers: CurlTransfers, s3: Bucket, tmp_path: Path) -> None:
    etag, kept, part = s3.store("rest.mp4"), list[int](), tmp_path / "a.part"
    part.write_bytes(CONTENT[: SIZE // 2])
    url = s3.link("get_object", "rest.mp4")
    run_async(transfers.get(url, part, SIZE, Report(), partial=Partial(SIZE // 2, etag), kept=kept.append))
    assert part.read_bytes() == CONTENT
    assert kept[0] == SIZE // 2


def test_another_object_under_the_same_name_begins_anew(
    run_async: AsyncRun, transfers: CurlTransfers, s3: Bucket, tmp_path: Path
) -> None:
    etag, part = s3.store("changed.mp4"), tmp_path / "a.part"
    part.write_bytes(CONTENT[: SIZE // 2])
    other = os.urandom(SIZE)
    s3.store("changed.mp4", other)
    url = s3.link("get_object", "changed.mp4")
    run_async(transfers.get(url, part, SIZE, Report(), partial=Partial(SIZE // 2, etag)))
    assert part.read_bytes() == other


def test_an_object_that_is_shorter_now(
    run_async: AsyncRun, transfers: CurlTransfers, s3: Bucket, tmp_path: Path
) -> None:
    etag, part = s3.store("shorter.mp4"), tmp_path / "a.part"
    part.write_bytes(CONTENT[: SIZE // 2])
    s3.store("shorter.mp4", b"short")
    url = s3.link("get_object", "shorter.mp4")
    run_async(transfers.get(url, part, None, Report(), partial=Partial(SIZE // 2, etag)))
    assert part.read_bytes() == b"short"


def test_an_object_that_is_not_there(run_async: AsyncRun, transfers: CurlTransfers, s3: Bucket, tmp_path: Path) -> None:
    with pytest.raises(MosaicError) as caught:
        run_async(transfers.get(s3.link("get_object", "nothing.mp4"), tmp_path / "a.part", SIZE, Report()))
    assert (caught.value.code, caught.value.detail) == (Code.LINK_EXPIRED, "404 NoSuchKey")
