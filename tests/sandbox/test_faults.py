"""Faults that were ordered happen to the calls they are for, in their order, and are listed afterwards."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox.client import Client, answer, connect, connect_admin, order, refusal, signed_in
from tests.support.sandbox_server import RunningSandbox, start_sandbox
from tests.support.waiting import PATIENCE

SIZE = 1024 * 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with start_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def admin(server: RunningSandbox) -> Iterator[httpx.Client]:
    """Nothing is ordered before and after."""
    with connect_admin(server) as client:
        yield client
        client.delete("/faults").raise_for_status()


def listed(admin: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer(admin.get("/faults"))["faults"]
    return found


def test_puts_fail_after_some_bytes_as_often_as_ordered(client: Client, admin: httpx.Client) -> None:
    order(admin, {"call": "put", "effect": "status", "status": 503, "after_bytes": 256 * 1024, "times": 3})
    announced = client.announce(SIZE)
    answers = [client.put(announced["upload_url"], bytes(SIZE)) for _ in range(4)]
    assert [response.status_code for response in answers] == [503, 503, 503, 200]
    assert "<Code>ServiceUnavailable</Code>" in answers[0].text
    assert [(fault["times"], fault["used"]) for fault in listed(admin)] == [(0, 3)]


def test_a_proxy_s_page_stands_in_for_an_answer(client: Client, admin: httpx.Client, file_id: str) -> None:
    run_id = client.start(file_id, "Mirror")
    order(admin, {"call": "get-agent-run-simple", "effect": "html"})
    page = client.get(f"/get-agent-run-simple/{run_id}")
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (502, "text/html")
    assert client.finish(run_id)["status"] == "success"


@pytest.mark.parametrize("effect", ["status", "html"])
@pytest.mark.parametrize("status", [204, 205, 304])
def test_an_answer_that_can_have_no_body_has_none(
    client: Client, admin: httpx.Client, effect: str, status: int
) -> None:
    order(admin, {"call": "get-user-agents-simple", "effect": effect, "status": status, "times": 2})
    for _ in range(2):  # the connection goes on too
        response = client.get("/get-user-agents-simple")
        assert (response.status_code, response.content) == (status, b"")
    assert client.get("/get-user-agents-simple").status_code == 200


def test_an_answer_is_lost_after_the_run_was_created(
    client: Client, admin: httpx.Client, server: RunningSandbox, file_id: str
) -> None:
    wish = {"file_id": file_id, "agent_id": client.agent_id("Mirror")}
    with signed_in(server) as portal:
        before = portal.balance()
        order(admin, {"call": "run-agent", "effect": "lost"})
        with pytest.raises(httpx.RemoteProtocolError):
            client.post("/run-agent", wish)
        assert portal.balance() < before, "it was created, and is paid for"


def test_links_live_as_long_as_ordered(client: Client, admin: httpx.Client) -> None:
    order(admin, *({"call": "links", "effect": "expire", "seconds": seconds} for seconds in (0, 60)))
    first, second, third = (client.announce(2048)["upload_url"] for _ in range(3))
    assert [httpx.URL(link).params["X-Goog-Expires"] for link in (first, second, third)] == ["0", "60", "3600"]
    late = client.put(first, bytes(2048))
    assert (late.status_code, "<Code>ExpiredToken</Code>" in late.text) == (400, True)
    assert client.put(second, bytes(2048)).status_code == 200


def test_a_download_breaks_where_ordered_and_goes_on_by_range(client: Client, admin: httpx.Client) -> None:
    data = bytes(range(256)) * 4096
    announced = client.announce(len(data))
    client.put(announced["upload_url"], data)
    link = answer(client.post(f"/video/finalize-upload/{announced['video_id']}"))["url"]
    order(admin, {"call": "get", "effect": "cut", "after_bytes": 300_000})
    pieces: list[bytes] = []
    with client.storage.stream("GET", link) as response, pytest.raises(httpx.RemoteProtocolError):
        pieces.extend(response.iter_raw())
    came = b"".join(pieces)
    assert came == data[:300_000]
    rest = client.storage.get(link, headers={"Range": f"bytes={len(came)}-"})
    assert came + rest.content == data


def test_calls_are_delayed(client: Client, admin: httpx.Client) -> None:
    order(admin, {"call": "get-user-agents-simple", "effect": "delay", "seconds": 0.3})
    began = time.monotonic()
    answer(client.get("/get-user-agents-simple"))
    assert time.monotonic() - began >= 0.3


def test_faults_happen_in_their_order(client: Client, admin: httpx.Client) -> None:
    order(
        admin,
        {"call": "get-user-agents-simple", "effect": "status", "status": 500},
        {"call": "get-upload-url", "effect": "status", "status": 429},
        {"call": "get-user-agents-simple", "effect": "status", "status": 503},
    )
    codes = [refusal(client.get("/get-user-agents-simple")) for _ in range(2)]
    assert codes == [(500, "internal_server_error"), (503, "service_unavailable")]
    assert [fault["used"] for fault in listed(admin)] == [1, 0, 1]


def test_a_fault_has_the_contract_s_code_for_its_status(client: Client, admin: httpx.Client) -> None:
    codes = {
        400: "validation_error",
        401: "invalid_api_key",
        403: "forbidden",
        404: "not_found",
        422: "parameter_out_of_range",
        429: "rate_limit",
    }
    order(admin, *({"call": "get-user-agents-simple", "effect": "status", "status": status} for status in codes))
    assert dict(refusal(client.get("/get-user-agents-simple")) for _ in codes) == codes


@pytest.mark.parametrize(
    "fault",
    [
        {"call": "nothing", "effect": "lost"},
        {"call": "put", "effect": "explode"},
        {"call": "put", "effect": "expire"},
        {"call": "links", "effect": "lost"},
        {"call": "put", "effect": "status", "times": 0},
        {"call": "put", "effect": "status", "status": "503"},
        {"call": "put", "effect": "status", "more": 1},
        {"call": ["put"], "effect": "lost"},
    ],
)
def test_what_is_no_fault_is_refused_with_all_beside_it(admin: httpx.Client, fault: dict[str, object]) -> None:
    wishes = [{"call": "get", "effect": "lost"}, fault]
    assert refusal(admin.post("/faults", json={"faults": wishes})) == (400, "validation_error")
    assert listed(admin) == []


def test_only_the_token_opens_it(server: RunningSandbox, client: Client, admin: httpx.Client) -> None:
    for credential in ("", f"Bearer {server.api_key}", "Bearer ü"):
        plain = httpx.get(
            f"{server.admin_url}/faults", headers={b"Authorization": credential.encode()}, timeout=PATIENCE
        )
        assert refusal(plain) == (401, "invalid_admin_token")
    page = admin.get("/faults", headers={"Origin": "https://example.org"})
    assert refusal(page) == (401, "invalid_admin_token"), "not from a web page"


def test_a_new_server_makes_no_mistakes(tmp_path: Path) -> None:
    with start_sandbox(tmp_path / "data") as first, connect_admin(first) as admin:
        order(admin, {"call": "get-user-agents-simple", "effect": "status"})
    with start_sandbox(tmp_path / "data") as second, connect(second.base_url, second.api_key) as client:
        assert second.admin_token == first.admin_token
        answer(client.get("/get-user-agents-simple"))


def test_a_lost_answer_ends_without_a_word_in_the_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with (
        start_sandbox(tmp_path) as server,
        connect(server.base_url, server.api_key) as client,
        connect_admin(server) as admin,
    ):
        order(admin, {"call": "get-user-agents-simple", "effect": "lost"})
        with pytest.raises(httpx.TransportError):
            client.get("/get-user-agents-simple")
        answer(client.get("/get-user-agents-simple"))
    assert capfd.readouterr().err == ""
