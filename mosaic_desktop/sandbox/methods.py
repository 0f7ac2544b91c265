"""One address with its methods, so that a refusal of another one names them all."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

Call = Callable[[Request], Awaitable[Response]]


class _Address(Route):
    """Refuses other methods by itself, also where a later route would take the same address for another one."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child_scope = super().matches(scope)
        return (Match.FULL if match is Match.PARTIAL else match), child_scope


def route(path: str, **calls: Call) -> Route:
    """`calls` go by their method; GET answers HEAD too."""

    async def serve(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await calls[method](request)

    return _Address(path, serve, methods=list(calls))
