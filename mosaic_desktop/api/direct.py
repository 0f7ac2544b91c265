"""The direct download of a render (contract: GET /download-rendered-video), straight or by one redirect to storage."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx

from mosaic_desktop.api.address import BaseAddress, is_private_enough, onward
from mosaic_desktop.api.errors import REDIRECTS, error_of, storage_error_of
from mosaic_desktop.api.exchange import Timeouts, head_of, pieces_of, read_answer
from mosaic_desktop.api.network import translated
from mosaic_desktop.api.wire import Request
from mosaic_desktop.core.errors import Code, ProtocolError, ServiceError

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class RenderedVideo:
    """``size``: bytes, where announced. ``pieces`` can be read once and raises NetworkError where the body is cut."""

    size: int | None
    content_type: str
    pieces: AsyncIterator[bytes]


@asynccontextmanager
async def open_render(
    api: httpx.AsyncClient, storage: httpx.AsyncClient, base: BaseAddress, request: Request, timeouts: Timeouts
) -> AsyncIterator[RenderedVideo]:
    """``storage`` carries no credential; it alone follows a redirect, also one within the same host.

    ``timeouts.total`` is for all that comes before the video, which itself may take as long as bytes move.
    """
    async with AsyncExitStack() as stack:
        url = base.text + request.path
        with translated():
            async with asyncio.timeout(timeouts.total):
                response = await stack.enter_async_context(api.stream(request.method, url))
                if response.status_code in REDIRECTS:
                    response = await _redirected(stack, storage, response)
                elif response.status_code != 200:
                    raise error_of(await read_answer(response))
        kind = response.headers.get("content-type", "").lower()
        if "html" in kind or "xml" in kind:
            raise ProtocolError(Code.GATEWAY, retryable=True, status=response.status_code)
        if "json" in kind:
            raise ProtocolError(Code.UNREADABLE_ANSWER, "Words came instead of a video.", status=response.status_code)
        if "content-encoding" in response.headers:
            raise ProtocolError(Code.UNREADABLE_ANSWER, "The video came packed.", status=response.status_code)
        yield RenderedVideo(_size(response), kind, await stack.enter_async_context(pieces_of(response, _PIECE)))


async def _redirected(stack: AsyncExitStack, storage: httpx.AsyncClient, answer: httpx.Response) -> httpx.Response:
    target = onward(answer.url, answer.headers.get("location", ""))
    if target is None or not is_private_enough(target):
        raise ServiceError(Code.REDIRECTED, status=answer.status_code)
    response = await stack.enter_async_context(storage.stream("GET", target))
    if response.status_code == 200:
        return response
    raise storage_error_of(head_of(response))


def _size(response: httpx.Response) -> int | None:
    length = response.headers.get("content-length", "")
    return int(length) if re.fullmatch(r"[0-9]{1,18}", length) else None
