"""No secret survives in any text, and a Secret does not show itself."""

import copy
import pickle
import string
import traceback

import pytest
from hypothesis import assume, given
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


@given(around)
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
