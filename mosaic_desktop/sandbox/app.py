"""The web application: all routes, and every error in the contract's JSON form."""

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Router
from starlette.types import ASGIApp

from mosaic_desktop.sandbox.cross_origin import CrossOrigin
from mosaic_desktop.sandbox.errors import ApiError, unexpected_code
from mosaic_desktop.sandbox.fault_layer import FaultLayer
from mosaic_desktop.sandbox.routes_admin import admin_routes
from mosaic_desktop.sandbox.routes_agents import agent_routes
from mosaic_desktop.sandbox.routes_auth import auth_routes
from mosaic_desktop.sandbox.routes_openapi import openapi_routes
from mosaic_desktop.sandbox.routes_portal import portal_routes
from mosaic_desktop.sandbox.routes_runs import run_routes
from mosaic_desktop.sandbox.routes_storage import storage_routes
from mosaic_desktop.sandbox.routes_uploads import upload_routes
from mosaic_desktop.sandbox.services import Services
from mosaic_desktop.sandbox.storage_answers import StorageError, unroutable

_log = logging.getLogger(__name__)
_CODES = {404: ("not_found", "There is nothing at this address."), 405: ("method_not_allowed", "Use another method.")}


def build_app(services: Services) -> ASGIApp:
    """The application over these services; rendering and webhooks start and stop with it."""
    app = Starlette(
        routes=build_routes(services),
        exception_handlers={ApiError: _api_error, HTTPException: _http_error, Exception: _unexpected},
        middleware=[Middleware(FaultLayer, faults=services.faults)],
        lifespan=_lifespan(services),
    )
    app.router.redirect_slashes = False
    return CrossOrigin(app)  # around it all, so that web pages can read the server's own mistakes too


def build_routes(services: Services) -> list[BaseRoute]:
    api = [*upload_routes(services), *agent_routes(services), *run_routes(services), *portal_routes(services)]
    return [
        _below("/api", api),
        _below("/admin", admin_routes(services.faults, services.admin_token)),
        _below("/auth/v1", auth_routes(services.sign_ins)),
        _below("/storage", storage_routes(services.objects, services.signer, services.sessions)),
        *openapi_routes(),
    ]


def _below(path: str, routes: Sequence[BaseRoute]) -> Mount:
    # An address with a slash too many is unknown: no client with credentials is sent elsewhere.
    return Mount(path, Router(routes, redirect_slashes=False))


def _lifespan(services: Services) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        services.scheduler.resume()
        services.webhooks.send()
        try:
            yield
        finally:
            await services.scheduler.stop()
            await services.webhooks.stop()

    return lifespan


async def _api_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    body = {"error": error.code, "detail": error.detail}
    if error.field is not None:
        body["field"] = error.field
    headers = None if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return JSONResponse(body, error.status, headers=headers)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith("/storage/"):
        return unroutable(error.status_code, error.headers or {})
    code, detail = _CODES.get(error.status_code, ("validation_error", error.detail))
    return JSONResponse({"error": code, "detail": detail}, error.status_code, headers=error.headers)


async def _unexpected(request: Request, error: Exception) -> Response:
    _log.error("%s %s", request.method, request.url.path, exc_info=error)
    detail = "The local Mosaic made a mistake."
    if request.url.path.startswith("/storage/"):
        return StorageError(HTTPStatus.INTERNAL_SERVER_ERROR, "InternalError", detail).response
    return JSONResponse({"error": unexpected_code(request.url.path), "detail": detail}, 500)
