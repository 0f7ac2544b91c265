"""The developer portal: who may use it, keys and their webhooks, how often it may be asked."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
import pytest

from tests.sandbox.client import Client, answer, connect, connect_sign_in, refusal, signed_in
from tests.support.sandbox_server import RunningSandbox, start_sandbox
from tests.support.waiting import PATIENCE

CALLS = [
    ("GET", "/dev/keys"),
    ("POST", "/dev/keys/create"),
    ("PATCH", "/dev/keys/7"),
    ("DELETE", "/dev/keys/7"),
    ("GET", "/dev/credits/balance"),
]
OPERATIONAL = "/get-user-agents-simple"


@pytest.fixture(scope="module")
def portal(server: RunningSandbox) -> Iterator[Client]:
    with signed_in(server) as connected:
        yield connected


@pytest.fixture(scope="module")
def other_portal(server: RunningSandbox) -> Iterator[Client]:
    with signed_in(server, server.accounts[0]) as connected:
        yield connected


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_an_api_key_does_not_open_it(server: RunningSandbox, method: str, path: str) -> None:
    wrong: list[dict[str, str]] = [
        {},
        {"Authorization": f"Bearer {server.api_key}"},
        {"X-API-Key": server.api_key},
        {"Authorization": "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.AAAA"},
    ]
    for headers in wrong:
        response = httpx.request(method, f"{server.base_url}{path}", headers=headers, timeout=PATIENCE)
        assert refusal(response) == (401, "invalid_api_key")


def test_a_session_token_opens_operational_calls_too(client: Client, portal: Client, clips: Path) -> None:
    assert answer(portal.get(OPERATIONAL)) == answer(client.get(OPERATIONAL))
    run_id = portal.start(portal.upload(clips / "short.mp4"), "Audio enhance")
    assert client.finish(run_id)["status"] == "success"


def test_two_credentials_must_agree(server: RunningSandbox, portal: Client) -> None:
    session = portal.api.headers["Authorization"]
    mine, theirs = server.api_key, server.accounts[0].api_key
    for headers, status in (
        ([("Authorization", f"Bearer {mine}"), ("X-API-Key", mine)], 200),
        ([("Authorization", "Basic bWU6bWU="), ("X-API-Key", mine)], 200),
        ([("Authorization", f"Bearer {mine}"), ("X-API-Key", "")], 200),
        ([("Authorization", f"Bearer {mine}"), ("X-API-Key", theirs)], 401),
        ([("Authorization", f"Bearer {mine}"), ("Authorization", f"Bearer {theirs}")], 401),
        ([("X-API-Key", mine), ("X-API-Key", theirs)], 401),
        ([("Authorization", session), ("X-API-Key", mine)], 401),
        ([("X-API-Key", session.removeprefix("Bearer "))], 401),
    ):
        assert httpx.get(f"{server.base_url}{OPERATIONAL}", headers=headers, timeout=PATIENCE).status_code == status, (
            headers
        )
    both = [("Authorization", session), ("X-API-Key", mine)]
    assert refusal(httpx.get(f"{server.base_url}/dev/keys", headers=both, timeout=PATIENCE)) == (401, "invalid_api_key")


def test_a_key_is_created_used_listed_and_revoked(server: RunningSandbox, portal: Client) -> None:
    made = answer(portal.post("/dev/keys/create"))
    assert set(made) == {"id", "key", "created_at", "webhook_url"}
    UUID(made["id"])
    assert made["key"].startswith("mk_live_")
    assert made["webhook_url"] is None
    listed = answer(portal.get("/dev/keys"))["keys"]
    assert [set(key) for key in listed] == [{"id", "created_at", "last_used_at", "webhook_url"}] * 2
    assert listed[0] == {"id": made["id"], "created_at": made["created_at"], "last_used_at": None, "webhook_url": None}
    with connect(server.base_url, made["key"]) as client:
        assert client.get(OPERATIONAL).status_code == 200
        assert answer(portal.get("/dev/keys"))["keys"][0]["last_used_at"] >= made["created_at"]
        assert portal.delete(f"/dev/keys/{made['id']}").status_code == 200
        assert refusal(client.get(OPERATIONAL)) == (401, "invalid_api_key")
    assert made["id"] not in [key["id"] for key in answer(portal.get("/dev/keys"))["keys"]]
    assert refusal(portal.delete(f"/dev/keys/{made['id']}")) == (404, "not_found")


def test_a_credential_that_ends_while_the_body_comes_opens_nothing(
    server: RunningSandbox, portal: Client, file_id: str
) -> None:
    made = answer(portal.post("/dev/keys/create"))
    wish = {"file_id": file_id, "agent_id": portal.agent_id("Reframe")}
    balance = portal.balance()
    with slowly(server, "/run-agent", made["key"], wish) as ends:
        answer(portal.delete(f"/dev/keys/{made['id']}"))
        assert ends() == 401
    assert portal.balance() == balance
    keys = answer(portal.get("/dev/keys"))
    with connect_sign_in(server) as sign_in:
        token = sign_in.password(server.account)["access_token"]
        with slowly(server, "/dev/keys/create", token, {}) as ends:
            assert sign_in.logout(token, scope="local").status_code == 204
            assert ends() == 401
    assert answer(portal.get("/dev/keys")) == keys


@contextmanager
def slowly(server: RunningSandbox, path: str, credential: str, body: object) -> Iterator[Callable[[], int]]:
    """A POST whose last byte is missing; the call sends it and gives the status of the answer."""
    url, data = urlsplit(f"{server.base_url}{path}"), json.dumps(body).encode()
    with closing(HTTPConnection(url.netloc, timeout=PATIENCE)) as connection:
        connection.putrequest("POST", url.path)
        connection.putheader("Authorization", f"Bearer {credential}")
        connection.putheader("Content-Length", str(len(data)))
        connection.endheaders(data[:-1])

        def end() -> int:
            connection.send(data[-1:])
            return connection.getresponse().status

        yield end


def test_a_run_in_flight_outlives_its_key(server: RunningSandbox, portal: Client, clips: Path) -> None:
    made = answer(portal.post("/dev/keys/create", {"webhook_url": "https://example.org/hook"}))
    with connect(server.base_url, made["key"]) as client:
        run_id = client.start(client.upload(clips / "talk.mp4"), "Silence removal")
        portal.delete(f"/dev/keys/{made['id']}")
        assert client.get(f"/get-agent-run-simple/{run_id}").status_code == 401
    assert portal.finish(run_id)["status"] == "success"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/hook",
        "https://example.org:8443/hook?run=1",
        "http://127.0.0.1:8080/",
        "http://127.5.5.5",
        "http://[::1]:8080/hook",
        "http://localhost:9/hook",
    ],
)
def test_a_webhook_is_set_and_taken_away(portal: Client, url: str) -> None:
    made = answer(portal.post("/dev/keys/create", {"webhook_url": url}))
    assert made["webhook_url"] == url
    changed = answer(portal.patch(f"/dev/keys/{made['id']}", {"webhook_url": None}))
    assert changed == {name: made[name] for name in ("id", "created_at")} | {"webhook_url": None, "last_used_at": None}
    changed = answer(portal.patch(f"/dev/keys/{made['id']}", {"webhook_url": url}))
    assert changed["webhook_url"] == url
    assert answer(portal.get("/dev/keys"))["keys"][0] == changed
    portal.delete(f"/dev/keys/{made['id']}")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "http://127.0.0.1.example.org/",
        "http://localhost.example.org/",
        "https://",
        "https:///hook",
        "https://me:secret@example.org/",
        "https://example.org:99999/",
        "https://example.org:0/",
        "https://[::1/",
        "https://example.org/a b",
        "https://example.org/\r\nX-Header: 1",
        "https://exämple.org/",
        "https://exam*ple.org/",
        "ftp://example.org/",
        "example.org/hook",
        "https://example.org/" + "a" * 2048,
        "",
        5,
        ["https://example.org/"],
    ],
)
def test_what_cannot_be_a_webhook_is_refused(portal: Client, url: object) -> None:
    before = answer(portal.get("/dev/keys"))
    assert refusal(portal.post("/dev/keys/create", {"webhook_url": url})) == (400, "validation_error")
    change = portal.patch(f"/dev/keys/{before['keys'][0]['id']}", {"webhook_url": url})
    assert refusal(change) == (400, "validation_error")
    assert answer(portal.get("/dev/keys")) == before


def test_a_change_must_say_what(portal: Client) -> None:
    (key,) = answer(portal.get("/dev/keys"))["keys"]
    assert refusal(portal.patch(f"/dev/keys/{key['id']}", {})) == (400, "validation_error")


def test_keys_of_others_are_forbidden_and_unknown_ones_not_found(portal: Client, other_portal: Client) -> None:
    (key,) = answer(portal.get("/dev/keys"))["keys"]
    for path, expected in (
        (f"/dev/keys/{key['id']}", (403, "forbidden")),
        (f"/dev/keys/{uuid4()}", (404, "not_found")),
        ("/dev/keys/nonsense", (404, "not_found")),
    ):
        assert refusal(other_portal.patch(path, {"webhook_url": None})) == expected
        assert refusal(other_portal.delete(path)) == expected
    assert answer(portal.get("/dev/keys"))["keys"] == [key]


def test_more_than_the_limit_a_minute_has_to_wait(tmp_path: Path) -> None:
    options = ("--portal-requests", "3", "--account", "b@example.org")
    with start_sandbox(tmp_path, *options) as server, signed_in(server) as portal:
        statuses = [portal.get("/dev/keys").status_code for _ in range(3)]
        refused = portal.get("/dev/credits/balance")
        assert statuses == [200, 200, 200]
        assert refusal(refused) == (429, "rate_limit")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert portal.get(OPERATIONAL).status_code == 200
        with signed_in(server, server.accounts[0]) as other:
            assert other.get("/dev/keys").status_code == 200
