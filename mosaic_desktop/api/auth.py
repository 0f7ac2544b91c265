"""The credential header, added to requests for one origin and no other (contract, section Authentication)."""

from collections.abc import Generator
from enum import StrEnum

import httpx

from mosaic_desktop.api.address import Origin, origin
from mosaic_desktop.core.errors import AuthError, Code, ServiceError
from mosaic_desktop.core.secrets import Secret


class HeaderStyle(StrEnum):
    """The two equivalent ways to send an API key."""

    BEARER = "Authorization"
    X_API_KEY = "X-API-Key"


class PinnedAuth(httpx.Auth):
    """Raises AuthError (INVALID_KEY) for a credential that no header can carry."""

    def __init__(self, credential: Secret, style: HeaderStyle, pinned: Origin) -> None:
        value = credential.reveal().strip()
        if not value or not value.isascii() or not value.isprintable():
            raise AuthError(Code.INVALID_KEY)
        self._value = Secret(f"Bearer {value}" if style is HeaderStyle.BEARER else value)
        self._style = style
        self._pinned = pinned

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if origin(request.url) != self._pinned:
            raise ServiceError(Code.REDIRECTED)
        request.headers[self._style.value] = self._value.reveal()
        yield request
