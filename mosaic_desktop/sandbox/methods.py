"""One address with several methods, so that a refusal of another one names them all."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Call = Callable[[Request], Awaitable[Response]]


def route(path: str, **calls: Call) -> Route:
    """`calls` go by their method; GET answers HEAD too."""

    async def serve(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await calls[method](request)

    return Route(path, serve, methods=list(calls))
