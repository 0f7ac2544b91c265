"""The direct download of a render (contract: GET /download-rendered-video), straight or by one redirect to storage."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx

from mosaic_desktop.api.address import BaseAddress, is_private_enough
from mosaic_desktop.api.errors import REDIRECTS, TRANSIENT_STATUSES, error_of
from mosaic_desktop.api.exchange import pieces_of, read_answer
from mosaic_desktop.api.network import translated
from mosaic_desktop.api.wire import Request
from mosaic_desktop.core.errors import Code, ProtocolError, ServiceError, StorageError

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class RenderedVideo:
    """``size``: bytes, where announced. ``pieces`` can be read once and raises NetworkError where the body is cut."""

    size: int | None
    content_type: str
    pieces: AsyncIterator[bytes]


@asynccontextmanager
async def open_render(
    api: httpx.AsyncClient, storage: httpx.AsyncClient, base: BaseAddress, request: Request
) -> AsyncIterator[RenderedVideo]:
    """``storage`` carries no credential; it alone follows a redirect, also one within the same host."""
    async with AsyncExitStack() as stack:
        url = base.text + request.path
        with translated():
            response = await stack.enter_async_context(api.stream(request.method, url))
            if response.status_code in REDIRECTS:
                response = await _redirected(stack, storage, response)
            elif response.status_code != 200:
                raise error_of(await read_answer(response))
        kind = response.headers.get("content-type", "")
        if "html" in kind:
            raise ProtocolError(Code.GATEWAY, retryable=True, status=response.status_code)
        if "content-encoding" in response.headers:
            raise ProtocolError(Code.UNREADABLE_ANSWER, "The video came packed.", status=response.status_code)
        yield RenderedVideo(_size(response), kind, await stack.enter_async_context(pieces_of(response, _PIECE)))


async def _redirected(stack: AsyncExitStack, storage: httpx.AsyncClient, answer: httpx.Response) -> httpx.Response:
    target = answer.url.join(answer.headers.get("location", ""))
    if target == answer.url or target.userinfo or not is_private_enough(target):
        raise ServiceError(Code.REDIRECTED, status=answer.status_code)
    response = await stack.enter_async_context(storage.stream("GET", target))
    status = response.status_code
    if status == 200:
        return response
    transient = status in TRANSIENT_STATUSES
    code = Code.STORAGE if transient else Code.LINK_REFUSED
    raise StorageError(code, f"status {status}", retryable=transient, status=status)


def _size(response: httpx.Response) -> int | None:
    length = response.headers.get("content-length", "")
    return int(length) if length.isdecimal() else None
