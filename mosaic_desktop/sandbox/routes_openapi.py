"""The server's description of itself, for whoever asks."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from mosaic_desktop.sandbox.openapi import description


def openapi_routes() -> list[Route]:
    document = description()

    async def describe(_: Request) -> JSONResponse:
        return JSONResponse(document)

    return [Route("/openapi.json", describe, methods=["GET"])]
