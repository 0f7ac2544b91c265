"""The developer portal against a real server: what leaves, where to, and how often."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable

import pytest

from mosaic_desktop.api.pace import Pace
from mosaic_desktop.api.portal import DeveloperPortal
from mosaic_desktop.core.account import ApiKey, NewKey
from mosaic_desktop.core.account_ports import Portal
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, NetworkError, ServiceError
from mosaic_desktop.core.secrets import Secret
from tests.api.service import Script, Service, Talk, serving
from tests.api.tokens import jwt
from tests.support.loop import AsyncRun

ACCESS = Secret(jwt(exp=4_000_000_000))
KEY = "mk_live_0123456789abcdef"
Call = Callable[[Portal], Awaitable[object]]
ANSWERS = {
    "GET /api/dev/keys": b'{"keys": [{"id": "k1"}]}',
    "POST /api/dev/keys/create": json.dumps({"id": "k2", "key": KEY}).encode(),
    "PATCH /api/dev/keys/k1": b'{"id": "k1", "webhook_url": null}',
    "DELETE /api/dev/keys/k1": b"",
    "GET /api/dev/credits/balance": b'{"credits_remaining": 1000.0}',
}
CALLS: dict[str, Call] = {
    "GET /api/dev/keys": lambda portal: portal.keys(ACCESS),
    "POST /api/dev/keys/create": lambda portal: portal.create_key(ACCESS, "https://hook.invalid/"),
    "PATCH /api/dev/keys/k1": lambda portal: portal.set_webhook(ACCESS, "k1", None),
    "DELETE /api/dev/keys/k1": lambda portal: portal.revoke(ACCESS, "k1"),
    "GET /api/dev/credits/balance": lambda portal: portal.balance(ACCESS),
}


async def good(talk: Talk) -> None:
    await talk.answer(200, ANSWERS[f"{talk.seen.method} {talk.seen.target}"])


async def calling(call: Call, script: Script) -> tuple[object, Service]:
    """What came out, an error too, and the server as it was left."""
    found: object
    async with serving(script) as service:
        portal: Portal = DeveloperPortal(service.base_url)
        try:
            found = await call(portal)
        except MosaicError as error:
            found = error
        await portal.aclose()
    assert not isinstance(found, MosaicError) or ACCESS.reveal() not in f"{found!r} {found.problem}"
    return found, service


@pytest.mark.parametrize(
    ("name", "result"),
    list(zip(CALLS, [(ApiKey("k1"),), NewKey("k2", Secret(KEY)), None, None, 1000.0], strict=True)),
)
def test_every_call(run_async: AsyncRun, name: str, result: object) -> None:
    found, service = run_async(calling(CALLS[name], good))
    assert found == result
    [seen] = service.seen
    assert f"{seen.method} {seen.target}" == name
    assert seen.headers["authorization"] == f"Bearer {ACCESS.reveal()}"
    assert "x-api-key" not in seen.headers


def test_bodies(run_async: AsyncRun) -> None:
    bodies = [run_async(calling(CALLS[name], good))[1].seen[0].body for name in CALLS]
    assert bodies == [b"", b'{"webhook_url": "https://hook.invalid/"}', b'{"webhook_url": null}', b"", b""]


@pytest.mark.parametrize("name", CALLS)
def test_a_session_token_that_is_not_accepted(run_async: AsyncRun, name: str) -> None:
    async def refuse(talk: Talk) -> None:
        await talk.answer(401, b'{"error": "invalid_api_key", "detail": "The session has ended."}')

    error, _ = run_async(calling(CALLS[name], refuse))
    assert isinstance(error, AuthError)
    assert error.code == Code.INVALID_KEY


@pytest.mark.parametrize("name", CALLS)
def test_a_lost_answer_is_not_asked_for_again(run_async: AsyncRun, name: str) -> None:
    async def cut(talk: Talk) -> None:
        await talk.cut()

    error, service = run_async(calling(CALLS[name], cut))
    assert isinstance(error, NetworkError)
    assert (error.seen, len(service.seen)) == (True, 1)


@pytest.mark.parametrize("name", CALLS)
def test_the_token_goes_nowhere_else(run_async: AsyncRun, name: str) -> None:
    async def drive() -> None:
        async with serving(good) as other:

            async def point(talk: Talk) -> None:
                await talk.answer(307, b"", Location=f"http://127.0.0.1:{other.port}{talk.seen.target}")

            error, _ = await calling(CALLS[name], point)
            assert isinstance(error, ServiceError)
            assert (error.code, other.seen) == (Code.REDIRECTED, [])

    run_async(drive())


def test_redirects_within_the_service_take_turns_too(run_async: AsyncRun) -> None:
    async def around(talk: Talk) -> None:
        await talk.answer(307, b"", Location=talk.seen.target)

    class Counting(Pace):
        turns = 0

        async def turn(self) -> None:
            self.turns += 1

    async def drive() -> None:
        pace = Counting()
        async with serving(around) as service:
            portal = DeveloperPortal(service.base_url, pace=pace)
            with pytest.raises(ServiceError):
                await portal.balance(ACCESS)
            await portal.aclose()
        assert pace.turns == len(service.seen) == 4

    run_async(drive())


def test_a_token_that_no_header_can_carry(run_async: AsyncRun) -> None:
    error, service = run_async(calling(lambda portal: portal.balance(Secret("é")), good))
    assert isinstance(error, AuthError)
    assert service.seen == []


# --- The limit --------------------------------------------------------------------------------------------------------


def test_a_crowd_of_calls(run_async: AsyncRun) -> None:
    async def drive() -> None:
        async with serving(good) as service:
            portal = DeveloperPortal(service.base_url, pace=Pace(patience=0.2))
            found = await asyncio.gather(*(portal.balance(ACCESS) for _ in range(150)), return_exceptions=True)
            await portal.aclose()
        served = [value for value in found if value == 1000.0]
        refused = [error for error in found if isinstance(error, ServiceError)]
        assert 20 <= len(served) <= 30
        assert len(served) == len(service.seen)
        assert len(refused) == 150 - len(served)
        assert {(error.code, error.retryable) for error in refused} == {(Code.RATE_LIMIT, True)}

    run_async(drive())


@pytest.mark.parametrize(
    "body", [b'{"error": "rate_limit", "detail": "Slow down."}', b"<html>Too many requests</html>"]
)
def test_a_pause_that_the_service_asks_for(run_async: AsyncRun, body: bytes) -> None:
    async def slow_down(talk: Talk) -> None:
        await talk.answer(429, body, Retry_After="60")

    async def drive() -> None:
        async with serving(slow_down) as service:
            portal = DeveloperPortal(service.base_url, pace=Pace(clock=lambda: 0.0))
            waits = []
            for call in CALLS.values():
                with pytest.raises(ServiceError) as caught:
                    await call(portal)
                assert (caught.value.code, caught.value.retryable) == (Code.RATE_LIMIT, True)
                waits.append(caught.value.retry_after or 0)
            await portal.aclose()
        assert len(service.seen) == 1
        assert waits == [60] * len(CALLS)

    run_async(drive())


def test_no_log_has_the_token(run_async: AsyncRun, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for call in CALLS.values():
            run_async(calling(call, good))
    told = "\n".join(f"{record.getMessage()} {record.args!r}" for record in caplog.records)
    assert "/dev/keys" in told
    assert ACCESS.reveal() not in told
    assert KEY not in told
