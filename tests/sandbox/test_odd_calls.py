"""What the contract allows or forbids and few programs do."""

from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.sandbox.client import Client, answer, connect_admin, order, refusal, signed_in
from tests.support.media import make_clip
from tests.support.sandbox_server import RunningSandbox
from tests.support.waiting import PATIENCE


def test_a_whole_number_may_be_written_with_a_point(client: Client) -> None:
    """JSON knows one kind of number, and JSON Schema calls 2048.0 an integer."""
    announced = client.announce(2048.0)  # type: ignore[arg-type]
    assert client.put(announced["upload_url"], bytes(2048)).status_code == 200
    answer(client.post(f"/video/finalize-upload/{announced['video_id']}"))


@pytest.mark.parametrize("size", [2048.5, True, "2048", 1e300])
def test_what_is_no_size_is_refused(client: Client, size: object) -> None:
    wish = {"filename": "clip.mp4", "file_size": size, "content_type": "video/mp4"}
    assert refusal(client.post("/video/get-upload-url", wish)) == (400, "validation_error")


@pytest.mark.parametrize("kind", ["video/webm;codecs=vp9,opus", 'video/mp4; codecs="avc1.42E01E, mp4a.40.2"'])
def test_a_media_type_may_have_parameters(client: Client, kind: str) -> None:
    announced = client.announce(2048, content_type=kind)
    assert client.put(announced["upload_url"], bytes(2048), kind).status_code == 200
    link = answer(client.post(f"/video/finalize-upload/{announced['video_id']}"))["url"]
    assert client.storage.get(link).headers["content-type"] == kind


def test_two_limits_contradict_each_other(client: Client) -> None:
    assert refusal(client.get("/get-user-agents-simple?limit=1&limit=2")) == (400, "validation_error")


def test_an_unexpected_failure_of_a_retry_has_its_own_word(client: Client, server: RunningSandbox) -> None:
    calls = {"retry-agent-run-node": "internal_error", "get-agent-run": "internal_server_error"}
    with connect_admin(server) as admin:
        order(admin, *({"call": call, "effect": "status", "status": 500} for call in calls))
    assert refusal(client.post(f"/retry-agent-run-node/{uuid4()}")) == (500, "internal_error")
    assert refusal(client.get(f"/get-agent-run/{uuid4()}")) == (500, "internal_server_error")


@pytest.mark.parametrize(
    ("method", "path", "methods"),
    [
        ("PUT", "/dev/keys/1", {"PATCH", "DELETE"}),
        ("PUT", "/run-agent", {"POST"}),
        ("DELETE", "/dev/keys/create", {"POST"}),
        ("PATCH", "/dev/keys/create", {"POST"}),
    ],
)
def test_another_method_is_refused_with_those_that_work(
    client: Client, method: str, path: str, methods: set[str]
) -> None:
    response = client.api.request(method, path)
    assert refusal(response) == (405, "method_not_allowed")
    assert {word.strip() for word in response.headers["allow"].split(",")} == methods


@pytest.mark.parametrize("path", ["/run-agent/", "/dev/keys/", "/", ""])
def test_an_address_that_is_nearly_right_is_unknown(client: Client, path: str) -> None:
    assert refusal(client.get(path)) == (404, "not_found")


def test_a_node_s_video_comes_in_ranges(client: Client, file_id: str) -> None:
    run_id = client.start(file_id, "Mirror")
    client.finish(run_id)
    path = f"/download-rendered-video/{client.node(run_id, 'Mirror')['id']}"
    whole = client.get(path).content
    part = client.api.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole)}"
    beyond = client.api.get(path, headers={"Range": f"bytes={len(whole)}-"})
    assert refusal(beyond) == (416, "range_not_satisfiable")
    assert beyond.headers["content-range"] == f"bytes */{len(whole)}"
    senseless = client.api.get(path, headers={"Range": "bytes=b-a"})
    assert (senseless.status_code, senseless.content) == (200, whole)


def test_a_revoked_key_opens_nothing_and_is_not_there(server: RunningSandbox) -> None:
    with signed_in(server) as portal:
        made = answer(portal.post("/dev/keys/create"))
        answer(portal.delete(f"/dev/keys/{made['id']}"))
        assert refusal(portal.delete(f"/dev/keys/{made['id']}")) == (404, "not_found")
        assert refusal(portal.patch(f"/dev/keys/{made['id']}", {"webhook_url": None})) == (404, "not_found")
    for headers in ({"X-API-Key": made["key"]}, {"Authorization": f"Bearer {made['key']}"}):
        refused = httpx.get(f"{server.base_url}/get-user-agents-simple", headers=headers, timeout=PATIENCE)
        assert refusal(refused) == (401, "invalid_api_key")


def test_a_youtube_video_needs_no_upload_also_with_a_prompt(client: Client) -> None:
    wish = {"file_id": "youtube_dQw4w9WgXcQ", "agent_id": None, "prompt": "square"}
    run_id = answer(client.post("/run-agent", wish))["agent_run_id"]
    said = client.simple(run_id)["status_message"]
    assert "a stand-in clip is used. Understood: Reframe, shape 1:1." in said
    assert client.finish(run_id)["status"] == "success"


@pytest.mark.parametrize(
    ("method", "key", "status"), [("POST", "a", 405), ("GET", "a%0Ab", 404), ("PUT", "a%0Ab", 404)]
)
def test_storage_refuses_in_its_own_form_what_is_for_no_object(
    client: Client, server: RunningSandbox, method: str, key: str, status: int
) -> None:
    response = client.storage.request(method, f"{server.base_url.removesuffix('/api')}/storage/{key}")
    assert (response.status_code, response.headers["content-type"].split(";")[0]) == (status, "application/xml")
    assert "<Error><Code>" in response.text


def test_three_retries_of_a_run_at_once_are_the_most(client: Client, tmp_path: Path) -> None:
    data = make_clip(tmp_path / "clip.mp4", seconds=8, size=(160, 120)).read_bytes()
    announced = client.announce(len(data))
    client.put(announced["upload_url"], bytes(len(data)))
    file_id = answer(client.post(f"/video/finalize-upload/{announced['video_id']}"))["file_uuid"]
    run_id = client.start(file_id, "Shorts maker", {"captions": False})
    assert client.finish(run_id)["status"] == "failed"
    client.put(announced["upload_url"], data)
    failed = [node for node in client.full(run_id)["graph"]["nodes"] if node["status"] == "failed"]
    *three, fourth = [f"/retry-agent-run-node/{node['id']}" for node in failed]
    assert [client.post(retry).status_code for retry in three] == [200, 200, 200]
    assert refusal(client.post(fourth)) == (403, "too_many_retries")
    assert answer(client.post(three[-1]))["status"] == "initiated", "again, which changes nothing"
    client.finish(run_id)
    answer(client.post(fourth))
    assert client.finish(run_id)["status"] == "success"
