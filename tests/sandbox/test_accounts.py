"""Credentials: both header styles, wrong and revoked keys, accounts kept apart, nothing secret on disk."""

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.sandbox.client import Client, answer, connect, connect_sign_in, refusal, signed_in
from tests.support.sandbox_server import RunningSandbox, start_sandbox
from tests.support.waiting import PATIENCE

WRONG: list[dict[str, str]] = [
    {},
    {"Authorization": "Bearer mk_live_wrong"},
    {"Authorization": "Basic mk_live_wrong"},
    {"Authorization": "Bearer"},
    {"X-API-Key": "mk_live_wrong"},
    {"X-API-Key": ""},
]


def test_both_header_styles_are_the_same(server: RunningSandbox) -> None:
    url = f"{server.base_url}/get-user-agents-simple"
    bearer = httpx.get(url, headers={"Authorization": f"Bearer {server.api_key}"}, timeout=PATIENCE)
    plain = httpx.get(url, headers={"X-API-Key": server.api_key}, timeout=PATIENCE)
    assert answer(bearer) == answer(plain)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/video/get-upload-url"),
        ("POST", "/video/finalize-upload/7"),
        ("GET", "/get-user-agents-simple"),
        ("POST", "/run-agent"),
        ("GET", "/get-agent-run/7"),
        ("GET", "/get-agent-run-simple/7"),
        ("GET", "/get-agent-run-outputs/7"),
        ("POST", "/retry-agent-run-node/7"),
        ("GET", "/download-rendered-video/7"),
    ],
)
def test_every_call_wants_a_valid_key(server: RunningSandbox, method: str, path: str) -> None:
    for headers in WRONG:
        response = httpx.request(method, f"{server.base_url}{path}", headers=headers, timeout=PATIENCE)
        assert refusal(response) == (401, "invalid_api_key")


def test_accounts_have_their_own_agents(client: Client, other: Client) -> None:
    mine, theirs = client.agent_id("Reframe"), other.agent_id("Reframe")
    assert mine != theirs


def test_an_account_is_the_same_in_capital_letters(tmp_path: Path) -> None:
    emails = ("--account", "B@example.org", "--account", "b@Example.org", "--account", "Creator@mosaic.local")
    with start_sandbox(tmp_path, *emails) as server, connect_sign_in(server) as sign_in:
        assert [account.email for account in server.accounts] == ["b@example.org"]
        for account in (server.account, *server.accounts):
            sign_in.password(account)


def test_each_start_prints_the_same_key_until_it_is_revoked(tmp_path: Path) -> None:
    with start_sandbox(tmp_path) as first:
        pass
    with start_sandbox(tmp_path) as second:
        assert second.api_key == first.api_key
        assert second.account.password != first.account.password
        with signed_in(second) as portal:
            (key,) = answer(portal.get("/dev/keys"))["keys"]
            made = answer(portal.post("/dev/keys/create"))
            portal.delete(f"/dev/keys/{key['id']}")
        assert _status(second, first.api_key) == 401
    with start_sandbox(tmp_path) as third, start_sandbox(tmp_path / "else") as stranger:
        assert third.api_key not in (first.api_key, made["key"], stranger.api_key)
        assert _status(third, third.api_key) == 200
        assert _status(third, first.api_key) == 401
        assert _status(third, made["key"]) == 200


def test_a_revoked_key_is_forgotten_also_where_an_older_local_mosaic_kept_it(tmp_path: Path) -> None:
    with start_sandbox(tmp_path) as server, signed_in(server) as portal:
        made = [answer(portal.post("/dev/keys/create")) for _ in range(2)]
        answer(portal.delete(f"/dev/keys/{made[0]['id']}"))
    with closing(sqlite3.connect(tmp_path / "sandbox.db", isolation_level=None)) as database:
        assert database.execute("SELECT count(*) FROM keys").fetchone() == (2,)
        database.execute("ALTER TABLE keys ADD COLUMN revoked_at TEXT")
        database.execute("UPDATE keys SET revoked_at = created_at WHERE id = ?", (made[1]["id"],))
    with start_sandbox(tmp_path) as again, signed_in(again) as portal:
        assert [_status(again, key["key"]) for key in made] == [401, 401]
        assert refusal(portal.delete(f"/dev/keys/{made[1]['id']}")) == (404, "not_found")
        assert again.api_key == server.api_key
    with closing(sqlite3.connect(tmp_path / "sandbox.db")) as database:
        assert database.execute("SELECT count(*) FROM keys").fetchone() == (1,)


def _status(server: RunningSandbox, api_key: str) -> int:
    with connect(server.base_url, api_key) as client:
        return client.get("/get-user-agents-simple").status_code


def test_keys_and_passwords_are_not_on_disk(tmp_path: Path) -> None:
    with start_sandbox(tmp_path, "--account", "b@example.org") as running:
        accounts = [running.account, *running.accounts]
        with connect_sign_in(running) as sign_in, signed_in(running) as portal:
            made = answer(portal.post("/dev/keys/create"))
            session = sign_in.password(running.account)
            following = answer(sign_in.refresh(session["refresh_token"]))
    secrets = [account.api_key for account in accounts] + [account.password for account in accounts]
    secrets += [made["key"]]
    secrets += [tokens[name] for tokens in (session, following) for name in ("access_token", "refresh_token")]
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert not [secret for secret in secrets if secret.encode() in stored]
