"""Signatures of webhook deliveries: what the contract says, and what everybody who wants in may try."""

import hashlib
import hmac
import json
import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mosaic_desktop.api.signature import read_delivery, sign, verify
from mosaic_desktop.core.account import RunNotice, Verdict
from mosaic_desktop.core.secrets import Secret
from tests.api.test_protocol import FEWER

KEY, OTHER = Secret("mk_live_0123456789abcdef"), Secret("mk_live_another_key_4711")
NOW = 1_750_000_000
BODY = b'{"event": "agent_run.completed", "agent_run_id": "r1", "status": "success", "outputs": []}'
RIGHT = hmac.new(b"mk_live_0123456789abcdef", b"1750000000." + BODY, hashlib.sha256).hexdigest()
HEADER = f"t=1750000000,v1={RIGHT}"

keys = st.builds(Secret, st.text(min_size=1, max_size=60).filter(lambda text: "?" not in text))
times = st.integers(0, 4_000_000_000)


# --- A vector by hand -------------------------------------------------------------------------------------------------


def sha256_hmac(key: bytes, message: bytes) -> str:
    """RFC 2104 in its own words, for keys shorter than a block."""
    block = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + message).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in block) + inner).hexdigest()


def test_a_known_vector() -> None:
    signature = "d7e2d207cc40bf5492741f9c8729ffdf08610824ff74b32c055f770a702abc71"  # by openssl dgst too
    assert sha256_hmac(b"mk_live_0123456789abcdef", b"1750000000." + BODY) == RIGHT == signature
    assert sign(KEY, BODY, NOW + 0.9) == f"t=1750000000,v1={signature}"
    assert verify(HEADER, BODY, [KEY], NOW) is Verdict.ACCEPTED


# --- Any delivery -----------------------------------------------------------------------------------------------------


@FEWER
@given(keys, st.binary(max_size=300), times, st.integers(-300, 300))
def test_what_a_key_signed_is_accepted_for_five_minutes(key: Secret, body: bytes, now: int, away: int) -> None:
    assert verify(sign(key, body, now), body, [OTHER, key], now + away) is Verdict.ACCEPTED


@FEWER
@given(keys, st.binary(max_size=300), times, st.integers(301, 10**9), st.sampled_from([-1, 1]))
def test_later_and_earlier_it_is_not(key: Secret, body: bytes, now: int, away: int, side: int) -> None:
    assert verify(sign(key, body, now), body, [key], now + side * away) is Verdict.LATE


@FEWER
@given(st.binary(max_size=100), st.binary(max_size=100))
def test_another_body_is_forged(body: bytes, other: bytes) -> None:
    assume(body != other)
    assert verify(sign(KEY, body, NOW), other, [KEY], NOW) is Verdict.FORGED


@FEWER
@given(keys, keys)
def test_another_key_is_forged(key: Secret, other: Secret) -> None:
    # HMAC fills short keys up with zeros and takes the hash of long ones.
    assume(key.reveal().rstrip("\0") != other.reveal().rstrip("\0"))
    assert verify(sign(key, BODY, NOW), BODY, [other], NOW) is Verdict.FORGED


@FEWER
@given(times)
def test_the_time_is_signed_too(moment: int) -> None:
    assume(moment != NOW)
    assert verify(HEADER.replace("1750000000", str(moment)), BODY, [KEY], moment) is Verdict.FORGED


@FEWER
@given(st.none() | st.text(string.printable + "tv1=,é\udcff", max_size=200))
def test_no_header_raises(header: str | None) -> None:
    assert verify(header, BODY, [KEY], NOW) is Verdict.FORGED


@FEWER
@given(st.text("0123456789abcdefé\udcff,=v1t ", max_size=80))
def test_no_signature_raises(signature: str) -> None:
    assert verify(f"t={NOW},v1={signature}", BODY, [KEY, Secret("é")], NOW) is Verdict.FORGED


# --- Forms of the header ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        f"v1={RIGHT},t={NOW}",
        f"t={NOW}, v1={RIGHT}",
        f"t={NOW},v1={RIGHT.upper()}",
        f"t={NOW},v1={'0' * 64},v1={RIGHT}",
        f"t={NOW},v1={RIGHT},v1={RIGHT}",
        f"t={NOW},v0=old,v1={RIGHT},v2=new,x",
    ],
)
def test_forms_that_are_right(header: str) -> None:
    assert verify(header, BODY, [OTHER, KEY], NOW) is Verdict.ACCEPTED


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        RIGHT,
        KEY.reveal(),  # what another product of that name sends
        f"v1={RIGHT}",
        f"t={NOW}",
        f"t={NOW},v1=",
        f"t={NOW},v2={RIGHT}",
        f"t={NOW},v1={RIGHT[:-1]}",
        f"t={NOW},v1={RIGHT}0",
        f"t={NOW},t={NOW},v1={RIGHT}",
        f"t={NOW},v1={RIGHT},t=0",
        f"{HEADER}, {HEADER}",  # two headers that were joined
        f"t=,v1={RIGHT}",
        f"t=-{NOW},v1={RIGHT}",
        f"t=+{NOW},v1={RIGHT}",
        f"t={NOW}.0,v1={RIGHT}",
        f"t=1_750_000_000,v1={RIGHT}",
        f"t=１７５０００００００,v1={RIGHT}",
        f"T={NOW},V1={RIGHT}",
        f"t={'9' * 5000},v1={RIGHT}",
        f"t={NOW}," + "v1=0," * 1000 + f"v1={RIGHT}",
    ],
)
def test_forms_that_are_not(header: str | None) -> None:
    assert verify(header, BODY, [KEY], NOW) is Verdict.FORGED


def test_without_keys_nothing_is_accepted() -> None:
    assert verify(HEADER, BODY, [], NOW) is Verdict.FORGED
    assert verify(sign(Secret(""), BODY, NOW), BODY, [Secret("")], NOW) is Verdict.FORGED


@pytest.mark.parametrize("away", [-300.0, 300.0])
def test_the_edge_of_five_minutes(away: float) -> None:
    assert verify(HEADER, BODY, [KEY], NOW + away) is Verdict.ACCEPTED
    assert verify(HEADER, BODY, [KEY], NOW + away * 1.001) is Verdict.LATE


# --- Bodies -----------------------------------------------------------------------------------------------------------


def test_bodies_of_the_contract() -> None:
    failed = {"event": "agent_run.failed", "agent_run_id": "r2", "status": "failed", "error_message": "No sound."}
    assert read_delivery(BODY) == RunNotice("agent_run.completed", "r1", "success")
    assert read_delivery(json.dumps(failed).encode()) == RunNotice("agent_run.failed", "r2", "failed")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        BODY[:-1],
        BODY.replace(b'"r1"', b'""'),
        BODY.replace(b'"r1"', b"7"),
        BODY.replace(b'"success"', b"null"),
        BODY.replace(b"event", b"events"),
        BODY.replace(b"r1", b"r" * 300),
    ],
)
def test_bodies_that_are_not(body: bytes) -> None:
    assert read_delivery(body) is None


@FEWER
@given(st.binary(max_size=200) | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(str).map(str.encode))
def test_no_body_raises(body: bytes) -> None:
    assert read_delivery(body) is None
