"""Credentials: both header styles, wrong and revoked keys, accounts kept apart, nothing secret on disk."""

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.sandbox.client import Client, answer, connect, refusal
from tests.support.sandbox_server import RunningSandbox, start_sandbox

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
    bearer = httpx.get(url, headers={"Authorization": f"Bearer {server.api_key}"})
    plain = httpx.get(url, headers={"X-API-Key": server.api_key})
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
        response = httpx.request(method, f"{server.base_url}{path}", headers=headers)
        assert refusal(response) == (401, "invalid_api_key")


def test_accounts_have_their_own_agents(client: Client, other: Client) -> None:
    mine, theirs = client.agent_id("Reframe"), other.agent_id("Reframe")
    assert mine != theirs


def test_keys_of_earlier_starts_stay_valid_until_revoked(tmp_path: Path) -> None:
    with start_sandbox(tmp_path) as first:
        pass
    with start_sandbox(tmp_path) as second:
        assert second.api_key != first.api_key
        assert _status(second, first.api_key) == 200
    _revoke_oldest_key(tmp_path)
    with start_sandbox(tmp_path) as third:
        assert _status(third, first.api_key) == 401
        assert _status(third, second.api_key) == 200


def _status(server: RunningSandbox, api_key: str) -> int:
    with connect(server.base_url, api_key) as client:
        return client.get("/get-user-agents-simple").status_code


def _revoke_oldest_key(data_dir: Path) -> None:
    with closing(sqlite3.connect(data_dir / "sandbox.db", isolation_level=None)) as database:
        (oldest,) = database.execute("SELECT id FROM keys ORDER BY created_at").fetchone()
        database.execute("UPDATE keys SET revoked_at = '2025-06-01T00:00:00Z' WHERE id = ?", (oldest,))


def test_keys_and_passwords_are_not_on_disk(tmp_path: Path) -> None:
    with start_sandbox(tmp_path, "--account", "b@example.org") as running:
        accounts = [running.account, *running.accounts]
    secrets = [account.api_key for account in accounts] + [account.password for account in accounts]
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert not [secret for secret in secrets if secret.encode() in stored]
