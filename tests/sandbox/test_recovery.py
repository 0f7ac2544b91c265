"""A server that was killed knows everything again and goes on with its runs."""

import os
import signal
from pathlib import Path

import pytest

from tests.sandbox.client import Client, answer, connect
from tests.support.media import facts, make_clip
from tests.support.processes import alive, children_of
from tests.support.sandbox_server import start_sandbox
from tests.support.waiting import until


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("long") / "long.mp4", seconds=6, size=(640, 360))


def test_a_killed_server_goes_on_without_doing_finished_nodes_again(tmp_path: Path, long_clip: Path) -> None:
    server = start_sandbox(tmp_path)
    with connect(server.base_url, server.api_key) as client:
        run_id = client.start(client.upload(long_clip), "Reframe")
        until(lambda: client.node(run_id, "Reframe")["progress"] > 0)
        before = client.node(run_id, "Find the subject")
    server.kill()
    with start_sandbox(tmp_path) as again, connect(again.base_url, server.api_key) as client:
        assert client.node(run_id, "Find the subject") == before
        assert client.simple(run_id)["status"] == "running"
        video = client.fetch(run_id, tmp_path / "video.mp4")
        assert client.node(run_id, "Find the subject") == before
    assert facts(video).frames == 150


def test_workers_die_with_a_killed_server(tmp_path: Path, long_clip: Path) -> None:
    server = start_sandbox(tmp_path)
    with connect(server.base_url, server.api_key) as client:
        run_id = client.start(client.upload(long_clip), "Reframe")
        until(lambda: client.simple(run_id)["progress"] > 0)
    workers = children_of(server.pid)
    assert workers
    server.kill()
    until(lambda: not any(alive(pid) for pid in workers))


def test_a_killed_worker_costs_its_step_and_a_retry_goes_on(tmp_path: Path, long_clip: Path) -> None:
    with start_sandbox(tmp_path) as server, connect(server.base_url, server.api_key) as client:
        run_id = client.start(client.upload(long_clip), "Reframe")
        until(lambda: client.node(run_id, "Reframe")["progress"] > 0)
        before = client.node(run_id, "Find the subject")
        for worker in children_of(server.pid):
            os.kill(worker, signal.SIGKILL)
        assert client.finish(run_id)["status"] == "failed"
        died = client.node(run_id, "Reframe")
        said = "The renderer stopped unexpectedly while working on this video. Try again, or try another video."
        assert (died["status"], died["error"]) == ("failed", said)
        answer(client.post(f"/retry-agent-run-node/{died['id']}"))
        assert facts(client.fetch(run_id, tmp_path / "video.mp4")).frames == 150
        assert client.node(run_id, "Find the subject") == before


def test_a_retried_run_survives_too(tmp_path: Path, long_clip: Path) -> None:
    server = start_sandbox(tmp_path)
    with connect(server.base_url, server.api_key) as client:
        run_id = _fail_then_repair(client, long_clip)
        client.post(f"/retry-agent-run-node/{client.node(run_id, 'Find the subject')['id']}")
    server.kill()
    with start_sandbox(tmp_path) as again, connect(again.base_url, server.api_key) as client:
        assert client.finish(run_id)["status"] == "success"


def _fail_then_repair(client: Client, clip: Path) -> str:
    """A failed run of an upload that has become whole since."""
    data = clip.read_bytes()
    announced = client.announce(len(data))
    client.put(announced["upload_url"], b"\0" * len(data))
    file_id = client.post(f"/video/finalize-upload/{announced['video_id']}").json()["file_uuid"]
    run_id = client.start(file_id, "Reframe")
    assert client.finish(run_id)["status"] == "failed"
    client.put(announced["upload_url"], data)
    return run_id
