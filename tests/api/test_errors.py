"""Every answer that is no success becomes one typed error (contract, section Errors)."""

import json
import time
from collections.abc import Mapping

import pytest

from mosaic_desktop.api.errors import error_of, retry_after
from mosaic_desktop.api.wire import Answer
from mosaic_desktop.core.errors import AuthError, Code, ProtocolError, ServiceError

CONTRACT = [
    (400, "validation_error", False),
    (400, "invalid_state", False),
    (401, "invalid_api_key", False),
    (403, "concurrent_agent_limit", True),
    (403, "insufficient_credits", False),
    (403, "forbidden", False),
    (403, "too_many_retries", False),
    (404, "not_found", False),
    (422, "parameter_out_of_range", False),
    (429, "rate_limit", True),
    (500, "internal_server_error", True),
    (500, "internal_error", True),
]


def answer(status: int, value: object, **headers: str) -> Answer:
    return Answer(status, {name.replace("_", "-"): text for name, text in headers.items()}, json.dumps(value).encode())


@pytest.mark.parametrize(("status", "code", "retryable"), CONTRACT)
def test_table_of_the_contract(status: int, code: str, retryable: bool) -> None:
    error = error_of(answer(status, {"error": code, "detail": "A sentence."}))
    assert (error.code, error.detail, error.status) == (code, "A sentence.", status)
    assert error.retryable is retryable
    assert isinstance(error, AuthError) == (status == 401)
    assert error.code in set(Code)


@pytest.mark.parametrize(
    ("value", "code", "detail"),
    [
        ({"error": "Not Found"}, Code.NOT_FOUND, "Not Found"),
        ({"error": "No run https://s.invalid/a?sig=1 here."}, Code.NOT_FOUND, "No run https://s.invalid/a?… here."),
        ({"error": "x" * 100_000}, Code.NOT_FOUND, "x" * 500),
        ({"error": {"code": "gone", "message": "It is gone."}}, Code.NOT_FOUND, "It is gone."),
        ({"error": " not_found "}, Code.NOT_FOUND, ""),
        ({"error": "run_expired", "detail": {"message": "It is gone."}}, "run_expired", "It is gone."),
    ],
)
def test_a_sentence_where_the_code_belongs_is_a_sentence(value: object, code: str, detail: str) -> None:
    error = error_of(answer(404, value))
    assert (error.code, error.detail) == (code, detail)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_passing_trouble_may_be_tried_again(status: int) -> None:
    assert error_of(Answer(status)).retryable
    assert error_of(answer(status, {"error": "word"})).retryable


@pytest.mark.parametrize("status", [400, 402, 404, 405, 409, 413, 418, 422, 451, 501, 505])
def test_lasting_trouble_is_not_tried_again(status: int) -> None:
    assert not error_of(Answer(status)).retryable
    assert not error_of(answer(status, {"error": "word"})).retryable


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body><h1>502 Bad Gateway</h1></body></html>",
        b"\xef\xbb\xbf\n <!DOCTYPE html>",
        b"<?xml version='1.0'?><Error><Code>ExpiredToken</Code></Error>",
        b"upstream connect error",
        b"\xff\xfe\x00",
        b"null",
        b"7",
    ],
)
@pytest.mark.parametrize("status", [403, 404, 500, 502])
def test_answers_of_something_in_between(status: int, body: bytes) -> None:
    error = error_of(Answer(status, {"content-type": "text/html"}, body))
    assert isinstance(error, ServiceError)
    assert (error.code, error.status) == (Code.GATEWAY, status)


@pytest.mark.parametrize("body", [b'{"error": "forb', b"[", b'{"a": 1}{', b'{"error": "\xff"}', b"[" * 100_000])
def test_incomplete_json(body: bytes) -> None:
    error = error_of(Answer(403, {"content-type": "application/json"}, body))
    assert isinstance(error, ProtocolError)
    assert (error.code, error.status) == (Code.UNREADABLE_ANSWER, 403)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"error"', b'{"detail": "Not authenticated"}'])
def test_a_refused_credential_is_one_in_any_format(body: bytes) -> None:
    error = error_of(Answer(401, {}, body))
    assert isinstance(error, AuthError)
    assert error.code == Code.INVALID_KEY


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, Code.VALIDATION),
        (401, Code.INVALID_KEY),
        (403, Code.FORBIDDEN),
        (404, Code.NOT_FOUND),
        (422, Code.OUT_OF_RANGE),
        (429, Code.RATE_LIMIT),
        (500, Code.SERVER),
        (503, Code.SERVER),
        (418, Code.GATEWAY),
    ],
)
@pytest.mark.parametrize("value", [{}, {"error": None}, {"error": ""}, {"error": 7}, {"error": {"code": "x"}}])
def test_without_a_code_the_status_decides(status: int, code: Code, value: Mapping[str, object]) -> None:
    assert error_of(answer(status, value)).code == code


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects(status: int) -> None:
    error = error_of(Answer(status, {"location": "https://other.invalid/?token=abc"}, b"<html>Moved</html>"))
    assert error.code == Code.REDIRECTED
    assert "abc" not in repr(error)
    # A 303 means that the request was taken, which matters for the start of a run.
    assert isinstance(error, ProtocolError) == (status == 303)


@pytest.mark.parametrize(
    ("value", "detail"),
    [
        ({"detail": "  Words. "}, "Words."),
        ({"message": "Words."}, "Words."),
        ({"detail": [{"loc": ["body", "file_id"], "msg": "field required"}]}, "field required"),
        ({"detail": [1, {"no": "msg"}]}, ""),
        ({"detail": 7}, ""),
        ({"detail": None}, ""),
        ({}, ""),
        ({"detail": "key mk_live_abcdef1234 is wrong"}, "key mk_… is wrong"),
        ({"detail": "see https://x.invalid/a?sig=1"}, "see https://x.invalid/a?…"),
    ],
)
def test_detail(value: Mapping[str, object], detail: str) -> None:
    assert error_of(answer(400, value)).detail == detail


def test_detail_is_not_endless() -> None:
    assert len(error_of(answer(400, {"detail": "x" * 100_000})).detail) == 500


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"field": "target_lufs", "detail": "denoise is fine"}, "target_lufs"),
        ({"field": "parameters.denoise"}, "denoise"),
        ({"detail": "'denoise' must be at most 1"}, "denoise"),
        ({"detail": "target_lufs: 99 is greater than the maximum"}, "target_lufs"),
        ({"detail": "'denoise' is wrong, not target_lufs"}, "denoise"),
        ({"detail": "noise is out of range"}, "noise"),
        ({"detail": "denoised is out of range"}, None),
        ({"field": 7, "detail": ""}, None),
        ({}, None),
    ],
)
def test_field_of_a_422(value: Mapping[str, object], field: str | None) -> None:
    assert error_of(answer(422, value), ("noise", "denoise", "target_lufs", "a.b(")).field == field


def test_no_field_elsewhere() -> None:
    assert error_of(answer(400, {"detail": "denoise"}), ("denoise",)).field is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "17"}, 17.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "999999999"}, 86400.0),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "1.5"}, None),
        ({"retry-after": "١٧"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Thu, 01 Jan 1970 00:17:40 GMT"}, 60.0),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.0),
        ({"retry-after": "Thu, 01 Jan 2026 00:00:30 GMT", "date": "Thu, 01 Jan 2026 00:00:00 GMT"}, 30.0),
        ({"retry-after": "Thursday, 01-Jan-70 00:17:40 GMT"}, 60.0),
        ({"retry-after": "Thu Jan  1 00:17:40 1970"}, 60.0),
        ({"retry-after": "Thu, 01 Jan 1970 01:17:40 +0100"}, 60.0),
        ({"retry-after": "Thu, 01 Jan 9999 00:00:00 GMT"}, 86400.0),
        ({"retry-after": "Thu, 99 Foo 1970"}, None),
    ],
)
def test_retry_after(headers: Mapping[str, str], seconds: float | None) -> None:
    assert retry_after(Answer(503, headers, b"", received_at=1000.0)) == seconds
    assert error_of(Answer(503, headers, b'{"error": "x"}', received_at=1000.0)).retry_after == seconds


def test_dates_mean_utc_wherever_this_computer_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        for date in ("Thu, 01 Jan 1970 00:17:40 GMT", "Thu Jan  1 00:17:40 1970"):
            assert retry_after(Answer(503, {"retry-after": date}, received_at=1000.0)) == 60.0
    finally:
        monkeypatch.undo()
        time.tzset()
