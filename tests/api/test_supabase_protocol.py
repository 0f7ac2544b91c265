"""Supabase Auth's answers and tokens as values: what they mean, and above all what they do not."""

import json
import traceback
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosaic_desktop.api import supabase_protocol as protocol
from mosaic_desktop.api.supabase_protocol import PASSWORD_VERDICTS, REFRESH_VERDICTS, read_session, read_token
from mosaic_desktop.api.wire import Answer
from mosaic_desktop.core.account import Session
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, ProtocolError, ServiceError
from mosaic_desktop.core.secrets import Secret
from tests.api.test_protocol import FEWER
from tests.api.tokens import jwt, part

HERE = 1_750_000_000.0  # this computer's clock, an hour behind
THERE = HERE + 3600
DATE = "Sun, 15 Jun 2025 16:06:40 GMT"  # THERE
SENT = Secret("abcdefgh1234")
ACCESS = jwt(sub="u", email="me@example.invalid", exp=THERE + 3600, iat=THERE)
GRANT = {
    "access_token": ACCESS,
    "token_type": "bearer",
    "expires_in": 3600,
    "expires_at": THERE + 3600,
    "refresh_token": "v2refresh0001",
    "user": {"id": "u", "email": "user@example.invalid"},
}


def answer(status: int, value: object, **headers: str) -> Answer:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status, named, json.dumps(value).encode(), HERE)


def granted(fields: Mapping[str, object], took: float = 0.0, **headers: str) -> Session:
    return read_session(answer(200, fields, **headers), REFRESH_VERDICTS, SENT, took)


def without(*names: str) -> dict[str, object]:
    return {name: value for name, value in GRANT.items() if name not in names}


def refused(refusal: Answer, verdicts: Mapping[str, Code]) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        read_session(refusal, verdicts, SENT, 0.0)
    return caught.value


# --- Requests ---------------------------------------------------------------------------------------------------------


def test_requests() -> None:
    asked = protocol.password_grant(" me@example.invalid ", Secret(" päss "))
    assert (asked.method, asked.path, asked.query) == ("POST", "/token", {"grant_type": "password"})
    assert json.loads(asked.body or b"") == {"email": "me@example.invalid", "password": " päss "}
    asked = protocol.refresh_grant(Secret("r"))
    assert (asked.method, asked.path, asked.query) == ("POST", "/token", {"grant_type": "refresh_token"})
    assert json.loads(asked.body or b"") == {"refresh_token": "r"}
    assert (protocol.logout().path, protocol.logout().query) == ("/logout", {"scope": "local"})


def test_no_value_shows_a_secret() -> None:
    shown = [repr(protocol.password_grant("me", SENT)), repr(protocol.refresh_grant(SENT)), repr(answer(200, GRANT))]
    assert not [text for text in shown if SENT.reveal() in text or ACCESS in text or "v2refresh" in text]
    assert ACCESS not in repr(granted(GRANT))


# --- Sessions ---------------------------------------------------------------------------------------------------------


def test_a_session() -> None:
    session = granted(GRANT)
    assert (session.access.reveal(), session.email) == (ACCESS, "user@example.invalid")
    assert session.refresh == Secret("v2refresh0001")


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        (GRANT, {}),
        (GRANT, {"date": DATE}),
        (GRANT | {"expires_at": 7}, {"date": DATE}),
        (without("expires_in"), {"date": DATE}),
        (without("expires_in"), {}),  # its token says when it was issued
        (without("expires_in", "expires_at"), {}),
        (GRANT | {"expires_in": "3600"}, {"date": "yesterday"}),
        (GRANT | {"expires_in": -5, "access_token": "opaque"}, {"date": DATE}),
        (without("expires_in", "expires_at") | {"access_token": "opaque"}, {}),  # the usual hour
        (GRANT | {"expires_in": 1e30}, {}),
        (GRANT | {"expires_in": None, "expires_at": float("nan")}, {"date": DATE}),
    ],
)
def test_a_clock_that_is_an_hour_behind_does_no_harm(fields: dict[str, object], headers: dict[str, str]) -> None:
    session = read_session(answer(200, fields, **headers), REFRESH_VERDICTS, SENT, took=2.0)
    assert session.expires_at == HERE + 3600 - 2


def test_the_email_is_in_the_token_too() -> None:
    assert granted(without("user")).email == "me@example.invalid"
    assert granted(GRANT | {"user": [], "access_token": "opaque"}).email == ""


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(without("access_token")).encode(),
        json.dumps(without("refresh_token")).encode(),
        json.dumps(GRANT | {"refresh_token": ""}).encode(),
        json.dumps(GRANT | {"access_token": "eyJ\n"}).encode()[:-1],
        json.dumps(GRANT | {"access_token": "é"}).encode(),
        b"",
        b"[]",
        b"<html>Sign in to the hotel</html>",
    ],
)
def test_a_success_that_is_none(body: bytes) -> None:
    error = refused(Answer(200, {}, body, HERE), REFRESH_VERDICTS)
    assert isinstance(error, ProtocolError)
    assert error.retryable


# --- Verdicts ---------------------------------------------------------------------------------------------------------

FORMS = {
    "2024-01-01": lambda code, status: answer(status, {"code": code, "message": "Words."}),
    "before": lambda code, status: answer(status, {"code": status, "error_code": code, "msg": "Words."}),
    "header": lambda code, status: answer(status, {"message": "Words."}, x_sb_error_code=code),
    "header first": lambda code, status: answer(status, {"code": "x", "message": "Words."}, x_sb_error_code=code),
    "OAuth": lambda code, status: answer(status, {"error": code, "error_description": "Words."}),
}
VERDICTS = [
    *((PASSWORD_VERDICTS, word, code) for word, code in PASSWORD_VERDICTS.items()),
    *((REFRESH_VERDICTS, word, code) for word, code in REFRESH_VERDICTS.items()),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_the_verdicts(form: str, status: int) -> None:
    for verdicts, word, code in VERDICTS:
        error = refused(FORMS[form](word, status), verdicts)
        assert isinstance(error, AuthError)
        assert (error.code, error.detail, error.status, error.retryable) == (code, "Words.", status, False)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("status", [301, 307, 408, 425, 429, 500, 502, 503, 504, 522])
def test_passing_trouble_is_no_verdict(form: str, status: int) -> None:
    for verdicts, word, _ in VERDICTS:
        assert not isinstance(refused(FORMS[form](word, status), verdicts), AuthError)


@pytest.mark.parametrize("verdicts", [PASSWORD_VERDICTS, REFRESH_VERDICTS])
@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {}),
        (b"<html>refresh_token_not_found</html>", {"x-sb-error-code": "refresh_token_not_found"}),
        (b'{"code": "session_expired"', {"x-sb-error-code": "session_expired"}),
        (b'{"code": "session_expired"}', {"content-type": "text/html"}),
        (b'["session_expired"]', {}),
        (b"session_expired", {}),
        (b"{}", {}),
        (b'{"message": "Invalid API key", "hint": "Double check your Supabase `anon` API key."}', {}),
        (b'{"error": "invalid_api_key", "detail": "Unknown."}', {}),
        (b'{"code": 401, "error_code": "no_authorization", "msg": "This endpoint requires a Bearer token"}', {}),
        (b'{"code": "validation_failed", "message": "missing"}', {}),
        (b'{"code": "over_request_rate_limit", "message": "slow"}', {}),
        (b'{"code": "conflict", "message": "Too many concurrent token refresh requests"}', {}),
        (b'{"code": "unexpected_failure", "message": "invalid_credentials"}', {}),
    ],
)
def test_what_is_no_verdict(verdicts: Mapping[str, Code], body: bytes, headers: Mapping[str, str]) -> None:
    for status in (400, 401, 403, 404, 409, 422, 451):
        error = refused(Answer(status, headers, body, HERE), verdicts)
        assert not isinstance(error, AuthError)
        assert error.status == status


@pytest.mark.parametrize(
    ("verdicts", "word"), [(PASSWORD_VERDICTS, "session_expired"), (REFRESH_VERDICTS, "invalid_credentials")]
)
def test_a_verdict_on_something_else_is_none(verdicts: Mapping[str, Code], word: str) -> None:
    error = refused(answer(400, {"code": word, "message": "Words."}), verdicts)
    assert not isinstance(error, AuthError)
    assert (error.code, error.detail) == (Code.VALIDATION, "Words.")


@FEWER
@given(
    status=st.integers(200, 599),
    body=st.binary(max_size=60),
    kind=st.sampled_from(["", "text/html", "application/json"]),
)
def test_no_answer_raises_anything_else(status: int, body: bytes, kind: str) -> None:
    error = refused(Answer(status, {"content-type": kind}, body, HERE), REFRESH_VERDICTS)
    assert not isinstance(error, AuthError)


def test_too_many_attempts() -> None:
    error = refused(
        answer(429, {"code": "over_request_rate_limit", "message": "Slow."}, retry_after="17"), PASSWORD_VERDICTS
    )
    assert (error.code, error.retry_after, error.retryable) == (Code.RATE_LIMIT, 17.0, True)


def test_too_many_attempts_for_something_in_between() -> None:
    error = refused(Answer(429, {"retry-after": "17"}, b"<html>Too many requests</html>"), REFRESH_VERDICTS)
    assert (error.code, error.retry_after, error.retryable) == (Code.RATE_LIMIT, 17.0, True)


def test_trouble_of_the_service() -> None:
    error = refused(answer(500, {"code": "unexpected_failure", "message": "Sorry."}, retry_after="5"), REFRESH_VERDICTS)
    assert (error.code, error.detail, error.retry_after, error.retryable) == (Code.SERVER, "Sorry.", 5.0, True)
    error = refused(Answer(502, {}, b"<html>Bad gateway</html>"), REFRESH_VERDICTS)
    assert (error.code, error.retryable) == (Code.GATEWAY, True)


def test_what_the_service_repeats_of_a_secret_is_not_kept() -> None:
    error = refused(
        answer(400, {"code": "refresh_token_not_found", "message": "There is no abcdefgh1234."}), REFRESH_VERDICTS
    )
    assert error.detail == ""
    words = 'no such refresh_token: "another123" of eyJhbGciOi.eyJzdWIiOi.sig'
    error = refused(answer(400, {"code": "refresh_token_not_found", "message": words}), REFRESH_VERDICTS)
    text = "".join(traceback.format_exception(error)) + repr(error.problem)
    assert "another123" not in text
    assert "eyJ" not in text


# --- Signing out ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "good",
    [
        Answer(204),
        answer(200, {}),
        answer(403, {"code": "session_not_found", "message": "gone"}),
        answer(401, {"code": 401, "error_code": "bad_jwt", "msg": "expired"}),
        answer(404, {"code": "user_not_found"}),
    ],
)
def test_signed_out(good: Answer) -> None:
    protocol.read_logged_out(good, SENT)


@pytest.mark.parametrize(
    "bad",
    [
        Answer(200, {}, b"<html>Sign in to the hotel</html>"),
        Answer(401, {"x-sb-error-code": "bad_jwt"}, b"<html>"),
        Answer(403),
        answer(401, {"message": "Invalid API key"}),
        answer(500, {"code": "session_not_found"}),
        Answer(302, {"location": "/"}),
    ],
)
def test_not_signed_out(bad: Answer) -> None:
    with pytest.raises(ServiceError) as caught:
        protocol.read_logged_out(bad, SENT)
    assert not isinstance(caught.value, AuthError)


# --- Tokens pasted by hand --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pasted",
    [
        ACCESS,
        f"  {ACCESS}\n",
        f"Bearer {ACCESS}",
        f"Authorization: Bearer {ACCESS}",
        f"authorization:bearer {ACCESS}",
        f'"{ACCESS}"',
        f"“{ACCESS}”",
        f"{ACCESS[:40]}\n{ACCESS[40:]}\n",
    ],
)
def test_a_pasted_token(pasted: str) -> None:
    session = read_token(Secret(pasted))
    assert session == Session(Secret(ACCESS), None, THERE + 3600, "me@example.invalid")


def test_a_pasted_token_without_an_email() -> None:
    assert read_token(Secret(jwt(exp=7))).email == ""
    assert read_token(Secret(jwt(exp=7.5, email=[]))).expires_at == 7.5


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "hello",
        "a.b.c",
        ACCESS[:-60],
        ACCESS + ".x",
        "é" + ACCESS,
        jwt(),
        jwt(exp="tomorrow"),
        jwt(exp=True),
        f"{part([])}.{part({'exp': 7})}.s",
        f"{part({'alg': 'none'})}.{part([7])}.s",
        f"{part({'alg': 'none'})}.{'A' * 20_000}.s",
        f"{part({'alg': 'none'})}.A.s",
        ACCESS + ACCESS,
    ],
)
def test_what_is_no_token(pasted: str) -> None:
    with pytest.raises(MosaicError) as caught:
        read_token(Secret(pasted))
    assert (caught.value.code, caught.value.detail[:26]) == (Code.VALIDATION, "This is not a session toke")


def test_a_key_in_the_place_of_a_token() -> None:
    with pytest.raises(MosaicError) as caught:
        read_token(Secret(" mk_live_0123456789abcdef"))
    assert caught.value.detail.startswith("This is an API key.")
    assert "0123456789" not in repr(caught.value)


@FEWER
@given(st.text(max_size=60) | st.from_regex(r"\A[A-Za-z0-9_-]{1,20}\.[A-Za-z0-9_-]{1,20}\.[A-Za-z0-9_-]{0,9}\Z"))
def test_no_text_raises_anything_else(pasted: str) -> None:
    with pytest.raises(MosaicError):
        read_token(Secret(pasted))
