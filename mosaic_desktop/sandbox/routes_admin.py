"""Administration of this server, which the contract does not know: faults to order.

Answers whoever has the token that the server prints at its start, and only on the server's own computer, since a page
in a browser there must not reach it either.
"""

import hmac

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from mosaic_desktop.sandbox.callers import bearer_tokens
from mosaic_desktop.sandbox.errors import ApiError, invalid
from mosaic_desktop.sandbox.faults import Faults, read_fault
from mosaic_desktop.sandbox.methods import route
from mosaic_desktop.sandbox.requests import read_fields


def admin_routes(faults: Faults, token: str) -> list[Route]:
    def check(request: Request) -> None:
        said = bearer_tokens(request.headers)
        if "origin" in request.headers or len(said) != 1 or not hmac.compare_digest(said[0].encode(), token.encode()):
            raise ApiError(401, "invalid_admin_token", "Send the admin token that the server printed at its start.")

    def listed() -> JSONResponse:
        return JSONResponse({"faults": [fault.to_json() for fault in faults.all]})

    async def list_faults(request: Request) -> JSONResponse:
        check(request)
        return listed()

    async def add_faults(request: Request) -> JSONResponse:
        check(request)
        fields = await read_fields(request)
        wishes = fields.get("faults")
        if not isinstance(wishes, list) or not all(isinstance(wish, dict) for wish in wishes):
            raise invalid("The field 'faults' must be a list of objects.")
        for fault in [read_fault(wish) for wish in wishes]:  # all of them or none
            faults.add(fault)
        return listed()

    async def clear_faults(request: Request) -> JSONResponse:
        check(request)
        faults.clear()
        return listed()

    return [route("/faults", GET=list_faults, POST=add_faults, DELETE=clear_faults)]
