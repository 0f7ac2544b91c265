"""Watching runs, their outputs, and retrying what failed."""

import time
from datetime import datetime
from pathlib import Path
from uuid import UUID

import av
import pytest

from tests.sandbox.client import Client, answer, connect, refusal
from tests.support.media import facts
from tests.support.sandbox_server import start_sandbox


@pytest.fixture(scope="module")
def finished(client: Client, file_id: str) -> str:
    """A run of Reframe that succeeded."""
    run_id = client.start(file_id, "Reframe")
    assert client.finish(run_id)["status"] == "success"
    return run_id


def test_the_simple_call_has_no_graph(client: Client, finished: str) -> None:
    state = client.simple(finished)
    assert state["status"] == "success"
    assert state["progress"] == 100
    assert state["status_message"] == "Finished."
    assert "graph" not in state


def test_the_full_call_has_every_node(client: Client, finished: str) -> None:
    run = client.full(finished)
    assert run["id"] == finished
    assert run["status"] == "completed"
    first, second = run["graph"]["nodes"]
    assert [first["name"], second["name"]] == ["Find the subject", "Reframe"]
    assert run["graph"]["edges"] == [{"source": first["id"], "target": second["id"]}]
    for node in (first, second):
        assert node["status"] == "completed"
        assert node["progress"] == 1
        assert node["error"] is None
        assert datetime.fromisoformat(node["started_at"]) <= datetime.fromisoformat(node["finished_at"])
    assert second["frames_done"] == second["frames_total"] == 25


def test_an_answer_does_not_wait_for_the_other_side_to_confirm_its_first_half(client: Client, finished: str) -> None:
    """Systems put that off for 40 ms. One of many is quicker, since a busy machine makes only some of them slower."""

    def seconds() -> float:
        began = time.monotonic()
        client.simple(finished)
        return time.monotonic() - began

    assert any(seconds() < 0.035 for _ in range(500))


@pytest.mark.parametrize(
    ("agent", "steps"),
    [
        ("Silence removal", ["Find pauses", "Cut"]),
        ("Audio enhance", ["Denoise", "Level"]),
        ("Clips", ["Find the best parts", "Cut clips"]),
        ("Shorts maker", ["Find the subject, vertical", "Vertical short", "Square short"]),
    ],
)
def test_progress_only_rises_and_names_the_step(client: Client, clips: Path, agent: str, steps: list[str]) -> None:
    run_id = client.start(client.upload(clips / "talk.mp4"), agent)
    seen = []
    while (state := client.full(run_id))["status"] == "running":
        nodes = state["graph"]["nodes"]
        assert {node["name"] for node in nodes} >= set(steps)
        seen.append([state["progress"] / 100, *(node["progress"] for node in nodes)])
        at_work = [f"{node['name']}: {node['progress']:.0%}" for node in nodes if node["status"] == "running"]
        assert state["status_message"].endswith(", ".join(at_work) or "Waiting for its turn.")
    for shares in zip(*seen, strict=True):
        assert list(shares) == sorted(shares)
        assert all(0 <= share <= 1 for share in shares)


def test_an_output_is_what_it_says(client: Client, finished: str, tmp_path: Path) -> None:
    (output,) = client.outputs(finished)
    names = {"node_id", "file_id", "download_url", "thumbnail_url", "duration_ms", "file_size", "status"}
    assert set(output) == names
    UUID(output["file_id"])
    assert output["node_id"] == client.node(finished, "Reframe")["id"]
    video = client.storage.get(output["download_url"])
    assert len(video.content) == output["file_size"]
    assert 'attachment; filename="clip-reframe.mp4"' in video.headers["content-disposition"]
    (tmp_path / "video.mp4").write_bytes(video.content)
    assert abs(facts(tmp_path / "video.mp4").duration * 1000 - output["duration_ms"]) < 50


def test_the_thumbnail_is_a_picture(client: Client, finished: str, tmp_path: Path) -> None:
    response = client.storage.get(client.outputs(finished)[0]["thumbnail_url"])
    assert response.headers["content-type"] == "image/jpeg"
    (tmp_path / "thumbnail.jpg").write_bytes(response.content)
    with av.open(str(tmp_path / "thumbnail.jpg")) as picture:
        assert picture.streams.video[0].codec_context.name == "mjpeg"


def test_an_output_can_be_worked_on_further(client: Client, finished: str) -> None:
    run_id = client.start(client.outputs(finished)[0]["file_id"], "Audio enhance")
    assert client.finish(run_id)["status"] == "success"


def test_a_node_can_be_downloaded_directly(client: Client, finished: str) -> None:
    (output,) = client.outputs(finished)
    response = client.get(f"/download-rendered-video/{output['node_id']}")
    assert (response.status_code, response.headers["content-type"]) == (200, "video/mp4")
    assert response.content == client.storage.get(output["download_url"]).content
    without_video = client.node(finished, "Find the subject")["id"]
    assert refusal(client.get(f"/download-rendered-video/{without_video}")) == (404, "not_found")


@pytest.mark.parametrize("unknown", ["00000000-0000-4000-8000-000000000000", "nonsense"])
@pytest.mark.parametrize(
    "path", ["get-agent-run", "get-agent-run-simple", "get-agent-run-outputs", "download-rendered-video"]
)
def test_unknown_ids_are_not_found(client: Client, path: str, unknown: str) -> None:
    assert refusal(client.get(f"/{path}/{unknown}")) == (404, "not_found")
    assert refusal(client.post(f"/retry-agent-run-node/{unknown}")) == (404, "not_found")


def test_only_failed_nodes_are_retried(client: Client, finished: str) -> None:
    node = client.node(finished, "Reframe")["id"]
    assert refusal(client.post(f"/retry-agent-run-node/{node}")) == (400, "invalid_state")


def test_a_failed_run_has_no_outputs_and_a_reason(client: Client, clips: Path) -> None:
    announced, run_id = _failed_run(client, bytes((clips / "short.mp4").stat().st_size))
    state, run = client.simple(run_id), client.full(run_id)
    assert state["status"] == run["status"] == "failed"
    assert state["status_message"] == "Find the subject failed: This file is not a video that can be read."
    first, second = run["graph"]["nodes"]
    assert first["error"] == "This file is not a video that can be read."
    assert (first["status"], second["status"]) == ("failed", "not_started")
    assert client.outputs(run_id) == []
    assert announced


def test_a_failed_node_leaves_nothing_on_the_disk(clips: Path, tmp_path: Path) -> None:
    with start_sandbox(tmp_path / "data") as server, connect(server.base_url, server.api_key) as client:
        _failed_run(client, _without_pictures(clips / "talk.mp4"), "Silence removal")
    (finished,) = (tmp_path / "data").rglob("nodes/*")
    assert [path.name for path in finished.iterdir()] == ["keep.json"]


def test_a_retry_takes_up_the_failed_node_and_what_follows(client: Client, clips: Path) -> None:
    announced, run_id = _failed_run(client, bytes((clips / "short.mp4").stat().st_size))
    # The same upload again, whole this time.
    assert client.put(announced["upload_url"], (clips / "short.mp4").read_bytes()).status_code == 200
    node = client.node(run_id, "Find the subject")["id"]
    started = answer(client.post(f"/retry-agent-run-node/{node}"))
    assert started["success"] is True
    assert started["agent_run_node_id"] == node
    assert started["status"] == "initiated"
    assert client.simple(run_id)["status"] != "failed"
    repeated = answer(client.post(f"/retry-agent-run-node/{node}"))
    assert repeated["status"] == "initiated"
    assert client.finish(run_id)["status"] == "success"
    assert len(client.outputs(run_id)) == 1
    assert client.node(run_id, "Find the subject")["error"] is None


def test_a_retry_leaves_alone_what_was_finished(client: Client, clips: Path) -> None:
    announced, run_id = _failed_run(client, _without_pictures(clips / "talk.mp4"), "Silence removal")
    finished, failed = client.full(run_id)["graph"]["nodes"]
    assert (finished["status"], failed["status"]) == ("completed", "failed")
    assert client.put(announced["upload_url"], (clips / "talk.mp4").read_bytes()).status_code == 200
    answer(client.post(f"/retry-agent-run-node/{failed['id']}"))
    assert client.finish(run_id)["status"] == "success"
    assert client.full(run_id)["graph"]["nodes"][0] == finished
    assert len(client.outputs(run_id)) == 1


def _without_pictures(clip: Path) -> bytes:
    """The video with its sound, and nothing where its pictures were."""
    content = bytearray(clip.read_bytes())
    with av.open(str(clip)) as container:
        for packet in container.demux(container.streams.video[0]):
            if packet.pos is not None and packet.size:
                content[packet.pos : packet.pos + packet.size] = bytes(packet.size)
    return bytes(content)


def _failed_run(client: Client, content: bytes, agent: str = "Reframe") -> tuple[dict[str, str], str]:
    """An upload of a broken video, and a failed run of it."""
    announced = client.announce(len(content))
    client.put(announced["upload_url"], content)
    file_id = answer(client.post(f"/video/finalize-upload/{announced['video_id']}"))["file_uuid"]
    run_id = client.start(file_id, agent)
    assert client.finish(run_id)["status"] == "failed"
    return announced, run_id
