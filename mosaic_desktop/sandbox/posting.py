"""One POST to somebody's server, which may be slow, dead or hostile: never waited for longer than a few seconds.

Written on asyncio's own streams, since a request in a thread could not be ended together with the server. Proxies are
not asked: the receiver is on this computer or reachable from it.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from threading import Thread
from urllib.parse import urlsplit

_SECONDS = 10.0


async def post(url: str, body: bytes, headers: Mapping[str, str], seconds: float = _SECONDS) -> int | None:
    """The status of the answer; None where none came in these seconds. Redirects are not followed."""
    try:
        async with asyncio.timeout(seconds):
            return await _post(url, body, headers)
    except (OSError, TimeoutError, EOFError, ValueError, asyncio.LimitOverrunError):
        return None


async def _post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    assert parts.hostname is not None
    host, port = parts.hostname, parts.port or (443 if secure else 80)
    reader, writer = await _connect(host, port, _tls() if secure else None)
    try:
        target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        lines = [f"POST {target} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}"]
        lines += ["Connection: close", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        writer.write("\r\n".join(lines).encode("ascii") + body)
        status = await _read_status(reader)
        while 100 <= status < 200:  # a word in between, with its headers
            while await reader.readuntil(b"\r\n") != b"\r\n":
                pass
            status = await _read_status(reader)
        return status
    finally:
        writer.close()


async def _read_status(reader: asyncio.StreamReader) -> int:
    version, _, rest = (await reader.readuntil(b"\r\n")).partition(b" ")
    if not version.startswith(b"HTTP/1."):
        raise ValueError("this is no answer of HTTP")
    return int(rest[:3])


async def _connect(
    host: str, port: int, tls: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """The first address of the host that answers."""
    error: OSError = OSError("the host has no address")
    for address in await _resolve(host):
        try:
            return await asyncio.open_connection(address, port, ssl=tls, server_hostname=host if tls else None)
        except OSError as refused:
            error = refused
    raise error


async def _resolve(host: str) -> list[str]:
    # A thread of its own, since the loop's threads are waited for at the end, and this may take half a minute.
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[str]] = loop.create_future()

    def tell(addresses: list[str]) -> None:
        if not found.done():
            found.set_result(addresses)

    def look_up() -> None:
        try:
            addresses = [str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
        except (OSError, UnicodeError):
            addresses = []
        with suppress(RuntimeError):  # the server has ended meanwhile
            loop.call_soon_threadsafe(tell, addresses)

    Thread(target=look_up, daemon=True).start()
    return await found


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
