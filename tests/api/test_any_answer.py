"""Every call against every kind of answer: a value or one typed error comes out, within its time, and nothing else."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import pairwise

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mosaic_desktop.api.client import ClassicMosaic
from mosaic_desktop.api.exchange import Timeouts
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, NetworkError, ProtocolError, ServiceError
from mosaic_desktop.core.run import RunSpec
from mosaic_desktop.core.secrets import Secret
from tests.api.service import KEY, Script, Talk, serving
from tests.api.test_errors import CONTRACT
from tests.api.test_protocol import FEWER
from tests.support.loop import AsyncRun

SHORT = Timeouts(read=0.3, start=0.3, total=1)
SOON = 20  # seconds; without short times a silent call ends after half a minute
Call = Callable[[ClassicMosaic], Awaitable[object]]


async def render(client: ClassicMosaic) -> bytes:
    async with client.rendered_video("n") as video:
        return b"".join([piece async for piece in video.pieces])


CALLS: dict[str, Call] = {
    "POST /video/get-upload-url": lambda client: client.request_upload("a.mp4", 5000, "video/mp4"),
    "POST /video/finalize-upload": lambda client: client.finalize_upload("v"),
    "GET /get-user-agents-simple": lambda client: client.list_agents(10),
    "POST /run-agent": lambda client: client.start_run("f", RunSpec("a", parameters={"denoise": 2})),
    "GET /get-agent-run": lambda client: client.run_detail("r"),
    "GET /get-agent-run-simple": lambda client: client.run_status("r"),
    "GET /get-agent-run-outputs": lambda client: client.run_outputs("r"),
    "POST /retry-agent-run-node": lambda client: client.retry_node("n"),
    "GET /download-rendered-video": render,
}
JSON_CALLS = [name for name in CALLS if name != "GET /download-rendered-video"]


@asynccontextmanager
async def talking(script: Script, timeouts: Timeouts | None = None) -> AsyncIterator[ClassicMosaic]:
    async with serving(script) as service:
        # Nothing here is encrypted, and loading certificates takes longer than a call.
        bare = httpx.AsyncHTTPTransport(verify=False, trust_env=False)
        client = ClassicMosaic(service.base_url, service.key, timeouts=timeouts, transport=bare)
        yield client
        await client.aclose()


async def outcome(client: ClassicMosaic, call: Call) -> MosaicError | None:
    """None for a value. Any exception that is no MosaicError fails the test."""
    found = None
    try:
        await call(client)
    except MosaicError as error:
        found = error
    assert found is None or KEY not in f"{found} {found.problem}"
    return found


async def against(script: Script, call: Call, timeouts: Timeouts | None = None) -> MosaicError | None:
    async with talking(script, timeouts) as client:
        return await outcome(client, call)


# --- The contract's table ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CALLS)
def test_every_error_of_the_table_from_every_call(run_async: AsyncRun, name: str) -> None:
    async def drive() -> None:
        rows = iter(CONTRACT)

        async def script(talk: Talk) -> None:
            status, code, _ = next(rows)
            method, path = name.split(" ")
            assert (talk.seen.method, talk.seen.target.startswith(f"/api{path}")) == (method, True)
            detail = {"error": code, "detail": f"About {code}, not denoise."}
            await talk.answer(status, json.dumps(detail).encode(), Retry_After="7")

        async with talking(script) as client:
            for status, code, retryable in CONTRACT:
                error = await outcome(client, CALLS[name])
                assert type(error) is (AuthError if status == 401 else ServiceError)
                assert (error.code, error.detail) == (code, f"About {code}, not denoise.")
                assert (error.status, error.retryable, error.retry_after) == (status, retryable, 7.0)
                assert error.field == ("denoise" if (status, name) == (422, "POST /run-agent") else None)

    run_async(drive())


# --- What is no answer of the service's -------------------------------------------------------------------------------

PAGE = b"<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>"
XML = b"<?xml version='1.0' encoding='UTF-8'?><Error><Code>AccessDenied</Code></Error>"
BODIES = {
    "nothing": b"",
    "a page": PAGE,
    "XML": XML,
    "cut short": b'{"status": "running", "agents": [{"id": "1"',
    "huge": b'{"agents": ["' + b"a" * 9_000_000 + b'"]}',
    "a huge page": b"<html>" + b"a" * 9_000_000,
    "deep": b'{"agents": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "another charset": '{"status": "läuft"}'.encode("utf-16"),
    "binary": bytes(range(256)),
    "another value": b'["running"]',
}


@pytest.mark.parametrize("status", [200, 403, 503])
@pytest.mark.parametrize("what", BODIES)
def test_bodies_that_are_none_of_the_services(run_async: AsyncRun, what: str, status: int) -> None:
    async def drive() -> None:
        async def script(talk: Talk) -> None:
            await talk.answer(status, BODIES[what], Content_Type="application/json")

        async with talking(script) as client:
            for name in JSON_CALLS if len(BODIES[what]) < 1_000_000 else JSON_CALLS[:1]:
                error = await outcome(client, CALLS[name])
                assert isinstance(error, ProtocolError if status == 200 else ServiceError)
                assert error.code in {Code.GATEWAY, Code.UNREADABLE_ANSWER}
                assert (error.status, error.retryable) == (status, status != 403)
                assert len(error.detail) < 200

    run_async(drive())


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("Text/HTML", PAGE, Code.GATEWAY),
        ("application/xml; charset=UTF-8", XML, Code.GATEWAY),
        ("application/json", b'{"download_url": "https://s.invalid/v"}', Code.UNREADABLE_ANSWER),
    ],
)
def test_a_render_that_is_none(run_async: AsyncRun, kind: str, body: bytes, code: Code) -> None:
    async def script(talk: Talk) -> None:
        await talk.answer(200, body, Content_Type=kind)

    error = run_async(against(script, render))
    assert isinstance(error, ProtocolError)
    assert error.code == code


def test_a_storage_that_asks_for_a_pause(run_async: AsyncRun) -> None:
    async def script(talk: Talk) -> None:
        if talk.seen.target.startswith("/api"):
            await talk.answer(302, Location="/bucket/v?sig=1")
        else:
            await talk.answer(503, XML, Retry_After="30")

    error = run_async(against(script, render))
    assert error is not None
    assert (error.code, error.retryable, error.retry_after) == (Code.STORAGE, True, 30.0)


# --- Time -------------------------------------------------------------------------------------------------------------


async def silence(talk: Talk) -> None:
    await talk.stall()


async def drip(talk: Talk) -> None:
    """A head that never ends, with a byte often enough for any limit on silence."""
    await talk.send(b"HTTP/1.1 500 Error\r\nX-Slow: ")
    while True:
        await talk.send(b"a")
        await asyncio.sleep(0.05)


async def drip_the_body(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 500 Error\r\nContent-Length: 100000\r\n\r\n")
    while True:
        await talk.send(b"a")
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("script", [silence, drip, drip_the_body])
def test_every_call_ends_in_time(run_async: AsyncRun, script: Script) -> None:
    async def drive() -> None:
        async with talking(script, SHORT) as client:
            errors = await asyncio.gather(*(outcome(client, call) for call in CALLS.values()))
        for name, error in zip(CALLS, errors, strict=True):
            assert isinstance(error, NetworkError), name
            assert (error.code, error.seen) == (Code.INTERRUPTED, True), name

    run_async(asyncio.wait_for(drive(), SOON))


def test_all_stations_of_a_call_share_its_time(run_async: AsyncRun) -> None:
    async def script(talk: Talk) -> None:
        for _ in range(5):
            await talk.send(b"HTTP/1.1 102 Processing\r\n\r\n")
            await asyncio.sleep(0.05)
        await talk.answer(302, Location="/again")

    timeouts = Timeouts(read=1, total=0.6)
    error = run_async(asyncio.wait_for(against(script, CALLS["GET /get-user-agents-simple"], timeouts), SOON))
    assert isinstance(error, NetworkError)
    assert error.code == Code.INTERRUPTED


def test_a_large_answer_does_not_hold_up_the_window(run_async: AsyncRun) -> None:
    nodes = [{"id": str(number), "status": "failed", "error": "http://" * 100} for number in range(1500)]
    body = json.dumps({"status": "failed", "graph": {"nodes": nodes, "edges": []}}).encode()

    async def script(talk: Talk) -> None:
        await talk.answer(200, body)

    async def take_turns(turns: list[float]) -> None:
        while True:
            turns.append(time.monotonic())
            await asyncio.sleep(0.01)

    async def longest_share() -> float:
        """The part of a call's time in which nothing else came to its turn."""
        turns: list[float] = []
        async with talking(script) as client:
            turning = asyncio.ensure_future(take_turns(turns))
            status = await client.run_detail("r")
            turns.append(time.monotonic())
            turning.cancel()
            assert status.graph is not None
            assert len(status.graph.nodes) == len(nodes)
            return max(later - earlier for earlier, later in pairwise(turns)) / (turns[-1] - turns[0])

    # One of several will do, since a busy machine holds up any of them.
    assert any(run_async(longest_share()) < 0.5 for _ in range(10))


# --- Anything at all --------------------------------------------------------------------------------------------------

MANY = settings(
    FEWER,
    max_examples=80,
    suppress_health_check=[*FEWER.suppress_health_check, HealthCheck.function_scoped_fixture],
)
ADDRESSES = ["/x", "//[", "http://[::1", "https://me@s.invalid/", "http://127.0.0.1:99999/", "https://ﬃ℀.invalid/", "#"]
HEADERS = st.dictionaries(
    st.sampled_from(["location", "content-type", "content-length", "content-encoding", "retry-after", "date"]),
    st.one_of(
        st.sampled_from([*ADDRESSES, "text/html", "gzip", "9" * 5000, "Mon, 01 Jan 0001 00:00:00 -2359"]),
        st.text(st.characters(exclude_characters="\r\n\0"), max_size=20),
    ),
)


@pytest.mark.parametrize("name", CALLS)
@MANY
@given(
    status=st.integers(200, 999),
    headers=HEADERS,
    body=st.one_of(st.binary(max_size=100), st.sampled_from([b"{}", b"[]", PAGE, XML])),
)
@example(status=302, headers={"location": "//["}, body=b"")
@example(status=200, headers={"content-length": "9" * 5000}, body=b"")
def test_any_status_headers_and_bytes(
    run_async: AsyncRun, name: str, status: int, headers: dict[str, str], body: bytes
) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        raw = [(key.encode(), value.encode()) for key, value in headers.items()]
        return httpx.Response(status, headers=raw, stream=httpx.ByteStream(body))

    async def drive() -> None:
        base = "https://api.usemosaic.ai/api"
        client = ClassicMosaic(base, Secret(KEY), transport=httpx.MockTransport(handle))
        error = await outcome(client, CALLS[name])
        await client.aclose()
        assert error is not None or status in range(200, 300)

    run_async(drive())


PIECES = st.sampled_from(
    b"HTTP/1.1 |200 OK|101 Switching Protocols|204 No Content|302 Found|Content-Length: 5|Content-Length: -1|"
    b"Transfer-Encoding: chunked|Location: /x|\r\n|\r\n\r\n|{}|2\r\n{}\r\n0\r\n".split(b"|")
)


@MANY
@given(name=st.sampled_from(list(CALLS)), said=st.lists(PIECES | st.binary(max_size=8), max_size=8).map(b"".join))
@example(name="GET /get-agent-run", said=b"HTTP/1.1 101 Switching Protocols\r\n\r\n{}")
@example(name="GET /download-rendered-video", said=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
def test_any_bytes_on_the_wire(run_async: AsyncRun, name: str, said: bytes) -> None:
    async def script(talk: Talk) -> None:
        await talk.send(said)
        talk.writer.write_eof()

    run_async(asyncio.wait_for(against(script, CALLS[name], SHORT), SOON))
