"""One request and its answer over httpx: time limits, size limits, redirects, trust."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TypeVar, cast

import httpx

from mosaic_desktop import __version__
from mosaic_desktop.api.address import BaseAddress
from mosaic_desktop.api.errors import REDIRECTS
from mosaic_desktop.api.network import translated
from mosaic_desktop.api.trust import no_context, tls_context
from mosaic_desktop.api.wire import Answer, Request
from mosaic_desktop.core.errors import Code, MosaicError

T = TypeVar("T")

MAX_BODY = 8 * 1024 * 1024  # bytes; no answer of the contract comes near
MAX_REDIRECTS = 3
_READ_AT_ONCE = 64 * 1024  # bytes: some milliseconds
_UNUSABLE_ENVIRONMENT = (
    "This computer’s settings for proxies or certificates cannot be used. Check its variables HTTPS_PROXY, ALL_PROXY, "
    "NO_PROXY and SSL_CERT_FILE; proxies over SOCKS are not supported."
)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. ``read`` and ``write``: without a byte moving. ``start``: the same as ``read`` for the start of a run,
    whose lost answer cannot be asked for again. ``total``: for a whole answer, however slowly it drips and by however
    many redirects it comes.
    """

    connect: float = 10.0
    read: float = 30.0
    write: float = 30.0
    pool: float = 10.0
    start: float = 120.0
    total: float = 180.0

    def of(self, read: float) -> httpx.Timeout:
        return httpx.Timeout(connect=self.connect, read=read, write=self.write, pool=self.pool)


def http_client(
    timeouts: Timeouts,
    *,
    direct: bool,
    encrypted: bool = True,
    auth: httpx.Auth | None = None,
    headers: Mapping[str, str] | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> httpx.AsyncClient:
    """A client that follows no redirect and keeps no cookie. ``direct``: past any proxy, for this computer.
    ``encrypted``: it may speak TLS. ``headers`` go with each request, to whichever host.

    Raises MosaicError (VALIDATION) with a sentence where the environment names proxies or certificates in vain.
    """
    # Answers are small; unpacked ones need no guard against those that unpack to gigabytes.
    always = {"User-Agent": f"mosaic-desktop/{__version__}", "Accept-Encoding": "identity"}
    try:
        return httpx.AsyncClient(
            auth=auth,
            transport=transport,
            verify=tls_context() if encrypted and transport is None else no_context(),
            timeout=timeouts.of(timeouts.read),
            follow_redirects=False,
            trust_env=not direct,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={**always, **(headers or {})},
        )
    except (httpx.InvalidURL, ValueError, ImportError, OSError):  # texts with addresses, which may hold a password
        raise MosaicError(Code.VALIDATION, _UNUSABLE_ENVIRONMENT) from None


async def exchange(
    http: httpx.AsyncClient,
    base: BaseAddress,
    request: Request,
    timeouts: Timeouts,
    read: float,
    *,
    auth: httpx.Auth | None = None,
    turn: Callable[[], Awaitable[None]] | None = None,
) -> Answer:
    """Sends ``request`` and reads the whole answer, following a GET within the same origin. Raises MosaicError.

    ``auth`` takes the place of the client's own. ``turn`` is awaited before each request that leaves.
    """
    url = base.text + request.path
    query: Mapping[str, str] | None = request.query or None
    with translated():
        async with asyncio.timeout(timeouts.total):
            for _ in range(MAX_REDIRECTS + 1):
                if turn is not None:
                    await turn()
                answer = await _exchange_once(http, request, url, query, timeouts.of(read), auth)
                onward = base.same_origin(url, answer.headers.get("location", ""))
                if request.method != "GET" or answer.status not in REDIRECTS or onward is None:
                    break
                url, query = onward, None
    return answer


async def made_of(answer: Answer, read: Callable[[Answer], T]) -> T:
    """What ``read`` makes of the answer; in a thread where that takes long enough to be seen in a window."""
    return read(answer) if len(answer.body) <= _READ_AT_ONCE else await asyncio.to_thread(read, answer)


async def _exchange_once(
    http: httpx.AsyncClient,
    request: Request,
    url: str,
    query: Mapping[str, str] | None,
    timeout: httpx.Timeout,
    auth: httpx.Auth | None,
) -> Answer:
    headers = {} if request.body is None else {"Content-Type": "application/json"}
    async with http.stream(
        request.method,
        url,
        params=query,
        content=request.body,
        headers=headers,
        timeout=timeout,
        auth=auth or httpx.USE_CLIENT_DEFAULT,
    ) as response:
        return await read_answer(response)


@asynccontextmanager
async def pieces_of(response: httpx.Response, length: int | None = None) -> AsyncIterator[AsyncIterator[bytes]]:
    """The body as it came, in pieces of ``length`` bytes where given, which may be left before its end.

    The connection is closed first and the generators after it, one by one: httpcore's cannot be closed by the garbage
    collector, which is who would do it on an event loop without hooks for that.
    """
    body = cast("AsyncGenerator[bytes, None]", response.aiter_raw(length))
    pieces = _pieces(body)
    try:
        yield pieces
    finally:
        await response.aclose()
        await body.aclose()
        await pieces.aclose()


async def _pieces(body: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    with translated():
        async for piece in body:
            yield piece


async def read_answer(response: httpx.Response) -> Answer:
    """Not more than ``MAX_BODY`` of it, which then is JSON cut short."""
    body = bytearray()
    async with pieces_of(response) as pieces:
        async for piece in pieces:
            body += piece[: MAX_BODY - len(body)]
            if len(body) == MAX_BODY:
                break
    return replace(head_of(response), body=bytes(body))


def head_of(response: httpx.Response) -> Answer:
    """Status and headers alone."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, received_at=time.time())
