"""The developer portal's answers as values."""

import json
import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosaic_desktop.api import portal_protocol as protocol
from mosaic_desktop.api.wire import Answer
from mosaic_desktop.core.account import ApiKey, NewKey
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, ProtocolError, ServiceError
from mosaic_desktop.core.secrets import Secret
from tests.api.test_protocol import FEWER

KEY = "mk_live_0123456789abcdef"


def answer(value: object, status: int = 200) -> Answer:
    return Answer(status, {"content-type": "application/json"}, json.dumps(value).encode())


# --- Requests ---------------------------------------------------------------------------------------------------------


def test_requests() -> None:
    asked = [
        protocol.list_keys(),
        protocol.create_key(None),
        protocol.create_key("https://hook.invalid/a"),
        protocol.set_webhook("../k 1", "https://hook.invalid/é"),
        protocol.set_webhook("k", None),
        protocol.revoke("k?1"),
        protocol.balance(),
    ]
    assert [(request.method, request.path, request.body and json.loads(request.body)) for request in asked] == [
        ("GET", "/dev/keys", None),
        ("POST", "/dev/keys/create", {}),
        ("POST", "/dev/keys/create", {"webhook_url": "https://hook.invalid/a"}),
        ("PATCH", "/dev/keys/..%2Fk%201", {"webhook_url": "https://hook.invalid/é"}),
        ("PATCH", "/dev/keys/k", {"webhook_url": None}),
        ("DELETE", "/dev/keys/k%3F1", None),
        ("GET", "/dev/credits/balance", None),
    ]


@pytest.mark.parametrize("key_id", ["", ".", ".."])
def test_ids_that_lead_elsewhere(key_id: str) -> None:
    for build in (protocol.revoke, lambda key_id: protocol.set_webhook(key_id, None)):
        with pytest.raises(ServiceError) as caught:
            build(key_id)
        assert caught.value.code == Code.NOT_FOUND


# --- Keys -------------------------------------------------------------------------------------------------------------


def test_keys() -> None:
    listed = {
        "id": "k1",
        "created_at": "2025-06-15T15:06:40Z",
        "last_used_at": "2025-06-15T15:06:41.500+00:00",
        "webhook_url": "https://hook.invalid/",
    }
    [key] = protocol.read_keys(answer({"keys": [listed]}))
    assert key == ApiKey("k1", 1_750_000_000.0, 1_750_000_001.5, "https://hook.invalid/")
    assert protocol.read_keys(answer({"keys": []})) == ()


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [
        ("2025-06-15T17:06:40+02:00", 1_750_000_000.0),
        ("2025-06-15T15:06:40", 1_750_000_000.0),
        ("2025-06-15 15:06:40+00", 1_750_000_000.0),
        ("2025-06-15T15:06:40.123456789Z", 1_750_000_000.123456),
        ("20250615T150640Z", 1_750_000_000.0),
        ("2025-06-15", 1_749_945_600.0),
        ("0001-01-01T00:00:00+14:00", -62_135_647_200.0),
        ("yesterday", None),
        ("", None),
        (None, None),
        (True, None),
        ([], None),
        ("2025-13-15T15:06:40Z", None),
    ],
)
def test_times(moment: object, seconds: float | None) -> None:
    [key] = protocol.read_keys(answer({"keys": [{"id": "k", "created_at": moment, "last_used_at": moment}]}))
    assert key.created_at == key.last_used_at == (seconds if seconds is None else pytest.approx(seconds))


def test_odd_and_missing_fields() -> None:
    listed = [7, None, {}, {"id": ""}, {"id": None}, {"id": True}, {"id": 7, "webhook_url": 5}, {"key_id": "k"}]
    assert protocol.read_keys(answer({"keys": listed})) == (ApiKey("7"), ApiKey("k"))


@pytest.mark.parametrize("value", [{}, [], None, {"keys": {}}, {"keys": None}])
def test_no_keys(value: object) -> None:
    with pytest.raises(ProtocolError):
        protocol.read_keys(answer(value))


# --- A new key --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        {"id": "k1", "key": KEY, "created_at": "2025-06-15T15:06:40Z", "webhook_url": None},
        {"id": "k1", "api_key": KEY, "key": "mk_live_…cdef", "hint": "mk_live_****cdef", "prefix": "mk_live_0123"},
        {"key": {"id": "k1", "plaintext": f" {KEY}\n"}},
        {"id": "k1", "secrets": [{"value": KEY}]},
        {"id": "k1", "values": ["a", KEY]},
        {"data": {"key_id": "k1", "key": KEY, "again": KEY}},
    ],
)
def test_a_new_key_wherever_it_stands(value: object) -> None:
    made = protocol.read_new_key(answer(value, 201))
    assert made == NewKey("k1", Secret(KEY), None)
    assert KEY not in repr(made)


def test_a_new_key_with_its_webhook() -> None:
    made = protocol.read_new_key(answer({"id": "k", "key": KEY, "webhook_url": "https://hook.invalid/"}))
    assert made.webhook_url == "https://hook.invalid/"


def test_ids_that_look_like_keys() -> None:
    assert protocol.read_new_key(answer({"id": "mk_id_00000001", "key": KEY})).id == "mk_id_00000001"
    assert protocol.read_new_key(answer({"key": KEY})) == NewKey("", Secret(KEY))


@pytest.mark.parametrize(
    "value",
    [
        {"id": "k1"},
        {"id": "k1", "key": ""},
        {"id": "k1", "key": "mk_live_…cdef"},
        {"id": "k1", "key": "mk_"},
        {"id": "k1", "a": KEY, "b": "mk_live_another_one_0001"},
        {"id": "k1", "note": f"Your key is {KEY}"},
    ],
)
def test_a_new_key_that_is_not_told(value: object) -> None:
    with pytest.raises(ProtocolError) as caught:
        protocol.read_new_key(answer(value))
    assert KEY not in str(caught.value)


@FEWER
@given(
    key=st.text(string.ascii_letters + string.digits + "_-", min_size=8, max_size=60).map("mk_{}".format),
    around=st.dictionaries(st.text(), st.none() | st.integers() | st.text("abc… ") | st.lists(st.text("xyz"))),
    name=st.text(),
    nested=st.booleans(),
)
def test_any_new_key(key: str, around: dict[str, object], name: str, nested: bool) -> None:
    holder = {name: key}
    assert protocol.read_new_key(answer(around | ({"inner!": holder} if nested else holder))).key == Secret(key)


# --- Done or not ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "done",
    [Answer(204), Answer(200), Answer(200, {}, b" \n"), answer({}), answer({"success": True}), answer({"id": "k"})],
)
def test_done(done: Answer) -> None:
    protocol.read_done(done)


@pytest.mark.parametrize(
    ("answered", "code"),
    [
        (answer({"success": False, "message": "No."}), Code.INVALID_STATE),
        (Answer(200, {}, b"<html>Sign in to the hotel</html>"), Code.GATEWAY),
        (Answer(200, {"content-type": "text/html"}), Code.GATEWAY),
        (Answer(200, {}, b'{"id"'), Code.UNREADABLE_ANSWER),
        (Answer(302), Code.REDIRECTED),
        (Answer(404, {}, b'{"error": "not_found", "detail": "No such key."}'), Code.NOT_FOUND),
        (Answer(500), Code.GATEWAY),
        (Answer(429), Code.GATEWAY),
    ],
)
def test_not_done(answered: Answer, code: Code) -> None:
    with pytest.raises(ServiceError) as caught:
        protocol.read_done(answered)
    assert caught.value.code == code


@pytest.mark.parametrize("url", ["https://hook.invalid/a", None])
def test_a_webhook_that_the_key_took(url: str | None) -> None:
    for done in (Answer(204), answer({"success": True}), answer({"id": "k", "webhook_url": url})):
        protocol.read_webhook(done, url)


@pytest.mark.parametrize(("asked", "answered"), [("https://hook.invalid/a", None), (None, "https://hook.invalid/a")])
def test_a_webhook_that_it_did_not(asked: str | None, answered: str | None) -> None:
    with pytest.raises(ProtocolError):
        protocol.read_webhook(answer({"id": "k", "webhook_url": answered}), asked)


# --- The balance ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "credits"),
    [
        (1000.5, 1000.5),
        (7, 7.0),
        (0, 0.0),
        (-12.5, -12.5),
        ("1000.50", 1000.5),
        (" 7 ", 7.0),
        ("-3", -3.0),
        ("7.", 7.0),
    ],
)
def test_balance(value: object, credits: float) -> None:
    found = protocol.read_balance(answer({"credits_remaining": value}))
    assert found == credits
    assert type(found) is float


@pytest.mark.parametrize(
    "body",
    [
        *(b'{"credits_remaining": %s}' % value.encode() for value in ("NaN", "Infinity", "-Infinity", "1e999", "null")),
        *(
            b'{"credits_remaining": "%s"}' % value.encode()
            for value in ("NaN", "inf", "1e5", "1_000", "1,000", "", "٧")
        ),
        b'{"credits_remaining": true}',
        b'{"credits_remaining": [1]}',
        b'{"credits_remaining": %s}' % (b"9" * 400),
        b"{}",
        b"1000.0",
        b"<html>",
    ],
)
def test_no_balance(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        protocol.read_balance(Answer(200, {}, body))


@FEWER
@given(body=st.binary(max_size=80), status=st.integers(200, 599))
def test_any_balance(body: bytes, status: int) -> None:
    answered = Answer(status, {}, b'{"credits_remaining": ' + body + b"}")
    found: float | MosaicError
    try:
        found = protocol.read_balance(answered)
    except MosaicError as error:
        found = error
    assert math.isfinite(found) if isinstance(found, float) else isinstance(found, AuthError) == (status == 401)


# --- Anything at all --------------------------------------------------------------------------------------------------

words = (
    st.sampled_from(["keys", "id", "key", "created_at", "webhook_url", "success", "credits_remaining", KEY]) | st.text()
)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | words
values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(words, inner), max_leaves=12)
READERS = (protocol.read_keys, protocol.read_new_key, protocol.read_done, protocol.read_balance)


@FEWER
@given(value=values, status=st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 429, 500, 503]))
def test_any_json(value: object, status: int) -> None:
    for read in READERS:
        try:
            read(answer(value, status))
            assert status < 300
        except MosaicError as error:
            found = repr(error) + repr(error.problem)
            assert KEY not in found
