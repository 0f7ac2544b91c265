"""Credits: charged when a run starts, given back for what did not finish, exact whatever happens to the server."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.sandbox.client import Client, answer, connect, refusal, signed_in
from tests.support.media import make_clip
from tests.support.sandbox_server import start_sandbox
from tests.support.waiting import until

# What an agent takes for each started minute.
REFRAME, AUDIO_ENHANCE, DENOISE_ALONE = 12, 5, 3


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Client]:
    """A session on a server of its own whose accounts begin with 30 credits."""
    with start_sandbox(tmp_path / "data", "--credits", "30") as server, signed_in(server) as connected:
        yield connected


@pytest.fixture
def doomed(portal: Client) -> tuple[str, str]:
    """The link to an upload and its file id: zeros instead of a video."""
    return zeros(portal, 4096)


def zeros(client: Client, size: int) -> tuple[str, str]:
    announced = client.announce(size)
    client.put(announced["upload_url"], bytes(size))
    finalized = answer(client.post(f"/video/finalize-upload/{announced['video_id']}"))
    return announced["upload_url"], finalized["file_uuid"]


def test_a_run_takes_its_price_when_it_starts(portal: Client, clips: Path) -> None:
    assert portal.balance() == 30
    run_id = portal.start(portal.upload(clips / "short.mp4"), "Reframe")
    assert portal.balance() == 30 - REFRAME
    assert portal.finish(run_id)["status"] == "success"
    assert portal.balance() == 30 - REFRAME


def test_each_started_minute_counts(portal: Client, tmp_path: Path) -> None:
    file_id = portal.upload(make_clip(tmp_path / "long.mp4", seconds=61, size=(64, 48)))
    portal.start(file_id, "Audio enhance")
    assert portal.balance() == 30 - 2 * AUDIO_ENHANCE
    portal.start(file_id, "Audio enhance")
    assert portal.balance() == 30 - 4 * AUDIO_ENHANCE


def test_an_output_has_a_price_by_its_own_length(portal: Client, clips: Path) -> None:
    first = portal.start(portal.upload(clips / "short.mp4"), "Audio enhance")
    portal.finish(first)
    portal.start(portal.outputs(first)[0]["file_id"], "Reframe")
    assert portal.balance() == 30 - AUDIO_ENHANCE - REFRAME


def test_a_failed_run_gives_everything_back_when_nothing_was_done(portal: Client, doomed: tuple[str, str]) -> None:
    run_id = portal.start(doomed[1], "Reframe")
    assert portal.finish(run_id)["status"] == "failed"
    assert portal.balance() == 30


def test_a_node_that_finished_stays_paid(portal: Client, tmp_path: Path) -> None:
    run_id = portal.start(portal.upload(make_clip(tmp_path / "silent.mp4", level=0.0)), "Audio enhance")
    assert portal.finish(run_id)["status"] == "failed"
    assert portal.node(run_id, "Denoise")["status"] == "completed"
    assert portal.balance() == 30 - DENOISE_ALONE


def test_a_retry_takes_what_had_been_given_back(portal: Client, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=1)
    link, file_id = zeros(portal, clip.stat().st_size)
    run_id = portal.start(file_id, "Reframe")
    node = f"/retry-agent-run-node/{portal.node(run_id, 'Find the subject')['id']}"
    assert portal.finish(run_id)["status"] == "failed"
    for _ in range(2):
        answer(portal.post(node))
        assert portal.finish(run_id)["status"] == "failed"
        assert portal.balance() == 30
    portal.put(link, clip.read_bytes())
    answer(portal.post(node))
    answer(portal.post(node))  # it is under way, so this starts and costs nothing
    assert portal.balance() == 30 - REFRAME
    assert portal.finish(run_id)["status"] == "success"
    assert portal.balance() == 30 - REFRAME


def test_a_balance_too_low_starts_nothing(portal: Client, clips: Path, doomed: tuple[str, str]) -> None:
    failed = portal.start(doomed[1], "Reframe")
    portal.finish(failed)
    file_id = portal.upload(clips / "short.mp4")
    for _ in range(2):
        portal.finish(portal.start(file_id, "Reframe"))
    wish = {"file_id": file_id, "agent_id": portal.agent_id("Reframe")}
    refused = portal.post("/run-agent", wish)
    assert refusal(refused) == (403, "insufficient_credits")
    assert refused.json()["detail"] == "This takes 12 credits, and 6 are left."
    before = portal.full(failed)
    retry = portal.post(f"/retry-agent-run-node/{portal.node(failed, 'Find the subject')['id']}")
    assert refusal(retry) == (403, "insufficient_credits")
    assert portal.full(failed) == before
    assert portal.balance() == 30 - 2 * REFRAME
    assert portal.finish(portal.start(file_id, "Audio enhance"))["status"] == "success"
    assert portal.balance() == 30 - 2 * REFRAME - AUDIO_ENHANCE


def test_a_killed_server_neither_charges_nor_gives_back_twice(tmp_path: Path, clips: Path) -> None:
    data = tmp_path / "data"
    server = start_sandbox(data)
    with connect(server.base_url, server.api_key) as client:
        good, bad = client.upload(clips / "talk.mp4"), zeros(client, 4096)[1]
        well = client.start(good, "Reframe")
        until(lambda: client.simple(well)["progress"] > 0)
        ill = client.start(bad, "Reframe")
    key = server.api_key
    for _ in range(3):
        server.kill()
        server = start_sandbox(data)
        with signed_in(server) as portal:
            assert portal.balance() in (20_000 - REFRAME, 20_000 - 2 * REFRAME)
    with server, connect(server.base_url, key) as client, signed_in(server) as portal:
        assert client.finish(well)["status"] == "success"
        assert client.finish(ill)["status"] == "failed"
        assert portal.balance() == 20_000 - REFRAME


def test_a_balance_is_kept_and_a_later_option_changes_nothing(tmp_path: Path, clips: Path) -> None:
    with start_sandbox(tmp_path, "--credits", "100") as server, signed_in(server) as portal:
        portal.finish(portal.start(portal.upload(clips / "short.mp4"), "Audio enhance"))
    with start_sandbox(tmp_path, "--credits", "500", "--account", "new@example.org") as server:
        with signed_in(server) as portal:
            assert portal.balance() == 100 - AUDIO_ENHANCE
        with signed_in(server, server.accounts[0]) as newcomer:
            assert newcomer.balance() == 500


def test_a_data_folder_of_before_there_were_credits_goes_on(tmp_path: Path, clips: Path) -> None:
    with start_sandbox(tmp_path) as server, connect(server.base_url, server.api_key) as client:
        file_id = client.upload(clips / "short.mp4")
        run_id = client.start(file_id, "Audio enhance")
        client.finish(run_id)
    _make_old(tmp_path)
    with (
        start_sandbox(tmp_path) as later,
        connect(later.base_url, server.api_key) as client,
        signed_in(later) as portal,
    ):
        assert portal.balance() == 20_000
        assert len(client.outputs(run_id)) == 1
        assert client.finish(client.start(file_id, "Reframe"))["status"] == "success"
        assert portal.balance() == 20_000 - REFRAME


def _make_old(data_dir: Path) -> None:
    """Take away what later versions added to the database."""
    added = {
        "accounts": ["credits"],
        "keys": ["webhook_url", "printed"],
        "uploads": ["project_id"],
        "files": ["duration_ms"],
        "runs": ["key_id"],
        "nodes": ["price", "paid"],
    }
    with closing(sqlite3.connect(data_dir / "sandbox.db", isolation_level=None)) as database:
        for table, columns in added.items():
            for column in columns:
                database.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        for table in ("sign_ins", "deliveries"):
            database.execute(f"DROP TABLE {table}")


def test_an_eleventh_run_and_a_retry_beside_ten_are_refused(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "long.mp4", seconds=30, size=(640, 360))
    with start_sandbox(tmp_path / "data") as server, connect(server.base_url, server.api_key) as client:
        failed = client.start(zeros(client, 4096)[1], "Reframe")
        client.finish(failed)
        wish = {"file_id": client.upload(clip), "agent_id": client.agent_id("Reframe")}
        assert {client.post("/run-agent", wish).status_code for _ in range(10)} == {200}
        assert refusal(client.post("/run-agent", wish)) == (403, "concurrent_agent_limit")
        retry = client.post(f"/retry-agent-run-node/{client.node(failed, 'Find the subject')['id']}")
        assert refusal(retry) == (403, "concurrent_agent_limit")
        assert client.simple(failed)["status"] == "failed"
        with signed_in(server) as portal:
            assert portal.balance() == 20_000 - 10 * REFRAME
