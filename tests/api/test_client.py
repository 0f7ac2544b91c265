"""The client against a real server that stalls, cuts and points elsewhere: what it sends, and what it makes of that."""

import asyncio
import gzip
import json
import socket
import traceback
from collections.abc import Awaitable, Callable

import httpx
import pytest

from mosaic_desktop.api.auth import HeaderStyle
from mosaic_desktop.api.client import ClassicMosaic
from mosaic_desktop.api.direct import RenderedVideo
from mosaic_desktop.api.exchange import Timeouts
from mosaic_desktop.core.errors import (
    AuthError,
    Code,
    MosaicError,
    NetworkError,
    ProtocolError,
    ServiceError,
    StorageError,
)
from mosaic_desktop.core.run import RunSpec
from mosaic_desktop.core.secrets import Secret
from tests.api.service import KEY, Script, Service, Talk, serving
from tests.support.loop import AsyncRun
from tests.support.waiting import until_async

SPEC = RunSpec(agent_id="a")
SHORT = Timeouts(read=0.3, start=0.3)
CREDENTIALS = {"authorization", "x-api-key", "cookie"}

Call = Callable[[ClassicMosaic], Awaitable[object]]


def list_agents(client: ClassicMosaic) -> Awaitable[object]:
    return client.list_agents()


def start_run(client: ClassicMosaic) -> Awaitable[object]:
    return client.start_run("f", SPEC)


async def failing(
    call: Call, script: Script, timeouts: Timeouts | None = None, base: str | None = None
) -> tuple[MosaicError, Service]:
    async with serving(script) as service:
        client = ClassicMosaic(base or service.base_url, service.key, timeouts=timeouts)
        try:
            with pytest.raises(MosaicError) as caught:
                await call(client)
        finally:
            await client.aclose()
    texts = [str(caught.value), repr(caught.value.problem), *traceback.format_exception(caught.value)]
    assert not any(KEY in text or "sig=" in text for text in texts)
    return caught.value, service


async def agents(talk: Talk) -> None:
    await talk.answer(200, b'{"agents": [{"id": "1", "name": "One"}]}')


@pytest.mark.parametrize(
    ("style", "name", "value"),
    [(HeaderStyle.BEARER, "authorization", f"Bearer {KEY}"), (HeaderStyle.X_API_KEY, "x-api-key", KEY)],
)
def test_credential_headers(run_async: AsyncRun, style: HeaderStyle, name: str, value: str) -> None:
    async def drive() -> None:
        async with serving(agents) as service:
            client = ClassicMosaic(service.base_url, Secret(f" {KEY}\n"), header=style)
            assert [agent.name for agent in await client.list_agents(limit=5)] == ["One"]
            await client.aclose()
        [seen] = service.seen
        assert seen.target == "/api/get-user-agents-simple?limit=5"
        assert CREDENTIALS & seen.headers.keys() == {name}
        assert seen.headers[name] == value

    run_async(drive())


@pytest.mark.parametrize("end", ["", "/", "//"])
def test_base_address_with_and_without_a_slash(run_async: AsyncRun, end: str) -> None:
    async def drive() -> None:
        async with serving(agents) as service:
            client = ClassicMosaic(service.base_url + end, service.key)
            await client.list_agents()
            await client.aclose()
        assert service.seen[0].target == "/api/get-user-agents-simple"

    run_async(drive())


def test_ids_stay_in_their_place(run_async: AsyncRun) -> None:
    async def script(talk: Talk) -> None:
        await talk.answer(200, b'{"status": "running"}')

    async def drive() -> None:
        async with serving(script) as service:
            client = ClassicMosaic(service.base_url, service.key)
            await client.run_status("../../dev/keys?a=b")
            await client.aclose()
        assert service.seen[0].target == "/api/get-agent-run-simple/..%2F..%2Fdev%2Fkeys%3Fa%3Db"

    run_async(drive())


def test_posted_json(run_async: AsyncRun) -> None:
    async def script(talk: Talk) -> None:
        await talk.answer(200, b'{"agent_run_id": "r"}')

    async def drive() -> None:
        async with serving(script) as service:
            client = ClassicMosaic(service.base_url, service.key)
            assert await client.start_run("f", RunSpec(agent_id="a", parameters={"name": "é"})) == "r"
            await client.aclose()
        [seen] = service.seen
        assert (seen.method, seen.target) == ("POST", "/api/run-agent")
        assert seen.headers["content-type"] == "application/json"
        assert json.loads(seen.body) == {"file_id": "f", "agent_id": "a", "parameters": {"name": "é"}}

    run_async(drive())


@pytest.mark.parametrize(
    "address",
    [
        "http://api.invalid/api",
        "http://192.168.1.2/api",
        "http://localhost.example.invalid/api",
        "ftp://127.0.0.1/api",
        "api.usemosaic.ai/api",
        "",
        "https://",
        "https://me:secret@api.invalid/api",
        "https://api.invalid/api?key=1",
        "https://api.invalid:port/api",
        "https://[::1/api",
    ],
)
def test_addresses_that_may_not_hear_the_key(address: str) -> None:
    with pytest.raises(MosaicError) as caught:
        ClassicMosaic(address, Secret(KEY))
    assert caught.value.code == Code.VALIDATION
    assert caught.value.detail.startswith("The address of Mosaic ")


@pytest.mark.parametrize(
    "address", ["https://api.usemosaic.ai/api", "http://localhost:1/api", "http://127.0.0.2/api", "http://[::1]:80/api"]
)
def test_addresses_that_may(run_async: AsyncRun, address: str) -> None:
    run_async(ClassicMosaic(address, Secret(KEY)).aclose())


@pytest.mark.parametrize("key", ["", "  ", "mk_a\nb", "mk_é", "mk_\x7f"])
def test_keys_that_no_header_can_carry(key: str) -> None:
    with pytest.raises(AuthError):
        ClassicMosaic("https://api.usemosaic.ai/api", Secret(key))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1080"),
        ("HTTPS_PROXY", "proxy:port:1"),
        ("NO_PROXY", "[::1],*.example.invalid"),
        ("SSL_CERT_FILE", "/nowhere/at/all.pem"),
    ],
)
def test_an_environment_that_no_connection_can_use(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(MosaicError) as caught:
        ClassicMosaic("https://api.usemosaic.ai/api", Secret(KEY))
    assert caught.value.code == Code.VALIDATION
    assert "HTTPS_PROXY" in caught.value.detail
    assert value not in caught.value.detail


def test_check(run_async: AsyncRun) -> None:
    async def refuse(talk: Talk) -> None:
        await talk.answer(401, b'{"error": "invalid_api_key", "detail": "Unknown key."}')

    error, service = run_async(failing(lambda client: client.check(), refuse))
    assert isinstance(error, AuthError)
    assert service.seen[0].target.endswith("?limit=1")


# --- No complete answer -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", [list_agents, start_run])
def test_nobody_there(run_async: AsyncRun, call: Call) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/api"
        error, _ = run_async(failing(call, agents, base=address))
    assert isinstance(error, NetworkError)
    assert (error.code, error.seen, error.retryable) == (Code.UNREACHABLE, False, True)


@pytest.mark.parametrize("host", ["nowhere.invalid", f"{'a' * 64}.invalid"])
def test_no_such_host(run_async: AsyncRun, host: str) -> None:
    error, _ = run_async(failing(start_run, agents, base=f"https://{host}/api"))
    assert isinstance(error, NetworkError)
    assert (error.code, error.seen) == (Code.UNREACHABLE, False)


def test_no_secure_connection(run_async: AsyncRun) -> None:
    async def drive() -> MosaicError:
        async def speak_in_the_clear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(100)
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            writer.close()

        async with await asyncio.start_server(speak_in_the_clear, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            error, _ = await failing(start_run, agents, base=f"https://127.0.0.1:{port}/api")
        return error

    error = run_async(drive())
    assert isinstance(error, NetworkError)
    assert (error.code, error.seen, error.retryable) == (Code.TLS, False, False)


async def stall_at_once(talk: Talk) -> None:
    await talk.stall()


async def stall_in_the_answer(talk: Talk) -> None:
    await talk.send(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"agents"')
    await talk.stall()


async def cut_at_once(talk: Talk) -> None:
    await talk.cut()


async def cut_in_the_answer(talk: Talk) -> None:
    await talk.send(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"agents"')
    await talk.cut()


async def end_in_the_answer(talk: Talk) -> None:
    await talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}")
    talk.writer.write_eof()


async def say_nonsense(talk: Talk) -> None:
    await talk.send(b"SSH-2.0-OpenSSH_9.2 sig=abc\r\n")
    talk.writer.write_eof()


@pytest.mark.parametrize("call", [list_agents, start_run])
@pytest.mark.parametrize(
    "script",
    [stall_at_once, stall_in_the_answer, cut_at_once, cut_in_the_answer, end_in_the_answer, say_nonsense],
)
def test_lost_answers_may_have_been_seen(run_async: AsyncRun, call: Call, script: Script) -> None:
    error, service = run_async(failing(call, script, SHORT))
    assert isinstance(error, NetworkError)
    assert (error.code, error.seen, error.retryable) == (Code.INTERRUPTED, True, True)
    assert len(service.seen) == 1


def test_an_answer_that_drips_for_ever(run_async: AsyncRun) -> None:
    async def drip(talk: Talk) -> None:
        await talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(1000):
            await talk.send(b" ")
            await asyncio.sleep(0.01)

    error, _ = run_async(failing(start_run, drip, Timeouts(total=0.3)))
    assert isinstance(error, NetworkError)
    assert (error.code, error.seen) == (Code.INTERRUPTED, True)


def test_an_answer_that_never_ends(run_async: AsyncRun) -> None:
    async def flood(talk: Talk) -> None:
        await talk.answer(200, b" " * (9 * 1024 * 1024))

    error, _ = run_async(failing(list_agents, flood))
    assert isinstance(error, ProtocolError)
    assert error.code == Code.UNREADABLE_ANSWER


def test_an_answer_that_comes_packed_unasked(run_async: AsyncRun) -> None:
    async def script(talk: Talk) -> None:
        assert talk.seen.headers["accept-encoding"] == "identity"
        await talk.answer(200, gzip.compress(b'{"agent_run_id": "r"}'), Content_Encoding="gzip")

    error, _ = run_async(failing(start_run, script))
    assert isinstance(error, ProtocolError)


def test_cancelling_a_call_lets_go_of_it(run_async: AsyncRun) -> None:
    async def drive() -> None:
        gone = asyncio.Event()

        async def script(talk: Talk) -> None:
            await talk.stall()
            gone.set()

        async with serving(script) as service:
            client = ClassicMosaic(service.base_url, service.key)
            asking = asyncio.ensure_future(client.list_agents())
            await until_async(lambda: service.seen)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            await until_async(gone.is_set)
            await client.aclose()

    run_async(drive())


# --- Redirects --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", list(HeaderStyle))
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", [list_agents, start_run])
def test_another_host_never_hears_the_key(run_async: AsyncRun, style: HeaderStyle, status: int, call: Call) -> None:
    async def drive() -> None:
        async with serving(agents) as other:

            async def script(talk: Talk) -> None:
                await talk.answer(status, Location=f"{other.base_url}/get-user-agents-simple?sig=1")

            error, service = await failing(call, script)
            assert isinstance(error, ServiceError)
            assert error.code == Code.REDIRECTED
            assert len(service.seen) == 1
        assert not other.seen

    run_async(drive())


def test_a_reading_call_follows_within_its_origin(run_async: AsyncRun) -> None:
    async def script(talk: Talk) -> None:
        if talk.seen.target == "/elsewhere?x=1":
            await agents(talk)
        else:
            await talk.answer(307, Location="/elsewhere?x=1")

    async def drive() -> None:
        async with serving(script) as service:
            client = ClassicMosaic(service.base_url, service.key)
            assert len(await client.list_agents(limit=3)) == 1
            await client.aclose()
        assert [seen.target for seen in service.seen] == ["/api/get-user-agents-simple?limit=3", "/elsewhere?x=1"]
        assert service.seen[1].headers["authorization"] == f"Bearer {KEY}"

    run_async(drive())


@pytest.mark.parametrize(("call", "asked"), [(list_agents, 4), (start_run, 1)])
def test_redirects_in_a_circle(run_async: AsyncRun, call: Call, asked: int) -> None:
    async def script(talk: Talk) -> None:
        await talk.answer(302, Location="/again")

    error, service = run_async(failing(call, script))
    assert error.code == Code.REDIRECTED
    assert len(service.seen) == asked


@pytest.mark.parametrize("location", ["", "http://[", "https://127.0.0.1/", "//other.invalid/", "http://me@127.0.0.1/"])
def test_redirects_to_nowhere(run_async: AsyncRun, location: str) -> None:
    async def script(talk: Talk) -> None:
        await talk.answer(302, Location=location)

    error, _ = run_async(failing(list_agents, script))
    assert error.code == Code.REDIRECTED


def test_cookies_are_not_kept(run_async: AsyncRun) -> None:
    async def script(talk: Talk) -> None:
        await talk.answer(200, b'{"agents": []}', Set_Cookie="session=1; Path=/")

    async def drive() -> None:
        async with serving(script) as service:
            client = ClassicMosaic(service.base_url, service.key)
            await client.list_agents()
            await client.list_agents()
            await client.aclose()
        assert not any("cookie" in seen.headers for seen in service.seen)

    run_async(drive())


# --- Direct download --------------------------------------------------------------------------------------------------


async def content(client: ClassicMosaic) -> tuple[RenderedVideo, bytes]:
    async with client.rendered_video("n") as video:
        return video, b"".join([piece async for piece in video.pieces])


def test_render_from_the_service_itself(run_async: AsyncRun) -> None:
    async def script(talk: Talk) -> None:
        await talk.answer(200, b"video", Content_Type="video/mp4")

    async def drive() -> None:
        async with serving(script) as service:
            client = ClassicMosaic(service.base_url, service.key)
            video, data = await content(client)
            await client.aclose()
        assert (video.size, video.content_type, data) == (5, "video/mp4", b"video")
        assert service.seen[0].target == "/api/download-rendered-video/n"

    run_async(drive())


@pytest.mark.parametrize("style", list(HeaderStyle))
@pytest.mark.parametrize("same_host", [True, False])
def test_storage_never_hears_the_key(run_async: AsyncRun, style: HeaderStyle, same_host: bool) -> None:
    async def storage(talk: Talk) -> None:
        await talk.answer(200, b"video")

    async def drive() -> None:
        async with serving(storage) as elsewhere:

            async def script(talk: Talk) -> None:
                if talk.seen.target.startswith("/bucket"):
                    await storage(talk)
                else:
                    link = "/bucket/v?sig=1" if same_host else f"http://127.0.0.1:{elsewhere.port}/bucket/v?sig=1"
                    await talk.answer(302, Location=link, Set_Cookie="session=1; Path=/")

            async with serving(script) as service:
                client = ClassicMosaic(service.base_url, service.key, header=style)
                _, data = await content(client)
                await client.aclose()
        assert data == b"video"
        asked = (service.seen + elsewhere.seen)[1]
        assert asked.target == "/bucket/v?sig=1"
        assert not CREDENTIALS & asked.headers.keys()

    run_async(drive())


@pytest.mark.parametrize(
    ("status", "code", "retryable"),
    [
        (400, Code.LINK_REFUSED, False),
        (403, Code.LINK_REFUSED, False),
        (503, Code.STORAGE, True),
        (302, Code.LINK_REFUSED, False),
    ],
)
def test_storage_that_refuses(run_async: AsyncRun, status: int, code: Code, retryable: bool) -> None:
    async def script(talk: Talk) -> None:
        if talk.seen.target.startswith("/bucket"):
            await talk.answer(status, b"<Error/>", Location="/bucket/again")
        else:
            await talk.answer(302, Location="/bucket/v?sig=1")

    error, service = run_async(failing(content, script))
    assert isinstance(error, StorageError)
    assert (error.code, error.retryable) == (code, retryable)
    assert len(service.seen) == 2


@pytest.mark.parametrize(
    "location", ["", "http://storage.invalid/v", "ftp://127.0.0.1/v", "https://me:pw@s.invalid/", "http://["]
)
def test_render_behind_an_unusable_redirect(run_async: AsyncRun, location: str) -> None:
    async def script(talk: Talk) -> None:
        await talk.answer(302, Location=location)

    error, _ = run_async(failing(content, script))
    assert isinstance(error, ServiceError)


def test_render_that_is_not_there(run_async: AsyncRun) -> None:
    async def script(talk: Talk) -> None:
        await talk.answer(404, b'{"error": "not_found", "detail": "No video."}')

    error, _ = run_async(failing(content, script))
    assert (error.code, error.detail) == (Code.NOT_FOUND, "No video.")


def test_render_that_is_cut(run_async: AsyncRun) -> None:
    error, _ = run_async(failing(content, cut_in_the_answer))
    assert isinstance(error, NetworkError)
    assert error.code == Code.INTERRUPTED


def test_render_that_is_packed(run_async: AsyncRun) -> None:
    async def script(talk: Talk) -> None:
        await talk.answer(200, gzip.compress(b"video"), Content_Encoding="gzip")

    error, _ = run_async(failing(content, script))
    assert error.code == Code.UNREADABLE_ANSWER


def test_leaving_a_render_before_its_end(run_async: AsyncRun) -> None:
    async def script(talk: Talk) -> None:
        await talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n" + b"v" * 3_000_000)
        await talk.stall()

    async def drive() -> None:
        async with serving(script) as service:
            client = ClassicMosaic(service.base_url, service.key)
            async with client.rendered_video("n") as video:
                async for piece in video.pieces:
                    assert piece
                    break
            await client.aclose()

    run_async(drive())


def test_render_that_is_a_page(run_async: AsyncRun) -> None:
    async def script(talk: Talk) -> None:
        await talk.answer(200, b"<html>", Content_Type="text/html")

    error, _ = run_async(failing(content, script))
    assert error.code == Code.GATEWAY


def test_a_transport_can_be_brought_along(run_async: AsyncRun) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        body = json.dumps({"agents": [{"id": request.headers["x-api-key"]}]}).encode()
        return httpx.Response(200, stream=httpx.ByteStream(body))

    async def drive() -> None:
        client = ClassicMosaic(
            "https://api.usemosaic.ai/api",
            Secret(KEY),
            header=HeaderStyle.X_API_KEY,
            transport=httpx.MockTransport(handle),
        )
        assert [agent.id for agent in await client.list_agents()] == [KEY]
        await client.aclose()

    run_async(drive())
