"""Does to calls what queued faults say, in front of the application, which knows nothing of it."""

import asyncio
import html
from http import HTTPStatus

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from mosaic_desktop.sandbox.errors import unexpected_code
from mosaic_desktop.sandbox.faults import Call, Effect, Fault, Faults
from mosaic_desktop.sandbox.storage_answers import StorageError

_TRANSPORT = "mosaic.transport"
_FIRST_PARTS = {call.value: call for call in Call if call not in {Call.PUT, Call.GET, Call.LINKS, Call.AUTH}}
_WITHOUT_BODY = {HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT, HTTPStatus.NOT_MODIFIED}
# The contract's words where they are not HTTP's own.
_CODES = {400: "validation_error", 401: "invalid_api_key", 422: "parameter_out_of_range", 429: "rate_limit"}
_STORAGE_METHODS = {"PUT": Call.PUT, "GET": Call.GET, "HEAD": Call.GET}


class BreakableProtocol(H11Protocol):
    """HTTP whose connection an application can break off, for which ASGI has no word."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, _TRANSPORT: transport}, receive, send)

        self.app = with_transport


class FaultLayer:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = call_of(scope) if scope["type"] == "http" else None
        fault = None if call is None else self._faults.take(call)
        match fault:
            case None:
                await self._app(scope, receive, send)
            case Fault(effect=Effect.DELAY):
                await asyncio.sleep(fault.seconds)
                await self._app(scope, receive, send)
            case Fault(effect=Effect.LOST):
                await self._app(scope, receive, _nowhere)
                await _break(scope)
            case Fault(call=Call.PUT, effect=Effect.CUT):
                await self._app(scope, _beginning(receive, fault.after_bytes), _nowhere)
                await _break(scope)
            case Fault(effect=Effect.CUT):
                await self._app(scope, receive, _cut(scope, send, fault.after_bytes))
            case _:
                await _read(receive, fault.after_bytes)
                await _refusal(scope, fault)(scope, receive, send)


def call_of(scope: Scope) -> Call | None:
    """Which call of the contract this is; None for none that faults are for."""
    parts = scope["path"].strip("/").split("/")
    match parts:
        case ["storage", *_]:
            return _STORAGE_METHODS.get(scope["method"])
        case ["auth", *_]:
            return Call.AUTH
        case ["api", "video", name, *_] | ["api", name, *_]:
            return _FIRST_PARTS.get(name)
        case _:
            return None


async def _nowhere(_: Message) -> None:
    """Where a lost answer goes."""


async def _break(scope: Scope) -> None:
    scope[_TRANSPORT].abort()
    await asyncio.sleep(0)  # the server learns of it first, and misses no answer then


def _beginning(receive: Receive, limit: int) -> Receive:
    """So much of the body that the client sends, and then its end."""
    left = limit

    async def some() -> Message:
        nonlocal left
        if left <= 0:
            return {"type": "http.disconnect"}
        message = await receive()
        body = message.get("body", b"")
        more = message.get("more_body", False) or len(body) > left
        message = {**message, "body": body[:left], "more_body": more}
        left -= len(body)
        return message

    return some


def _cut(scope: Scope, send: Send, limit: int) -> Send:
    """Sends so much of the body and then breaks off."""
    left, is_whole = limit, True

    async def some(message: Message) -> None:
        nonlocal left, is_whole
        body = message.get("body", b"")
        if (is_whole and len(body) <= left) or message["type"] != "http.response.body":
            left -= len(body)
            await send(message)
        elif is_whole:
            is_whole = False
            await send({**message, "body": body[:left], "more_body": True})
            scope[_TRANSPORT].close()  # what was sent still arrives

    return some


async def _read(receive: Receive, count: int) -> None:
    """So much of the body that the client sends, or all of it where it is smaller."""
    while count > 0:
        message = await receive()
        count -= len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return


def _refusal(scope: Scope, fault: Fault) -> Response:
    status = HTTPStatus(fault.status) if fault.status in set(HTTPStatus) else HTTPStatus.SERVICE_UNAVAILABLE
    if status in _WITHOUT_BODY:
        return Response(status_code=status)
    if fault.effect is Effect.HTML:
        title = html.escape(f"{fault.status} {status.phrase}")
        return HTMLResponse(
            f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>", fault.status
        )
    if scope["path"].startswith("/storage/"):
        return StorageError(status, status.phrase.title().replace(" ", ""), "A fault that was asked for.").response
    is_unexpected = fault.status == HTTPStatus.INTERNAL_SERVER_ERROR
    code = unexpected_code(scope["path"]) if is_unexpected else _CODES.get(fault.status, status.name.lower())
    return JSONResponse({"error": code, "detail": "A fault that was asked for."}, fault.status)
