"""One POST to a server that may do anything."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from mosaic_desktop.sandbox.posting import post
from tests.support.waiting import PATIENCE

Conduct = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def status(conduct: Conduct, host: str = "127.0.0.1", seconds: float = PATIENCE) -> int | None:
    """What a POST gets from a server of this conduct."""

    async def story() -> int | None:
        ended = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await conduct(reader, writer)
            except ConnectionError:
                pass  # the other side had enough
            finally:
                writer.close()
                ended.set()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            got = await post(f"http://{host}:{port}/hook?a=1#part", b'{"x": 1}', {"X-Test": "yes"}, seconds)
            await ended.wait()
            return got

    return asyncio.run(story())


def saying(*pieces: bytes) -> Conduct:
    async def conduct(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b'{"x": 1}')
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return conduct


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_request_is_whole(host: str) -> None:
    seen: list[bytes] = []

    async def conduct(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b'{"x": 1}'))
        writer.write(OK)

    assert status(conduct, host) == 200
    head, body = seen[0].split(b"\r\n\r\n")
    first, *headers = head.decode().split("\r\n")
    assert first == "POST /hook?a=1 HTTP/1.1"
    assert headers[0].startswith(f"Host: {host}:")
    assert headers[1:] == ["Content-Length: 8", "Connection: close", "X-Test: yes"]
    assert body == b'{"x": 1}'


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ((OK,), 200),
        ((b"HTTP/1.0 204 No Content\r\n\r\n",), 204),
        ((b"HTTP/1.1 503\r\n\r\n",), 503),
        ((b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", OK), 200),
        ((b"HTTP/1.1 2", b"00 OK\r\n"), 200),
        ((), None),
        ((b"\r\n",), None),
        ((b"220 smtp.example.org\r\n",), None),
        ((b"HTTP/1.1 abc\r\n",), None),
        ((b"HTTP/1.1 200",), None),
        ((b"HTTP/1.1 " + b"a" * 200_000,), None),
        ((b"HTTP/1.1 100 Continue\r\n",), None),
    ],
)
def test_every_answer_is_read_or_counts_as_none(pieces: tuple[bytes, ...], expected: int | None) -> None:
    assert status(saying(*pieces)) == expected


def test_an_answer_that_comes_in_drops_is_not_waited_for() -> None:
    async def conduct(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(0.01)

    assert status(conduct, seconds=0.2) is None


def test_a_host_that_does_not_exist_is_no_answer() -> None:
    assert asyncio.run(post("https://host.invalid/", b"", {})) is None
