"""Lets web pages of any origin use the API, signing in and storage, and nothing else (CORS).

Nobody is let in by that alone: credentials are headers that a page must know, and never cookies.
"""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_CLOSED = "/admin"
_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
_TOLD = (
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Range",
    "ETag",
    "Location",
    "Range",
    "Retry-After",
    "X-Supabase-Api-Version",
    "x-goog-generation",
    "x-goog-hash",
    "x-goog-stored-content-length",
    "x-sb-error-code",
)
_PREFLIGHT_SECONDS = 600


class CrossOrigin:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._closed = app
        self._open = CORSMiddleware(
            app,
            allow_origins=("*",),
            allow_methods=_METHODS,
            allow_headers=("*",),
            allow_private_network=True,
            expose_headers=_TOLD,
            max_age=_PREFLIGHT_SECONDS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_closed = scope["type"] != "http" or scope["path"].startswith(_CLOSED)
        await (self._closed if is_closed else self._open)(scope, receive, send)
