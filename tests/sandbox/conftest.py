"""One server a module, and clips made once."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mosaic_desktop.sandbox.database import Database, open_database
from tests.sandbox.client import Client, connect
from tests.support.media import make_clip
from tests.support.sandbox_server import RunningSandbox, start_sandbox


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """A server with a second account, which a module's tests together may ask more often than is usual."""
    options = ("--account", "other@example.org", "--portal-requests", "1000")
    with start_sandbox(tmp_path_factory.mktemp("sandbox"), *options) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: RunningSandbox) -> Iterator[Client]:
    with connect(server.base_url, server.api_key) as connected:
        yield connected


@pytest.fixture(scope="module")
def other(server: RunningSandbox) -> Iterator[Client]:
    """The second account of the same server."""
    with connect(server.base_url, server.accounts[0].api_key) as connected:
        yield connected


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `talk.mp4`: four seconds of tone, silent from second 1 to 2; and `short.mp4`."""
    folder = tmp_path_factory.mktemp("clips")
    make_clip(folder / "talk.mp4", seconds=4, pauses=((1.0, 2.0),))
    make_clip(folder / "short.mp4", seconds=1)
    return folder


@pytest.fixture(scope="module")
def file_id(client: Client, clips: Path) -> str:
    """A finalized upload of the short clip."""
    return client.upload(clips / "short.mp4")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new server's."""
    with closing(open_database(tmp_path / "sandbox.db", 1, lambda: False)) as opened:
        yield opened
