"""Sign-in against a real server: what is sent, what a lost or foreign answer means, and who hears what."""

import json
import logging
import time
import traceback
from collections.abc import Awaitable, Callable

import pytest

from mosaic_desktop.api.exchange import Timeouts
from mosaic_desktop.api.supabase import SupabaseAuth
from mosaic_desktop.core.account import Session
from mosaic_desktop.core.account_ports import AuthService
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, NetworkError, ServiceError
from mosaic_desktop.core.secrets import Secret
from tests.api.service import Script, Service, Talk, serving
from tests.api.tokens import jwt
from tests.support.loop import AsyncRun

ANON = "sb_publishable_abc"
PASSWORD, REFRESH, NEXT = Secret("correct horse"), Secret("abcdefgh1234"), Secret("next-token-56")
ACCESS = Secret(jwt(exp=4_000_000_000, email="me@example.invalid"))
SHORT = Timeouts(read=0.3, start=0.3)
GRANT = {
    "access_token": ACCESS.reveal(),
    "expires_in": 3600,
    "refresh_token": NEXT.reveal(),
    "user": {"email": "me@example.invalid"},
}
Call = Callable[[AuthService], Awaitable[object]]
CALLS: dict[str, Call] = {
    "sign in": lambda auth: auth.sign_in("me@example.invalid", PASSWORD),
    "refresh": lambda auth: auth.refresh(REFRESH),
    "sign out": lambda auth: auth.sign_out(ACCESS),
}
VERDICT = b'{"code": "refresh_token_not_found", "message": "Invalid Refresh Token"}'


async def grant(talk: Talk) -> None:
    await talk.answer(200, json.dumps(GRANT).encode(), Content_Type="application/json")


async def calling(call: Call, script: Script, timeouts: Timeouts | None = None) -> tuple[object, Service]:
    """What came out, an error too, and the server as it was left."""
    async with serving(script) as service:
        auth: AuthService = SupabaseAuth(f"http://127.0.0.1:{service.port}/auth/v1/", ANON, timeouts=timeouts)
        try:
            return await call(auth), service
        except MosaicError as error:
            shown = "".join(traceback.format_exception(error)) + repr(error.problem)
            assert not [secret for secret in (PASSWORD, REFRESH, NEXT, ACCESS) if secret.reveal() in shown]
            return error, service
        finally:
            await auth.aclose()


def test_signing_in(run_async: AsyncRun) -> None:
    before = time.time()
    session, service = run_async(calling(CALLS["sign in"], grant))
    assert isinstance(session, Session)
    assert (session.access, session.refresh, session.email) == (ACCESS, NEXT, "me@example.invalid")
    assert before + 3590 < session.expires_at <= time.time() + 3600
    [seen] = service.seen
    assert (seen.method, seen.target) == ("POST", "/auth/v1/token?grant_type=password")
    assert json.loads(seen.body) == {"email": "me@example.invalid", "password": "correct horse"}
    assert seen.headers["apikey"] == ANON
    assert seen.headers["x-supabase-api-version"] == "2024-01-01"
    assert seen.headers["content-type"] == "application/json"
    assert "authorization" not in seen.headers


def test_refreshing(run_async: AsyncRun) -> None:
    session, service = run_async(calling(CALLS["refresh"], grant))
    assert isinstance(session, Session)
    assert session.refresh == NEXT
    [seen] = service.seen
    assert seen.target == "/auth/v1/token?grant_type=refresh_token"
    assert json.loads(seen.body) == {"refresh_token": REFRESH.reveal()}


def test_signing_out(run_async: AsyncRun) -> None:
    async def end(talk: Talk) -> None:
        await talk.answer(204, b"")

    result, service = run_async(calling(CALLS["sign out"], end))
    assert result is None
    [seen] = service.seen
    assert (seen.method, seen.target) == ("POST", "/auth/v1/logout?scope=local")
    assert seen.headers["authorization"] == f"Bearer {ACCESS.reveal()}"


def test_what_was_never_a_token_needs_no_signing_out(run_async: AsyncRun) -> None:
    result, service = run_async(calling(lambda auth: auth.sign_out(Secret("é\n")), grant))
    assert (result, service.seen) == (None, [])


def test_the_verdict_ends_a_session(run_async: AsyncRun) -> None:
    async def refuse(talk: Talk) -> None:
        await talk.answer(
            400, VERDICT.replace(b"Token", REFRESH.reveal().encode()), X_Sb_Error_Code="refresh_token_not_found"
        )

    error, _ = run_async(calling(CALLS["refresh"], refuse))
    assert isinstance(error, AuthError)
    assert error.code == Code.SESSION_ENDED


def test_a_wrong_password(run_async: AsyncRun) -> None:
    async def refuse(talk: Talk) -> None:
        await talk.answer(400, b'{"code": "invalid_credentials", "message": "Invalid login credentials"}')

    error, _ = run_async(calling(CALLS["sign in"], refuse))
    assert isinstance(error, AuthError)
    assert error.code == Code.INVALID_LOGIN


# --- No verdict -------------------------------------------------------------------------------------------------------


async def cut(talk: Talk) -> None:
    await talk.cut()


async def cut_within_the_verdict(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 500\r\n\r\n" + VERDICT)
    await talk.cut()


async def no_http(talk: Talk) -> None:
    await talk.send(b"hello\r\n\r\n")


async def stall(talk: Talk) -> None:
    await talk.stall()


async def gateway(talk: Talk) -> None:
    await talk.answer(502, VERDICT)


async def hotel(talk: Talk) -> None:
    await talk.answer(200, b"<html>Sign in to the hotel</html>", Content_Type="text/html")


async def elsewhere(talk: Talk) -> None:
    await talk.answer(307, VERDICT, Location="/other/token")


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("script", [cut, cut_within_the_verdict, no_http, stall, gateway, hotel, elsewhere])
def test_whatever_is_no_verdict_is_no_verdict(run_async: AsyncRun, name: str, script: Script) -> None:
    error, service = run_async(calling(CALLS[name], script, SHORT))
    assert isinstance(error, NetworkError | ServiceError)
    assert not isinstance(error, AuthError)
    if isinstance(error, NetworkError):
        assert error.seen  # the token may be used up
    assert len(service.seen) == 1  # nothing is repeated or followed


def test_nobody_there(run_async: AsyncRun) -> None:
    async def drive() -> MosaicError:
        async with serving(grant) as service:
            address = f"http://127.0.0.1:{service.port}/auth/v1"
        auth = SupabaseAuth(address, ANON, timeouts=SHORT)
        with pytest.raises(NetworkError) as caught:
            await auth.refresh(REFRESH)
        await auth.aclose()
        return caught.value

    error = run_async(drive())
    assert isinstance(error, NetworkError)
    assert (error.seen, error.retryable) == (False, True)


# --- Who hears what ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["http://abc.supabase.co/auth/v1", "ftp://x", "", "https://me:pw@x.invalid/auth/v1"]
)
def test_addresses_that_may_not_hear_a_password(address: str) -> None:
    with pytest.raises(MosaicError) as caught:
        SupabaseAuth(address, ANON)
    assert caught.value.code == Code.VALIDATION
    assert caught.value.detail.startswith("The address to sign in at ")


@pytest.mark.parametrize("key", ["", "  ", "a\nb", "é"])
def test_public_keys_that_no_header_can_carry(key: str) -> None:
    with pytest.raises(MosaicError) as caught:
        SupabaseAuth("https://abc.supabase.co/auth/v1", key)
    assert caught.value.code == Code.VALIDATION


def test_no_log_has_a_password_or_a_token(run_async: AsyncRun, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for call in CALLS.values():
            run_async(calling(call, grant))
    told = "\n".join(f"{record.getMessage()} {record.args!r}" for record in caplog.records)
    assert "POST" in told
    assert not [secret for secret in (PASSWORD, REFRESH, NEXT, ACCESS) if secret.reveal() in told]
