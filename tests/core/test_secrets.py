"""No secret survives in any text, and a Secret does not show itself."""

import copy
import json
import pickle
import string
import time
import traceback
from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mosaic_desktop.core.errors import Code, MosaicError, NetworkError
from mosaic_desktop.core.secrets import Secret, redact

WORD = string.ascii_letters + string.digits
bodies = st.text(WORD + "_-", min_size=16, max_size=64)
parts = st.text(WORD + "_-", min_size=12, max_size=40)
around = st.text(max_size=30)
keys = st.builds("{}{}".format, st.sampled_from(["mk_", "mk_live_", "mk_test_"]), bodies)
tokens = st.builds("eyJ{}.eyJ{}.{}".format, parts, parts, parts)
signatures = st.text("0123456789abcdef", min_size=32, max_size=64)
addresses = st.builds(
    "{}://{}/{}{}{}={}".format,
    st.sampled_from(["https", "http", "HTTPS"]),
    st.sampled_from(["storage.googleapis.com", "127.0.0.1:8123"]),
    st.sampled_from(["bucket/video.mp4", "b/o/a%20b.mp4", ""]),
    st.sampled_from(["?", "?a=1&", "?upload_id=17&", "#"]),
    st.sampled_from(["X-Goog-Signature", "sig", "token", "Signature", "whatever"]),
    signatures,
)


@given(around, keys, around)
def test_keys_never_survive(before: str, key: str, after: str) -> None:
    body = key.rpartition("mk_")[2]
    assume(body not in before + " " + after)
    assert body not in redact(before + key + after)


@given(around, tokens, around)
def test_tokens_never_survive(before: str, token: str, after: str) -> None:
    token_parts = token.split(".")
    assume(not any(part in before + " " + after for part in token_parts))
    redacted = redact(before + token + after)
    assert not [part for part in token_parts if part in redacted]


@given(around, addresses, around)
def test_signatures_of_links_never_survive(before: str, address: str, after: str) -> None:
    assume(address[-32:] not in before + " " + after)
    assert address[-32:] not in redact(f"{before} {address} {after}")
    assert address[-32:] not in redact(f"{before}{address}{after}")


# --- Values that only the name of their field tells -------------------------------------------------------------------

NAMES = (
    "refresh_token",
    "access_token",
    "provider_token",
    "password",
    "apikey",
    "api_key",
    "X-API-Key",
    "refreshToken",
)
FORMS: dict[str, Callable[[str, str], str]] = {
    "json": lambda name, value: json.dumps({"grant": 1, name: value, "user": {"email": "x"}}),
    "compact json": lambda name, value: json.dumps(
        {name: value, "user": "x"}, separators=(",", ":"), ensure_ascii=False
    ),
    "indented json": lambda name, value: json.dumps({name: value}, indent=2),
    "json cut short": lambda name, value: json.dumps({"a": 1, name: value})[:-2],
    "json in json": lambda name, value: json.dumps({"body": json.dumps({name: value, "user": "x"})}),
    "json in json in json": lambda name, value: json.dumps([json.dumps([json.dumps({name: value, "user": "x"})])]),
    "repr of json": lambda name, value: repr(json.dumps({name: value, "user": "x"})),
    "repr of bytes": lambda name, value: repr(json.dumps({name: value}, ensure_ascii=False).encode()),
    "repr": lambda name, value: repr({name: value, "user": "x"}),
    "repr of pairs": lambda name, value: repr([("Accept", "*/*"), (name, value)]),
    "repr of byte pairs": lambda name, value: repr([(name.encode(), value.encode())]),
    "repr of lists": lambda name, value: repr({name: ["x", value], "user": ["x"]}),
    "json of lists": lambda name, value: json.dumps({name: [[value, "x"], [value]], "user": ["x"]}),
    "arguments": lambda name, value: f"sign_in(email='x', {name.replace('-', '_')}={value!r}, retry=True)",
    "form": lambda name, value: urlencode({"grant_type": "refresh", name: value, "user": "x"}),
    "form in a form": lambda name, value: urlencode({"next": "/a?" + urlencode({name: value})}),
    "json in a form": lambda name, value: urlencode({"body": json.dumps({name: value})}),
    "query": lambda name, value: f"GET /auth/v1/token?{urlencode({name: value})}&x=1 HTTP/1.1",
    "address": lambda name, value: f"https://h.invalid/cb#{urlencode({name: value})}",
    "address in an address": lambda name, value: (
        f"/login?to={quote('https://h.invalid/cb?' + urlencode({name: value}), '')}"
    ),
}
HEADER_FORMS: dict[str, Callable[[str, str], str]] = {
    "header": lambda name, value: f"{name}: {value}\r\nAccept: */*",
    "curl": lambda name, value: f"curl -H '{name}: {value}' -d '{name}={value}'",
    "plain": lambda name, value: f"{name} = {value}",
    "authorization": lambda _, value: f"Authorization: Basic {value}\r\n",
    "authorization pair": lambda _, value: repr([(b"authorization", f"Bearer {value}".encode())]),
    "authorization in a form": lambda _, value: urlencode({"h": f"Bearer {value}"}),
    "user of an address": lambda _, value: f"socks5://me:{value}@proxy.invalid:1080",
}


def surviving(text: str, without: str, value: str) -> set[str]:
    """Pieces of ``value``, however it is written down, that ``text`` has and ``without`` has not."""
    written = {value, json.dumps(value)[1:-1], repr(value)[1:-1], quote(value, ""), repr(value.encode())[2:-1]}
    pieces = {form[at : at + 6] for form in written for at in range(max(1, len(form) - 5))}
    return {piece for piece in pieces if piece in text and piece not in without}


@given(
    form=st.sampled_from(sorted(FORMS)),
    name=st.sampled_from(NAMES),
    value=st.text(st.characters(exclude_categories=["Cs"]), min_size=6, max_size=40)
    | st.text("\"'\\ ,;&=}])abc", min_size=6, max_size=20)
    | bodies,
    before=st.text(WORD + " .,:{[(", max_size=20),
    after=around,
)
@settings(max_examples=600)
def test_values_of_secret_fields_never_survive(form: str, name: str, value: str, before: str, after: str) -> None:
    redacted = redact(before + FORMS[form](name, value) + after)
    assert not surviving(redacted, before + FORMS[form](name, "") + after, value)


@given(
    form=st.sampled_from(sorted(HEADER_FORMS)),
    name=st.sampled_from(NAMES),
    value=st.text(WORD + "+/=._~-", min_size=6, max_size=60),
    before=around,
    after=around,
)
@settings(max_examples=300)
def test_values_of_secret_headers_never_survive(form: str, name: str, value: str, before: str, after: str) -> None:
    assume("/" not in value or form != "user of an address")
    redacted = redact(f"{before} {HEADER_FORMS[form](name, value)} {after}")
    assert not surviving(redacted, f"{before} {HEADER_FORMS[form](name, '')} {after}", value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"access_token": ["first", "second"], "user": ["x"]}', '{"access_token": […], "user": ["x"]}'),
        ("refresh_tokens=('first', b'second'), retry=True", "refresh_tokens=(…), retry=True"),
        ('{"api_keys": [["first)"], ["second"]], "n": 1}', '{"api_keys": […]], "n": 1}'),
        ("{'password': {'old': 'first', 'new': 'second'}, 'n': 1}", "{'password': {…}, 'n': 1}"),
        ('{"body": "{\\"password\\": [\\"first\\", \\"second\\"]}"}', '{"body": "{\\"password\\": […]}"}'),
        ('{"password": ["first",\n "second"', '{"password": […'),
    ],
)
def test_of_several_values_under_one_name_none_survives(text: str, told: str) -> None:
    assert redact(text) == told


def test_what_stands_beside_a_secret_field_stays() -> None:
    text = json.dumps({"user": "me", "password": 'a "b", c', "n": 1, "refresh_token": "abc"})
    assert redact(text) == '{"user": "me", "password": "…", "n": 1, "refresh_token": "…"}'
    assert redact("user=me&password=a%20b&n=1") == "user=me&password=…&n=1"
    assert redact("{'password': 'a', 'n': 1}") == "{'password': '…', 'n': 1}"


def test_long_texts_are_done_in_no_time() -> None:
    before = time.thread_time()  # what others run on the machine meanwhile is no matter
    for text in (
        '"password": "' * 20_000,
        "password" * 30_000,
        "token\\" * 40_000,
        'password="' + "a\\" * 100_000,
        "eyJ" * 80_000,
        "password: [" * 20_000,
        'password: ["' * 20_000,
        "password: [" + "], [" * 50_000,
    ):
        redact(text)
    assert time.thread_time() - before < 5


@given(
    around
    | st.lists(st.sampled_from([*NAMES, '"', "'", "\\", "=", ": ", ",", "[", "a", "https://h/?", "%3D"])).map("".join)
)
@settings(max_examples=300)
def test_what_was_redacted_stays_as_it_is(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "GET /b/o?X-Goog-Credential=who%40where&X-Goog-Signature=0011223344secret HTTP/1.1",
        "{'X-API-Key': 'mk_live_secret'}",
        "Authorization: Bearer some-opaque-secret",
        '{"refresh_token": "secret", "user": 1}',
        "https://me:secret@storage.invalid/bucket",
        "upload_id=ABsecret",
        "location: https:\\/\\/h\\/o?X-Goog-Signature=secret",
        "curl -H 'x-api-key: mk_secret' https://api/x",
        "for_mk_live_secret",
        "password=secret",
        "?x-amz-security-token=secret&X-Amz-Signature=secret",
        "GET /cb?code=secret&state=1 HTTP/1.1",
        "next=https%3A%2F%2Fh.invalid%2Fo%3Fany%3Dsecret",
        "sb_secret_0123secret",
        "https://me:p@secret@storage.invalid/bucket",
        '{"a": "{\\"password\\": \\"x \\\\\\"secret\\"}"}',
    ],
)
def test_shapes_of_secrets(text: str) -> None:
    assert "secret" not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "The file is empty.",
        "https://api.usemosaic.ai/api/run-agent answered 500",
        "clip (1).mp4: 5.2 GB of 6 GB",
        "keyJar and monkeyJohn",
        "/home/me/Videos/mk.mp4",
        "a parameter named token_count was 7",
        "The email or the password is not right.",
        "Basic settings of a bearer",
        '{"webhook_url": "https://hook.invalid/mosaic", "status": "success", "tokens": 5}',
    ],
)
def test_harmless_text_stays(text: str) -> None:
    assert redact(text) == text


def test_errors_redact_what_they_are_told() -> None:
    error = MosaicError(Code.STORAGE, "PUT https://h/o?X-Goog-Signature=secret with mk_live_secret")
    told = NetworkError(Code.INTERRUPTED, "GET https://h/o?sig=secret", seen=True)
    for text in (str(error), repr(error), error.problem.detail, repr(told), "".join(traceback.format_exception(told))):
        assert "secret" not in text


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret("mk_live_0123456789abcdef")
    assert secret.reveal() == "mk_live_0123456789abcdef"
    assert {str(secret), repr(secret), f"{secret}", f"{[secret]}", "%s" % secret} == {"Secret(…)", "[Secret(…)]"}  # noqa: UP031
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            attempt(secret)


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("mk_live_0123456789abcdef", "mk_live_…cdef"),
        ("mk_0123456789abcdef", "mk_…cdef"),
        ("mk_live_short", "mk_live_…"),
        ("mk_", "mk_…"),
        ("", "…"),
        ("no prefix but long enough", "…ough"),
    ],
)
def test_the_form_for_screens_gives_nothing_away(value: str, masked: str) -> None:
    assert Secret(value).masked == masked


def test_secrets_compare_by_value() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a")}) == 1
    assert Secret("a") != "a"
    assert not Secret("")
