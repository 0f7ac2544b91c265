"""Signing in: sessions, tokens in turn, a copied token, the forms of errors, what a restart keeps."""

import base64
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox.client import SignIn, answer, auth_refusal, connect, connect_sign_in, refusal
from tests.support.sandbox_server import RunningSandbox, start_sandbox
from tests.support.waiting import PATIENCE, until

DAY = 24 * 3600


@pytest.fixture(scope="module")
def sign_in(server: RunningSandbox) -> Iterator[SignIn]:
    with connect_sign_in(server) as connected:
        yield connected


def claims(access_token: str) -> dict[str, Any]:
    _, payload, _ = access_token.split(".")
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return found


def opens(server: RunningSandbox, access_token: str) -> bool:
    with connect(server.base_url, access_token) as client:
        response = client.get("/dev/keys")
        if response.status_code != 200:
            assert refusal(response) == (401, "invalid_api_key")
        return response.status_code == 200


def test_a_password_gives_a_session(server: RunningSandbox, sign_in: SignIn) -> None:
    before = int(time.time())
    response = sign_in.token("password", email=server.account.email.upper(), password=server.account.password)
    session = answer(response)
    assert set(session) == {"access_token", "token_type", "expires_in", "expires_at", "refresh_token", "user"}
    assert (session["token_type"], session["expires_in"]) == ("bearer", 3600)
    assert before + 3600 <= session["expires_at"] <= time.time() + 3600
    assert session["user"]["email"] == server.account.email
    assert len(session["refresh_token"]) <= 62
    said = claims(session["access_token"])
    assert (said["sub"], said["exp"]) == (session["user"]["id"], session["expires_at"])
    assert response.headers["cache-control"] == "no-store"
    assert answer(sign_in.user(session["access_token"])) == session["user"]
    assert opens(server, session["access_token"])


@pytest.mark.parametrize(
    ("grant", "body", "code"),
    [
        ("password", {"email": "creator@mosaic.local", "password": "wrong"}, "invalid_credentials"),
        ("password", {"email": "nobody@mosaic.local", "password": "wrong"}, "invalid_credentials"),
        ("password", {"email": "creator@mosaic.local"}, "invalid_credentials"),
        ("password", {"password": "x"}, "validation_failed"),
        ("password", {"email": None, "password": "x"}, "validation_failed"),
        ("password", {"email": 5, "password": "x"}, "bad_json"),
        ("password", {"email": "creator@mosaic.local", "password": ["x"]}, "bad_json"),
        ("refresh_token", {"refresh_token": 5}, "bad_json"),
        ("refresh_token", {"refresh_token": "unknown"}, "refresh_token_not_found"),
        ("refresh_token", {"refresh_token": "ü" * 32}, "refresh_token_not_found"),
        ("refresh_token", {"refresh_token": "A" * 32}, "refresh_token_not_found"),
        ("magic", {}, "invalid_credentials"),
    ],
)
def test_what_is_wrong_has_its_code(sign_in: SignIn, grant: str, body: dict[str, object], code: str) -> None:
    assert auth_refusal(sign_in.token(grant, **body)) == (400, code)


def test_a_missing_refresh_token_is_an_error_of_oauth(sign_in: SignIn) -> None:
    for body in ({}, {"refresh_token": None}, {"refresh_token": ""}):
        response = sign_in.token("refresh_token", **body)
        assert response.status_code == 400
        assert response.json() == {"error": "invalid_request", "error_description": "refresh_token required"}
        assert "x-sb-error-code" not in response.headers


def test_the_version_that_a_client_asks_for_decides_the_form_of_errors(sign_in: SignIn) -> None:
    body = {"email": "creator@mosaic.local", "password": "wrong"}
    headers = {"X-Supabase-Api-Version": "2024-01-01"}
    response = sign_in.http.post("/token?grant_type=password", json=body, headers=headers)
    assert response.status_code == 400
    assert response.json() == {"code": "invalid_credentials", "message": "Invalid login credentials"}
    assert response.headers["x-sb-error-code"] == "invalid_credentials"
    assert response.headers["x-supabase-api-version"] == "2024-01-01"


def test_a_body_that_is_not_json_is_refused(sign_in: SignIn) -> None:
    response = sign_in.http.post("/token?grant_type=password", content=b"{")
    assert auth_refusal(response) == (400, "bad_json")


@pytest.mark.parametrize("headers", [{}, {"apikey": "wrong"}])
def test_without_the_public_key_nothing_is_answered(server: RunningSandbox, headers: dict[str, str]) -> None:
    for method, path in (("POST", "/token?grant_type=password"), ("POST", "/logout"), ("GET", "/user")):
        response = httpx.request(method, f"{server.auth_url}{path}", headers=headers, timeout=PATIENCE)
        assert response.status_code == 401
        assert set(response.json()) == {"message", "hint"}


def test_each_refresh_gives_the_next_token(server: RunningSandbox, sign_in: SignIn) -> None:
    first = sign_in.password(server.account)
    second = answer(sign_in.refresh(first["refresh_token"]))
    third = answer(sign_in.refresh(second["refresh_token"]))
    tokens = {session["refresh_token"] for session in (first, second, third)}
    assert len(tokens) == 3
    assert len({claims(session["access_token"])["session_id"] for session in (first, second, third)}) == 1
    assert opens(server, third["access_token"])


def test_a_token_whose_answer_was_lost_gives_the_live_one_again(server: RunningSandbox, sign_in: SignIn) -> None:
    first = sign_in.password(server.account)
    second = answer(sign_in.refresh(first["refresh_token"]))
    again = answer(sign_in.refresh(first["refresh_token"]))
    assert again["refresh_token"] == second["refresh_token"]
    third = answer(sign_in.refresh(second["refresh_token"]))
    assert third["refresh_token"] not in (first["refresh_token"], second["refresh_token"])


def test_an_older_token_ends_the_whole_session(server: RunningSandbox, sign_in: SignIn) -> None:
    bystander = sign_in.password(server.account)
    first = sign_in.password(server.account)
    second = answer(sign_in.refresh(first["refresh_token"]))
    third = answer(sign_in.refresh(second["refresh_token"]))
    assert auth_refusal(sign_in.refresh(first["refresh_token"])) == (400, "refresh_token_already_used")
    assert auth_refusal(sign_in.refresh(third["refresh_token"])) == (400, "refresh_token_not_found")
    assert not opens(server, third["access_token"])
    assert auth_refusal(sign_in.user(third["access_token"])) == (403, "session_not_found")
    assert opens(server, bystander["access_token"])


@pytest.mark.parametrize(
    ("query", "alive"),
    [({}, [False, False]), ({"scope": ""}, [False, False]), ({"scope": "global"}, [False, False]),
     ({"scope": "local"}, [False, True]), ({"scope": "others"}, [True, False])],
)  # fmt: skip
def test_signing_out_ends_the_sessions_of_its_scope(
    server: RunningSandbox, sign_in: SignIn, query: dict[str, str], alive: list[bool]
) -> None:
    sessions = [sign_in.password(server.accounts[0]) for _ in range(2)]
    stranger = sign_in.password(server.account)
    response = sign_in.logout(sessions[0]["access_token"], **query)
    assert (response.status_code, response.content) == (204, b"")
    assert [opens(server, session["access_token"]) for session in sessions] == alive
    refreshed = [sign_in.refresh(session["refresh_token"]).status_code == 200 for session in sessions]
    assert refreshed == alive
    assert opens(server, stranger["access_token"])


def test_signing_out_wants_a_session(server: RunningSandbox, sign_in: SignIn) -> None:
    assert auth_refusal(sign_in.http.post("/logout")) == (401, "no_authorization")
    assert auth_refusal(sign_in.logout("nonsense")) == (403, "bad_jwt")
    assert auth_refusal(sign_in.logout(server.api_key)) == (403, "bad_jwt")
    session = sign_in.password(server.account)
    elsewhere = sign_in.logout(session["access_token"], scope="moon")
    assert auth_refusal(elsewhere) == (400, "validation_failed")
    assert elsewhere.json()["msg"] == 'Unsupported logout scope "moon"'
    sign_in.logout(session["access_token"], scope="local")
    assert auth_refusal(sign_in.logout(session["access_token"])) == (403, "session_not_found")


def test_changed_tokens_open_nothing(server: RunningSandbox, sign_in: SignIn) -> None:
    token = sign_in.password(server.account)["access_token"]
    header, payload, signature = token.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    longer = base64.urlsafe_b64encode(json.dumps({**claims(token), "exp": 10**10}).encode()).rstrip(b"=").decode()
    for changed in (
        f"{header}.{payload}.",
        f"{header}.{payload}",
        f"{none}.{payload}.",
        f"{none}.{payload}.{signature}",
        f"{header}.{longer}.{signature}",
        f"{header}.{payload}.{signature[:-1]}",
        "..",
    ):
        assert not opens(server, changed)


def test_a_session_token_ends_on_time_and_a_refresh_gives_another(tmp_path: Path) -> None:
    with start_sandbox(tmp_path, "--session-seconds", "1") as server, connect_sign_in(server) as sign_in:
        session = sign_in.password(server.account)
        assert session["expires_in"] == 1
        until(lambda: not opens(server, session["access_token"]))
        assert time.time() >= session["expires_at"]
        assert auth_refusal(sign_in.user(session["access_token"])) == (403, "bad_jwt")
        # A new second may begin between the answer and the next request.
        until(lambda: opens(server, answer(sign_in.refresh(session["refresh_token"]))["access_token"]))


def test_a_session_survives_a_killed_server(tmp_path: Path) -> None:
    server = start_sandbox(tmp_path)
    with connect_sign_in(server) as sign_in:
        first = sign_in.password(server.account)
        second = answer(sign_in.refresh(first["refresh_token"]))
    server.kill()
    with start_sandbox(tmp_path) as again, connect_sign_in(again) as sign_in:
        assert opens(again, second["access_token"])
        assert answer(sign_in.refresh(first["refresh_token"]))["refresh_token"] == second["refresh_token"]
        assert auth_refusal(
            sign_in.token("password", email=server.account.email, password=server.account.password)
        ) == (
            400,
            "invalid_credentials",
        )


def test_a_session_that_nobody_used_for_a_month_is_forgotten(tmp_path: Path) -> None:
    with start_sandbox(tmp_path) as server, connect_sign_in(server) as sign_in:
        unused, used, former = [sign_in.password(server.account) for _ in range(3)]
    with closing(sqlite3.connect(tmp_path / "sandbox.db", isolation_level=None)) as database:
        database.execute("UPDATE sign_ins SET used_at = ? WHERE number = 1", (time.time() - 31 * DAY,))
        database.execute("UPDATE sign_ins SET used_at = ? WHERE number = 2", (time.time() - 29 * DAY,))
        database.execute("UPDATE sign_ins SET used_at = NULL WHERE number = 3")  # by a server that did not note it
    with start_sandbox(tmp_path) as again, connect_sign_in(again) as sign_in:
        assert auth_refusal(sign_in.refresh(unused["refresh_token"])) == (400, "refresh_token_not_found")
        assert not opens(again, unused["access_token"])
        for session in (used, former):
            assert opens(again, answer(sign_in.refresh(session["refresh_token"]))["access_token"])
    with closing(sqlite3.connect(tmp_path / "sandbox.db")) as database:
        assert [row for (row,) in database.execute("SELECT number FROM sign_ins ORDER BY number")] == [2, 3]
        assert database.execute("SELECT min(used_at) FROM sign_ins").fetchone()[0] > time.time() - DAY


def test_guessing_passwords_is_slowed_down(tmp_path: Path) -> None:
    with start_sandbox(tmp_path) as server, connect_sign_in(server) as sign_in:
        guess = {"email": server.account.email, "password": "guess"}
        codes = [auth_refusal(sign_in.token("password", **guess)) for _ in range(31)]
        assert codes[:30] == [(400, "invalid_credentials")] * 30
        assert codes[30] == (429, "over_request_rate_limit")
