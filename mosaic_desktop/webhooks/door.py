"""What the receiver answers over HTTP: a POST to one path, and nothing to everybody else.

Any ``Host`` is served, since a tunnel hands on its own name, and nothing is told to anybody: answers are empty and
depend on the signature alone. A request with an ``Origin`` comes from a web page, which no delivery does; it is not
even read, so that a page in the user's browser cannot fill the list.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from mosaic_desktop.webhooks.arrival import PATH, SIGNATURE_HEADER, Arrival, DoorLimits

_LARGEST_SIZE = 2**53  # a stranger may announce any number
log = logging.getLogger(__name__)


def build_door(ask: Callable[[Arrival], Awaitable[int]], limits: DoorLimits) -> Starlette:
    """``ask`` gives the status for a delivery."""

    async def receive(request: Request) -> Response:
        if "origin" in request.headers:
            return Response(status_code=403)
        try:
            body, size = await _read(request, limits.body_bytes)
        except ClientDisconnect:
            return Response(status_code=400)  # which nobody hears
        arrival = Arrival(tuple(request.headers.getlist(SIGNATURE_HEADER)), body, size)
        try:
            async with asyncio.timeout(limits.seconds_to_judge):
                return Response(status_code=await ask(arrival))
        except TimeoutError:
            return Response(status_code=503)

    door = Starlette(routes=[Route(PATH, receive, methods=["POST"])])
    door.router.redirect_slashes = False
    return door


async def _read(request: Request, limit: int) -> tuple[bytes | None, int]:
    """The body and its size; no body where it is larger than ``limit``, of which no more is read. Raises
    ClientDisconnect.
    """
    announced = int(request.headers.get("content-length", "0"))
    if announced > limit:
        return None, min(announced, _LARGEST_SIZE)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            return None, len(body)
    return bytes(body), len(body)
