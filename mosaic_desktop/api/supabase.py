"""Sign-in at Supabase Auth behind ``core.account_ports.AuthService``."""

import time
from collections.abc import Mapping

import httpx

from mosaic_desktop.api import supabase_protocol as protocol
from mosaic_desktop.api.address import base_address
from mosaic_desktop.api.auth import HeaderStyle, PinnedAuth
from mosaic_desktop.api.exchange import Timeouts, exchange, http_client, made_of
from mosaic_desktop.api.wire import Answer, Request
from mosaic_desktop.core.account import Session
from mosaic_desktop.core.errors import AuthError, Code, MosaicError
from mosaic_desktop.core.secrets import Secret


class SupabaseAuth:
    """Lives on one event loop. It remembers no session and repeats no call: a refresh token is good for one use.

    ``auth_url``: such as ``https://xyz.supabase.co/auth/v1``; http is accepted for this computer only. ``anon_key``:
    the project's public key. The constructor raises MosaicError (VALIDATION) for an unusable address, key or settings
    of proxies and certificates.

    Every call ends within ``timeouts``. AuthError is the service's own verdict. Whatever else is raised says nothing
    about the session: NetworkError where no complete answer came, and where ``seen`` is False a refresh token certainly
    was not used; ServiceError for everything else, with RATE_LIMIT and ``retry_after`` in seconds for a 429.
    """

    def __init__(
        self,
        auth_url: str,
        anon_key: str,
        *,
        timeouts: Timeouts | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        key = anon_key.strip()
        if not key or not key.isascii() or not key.isprintable():
            raise MosaicError(Code.VALIDATION, "The public key for signing in is not valid.")
        self._base = base_address(auth_url, "The address to sign in at")
        self._timeouts = timeouts or Timeouts()
        self._http = http_client(
            self._timeouts,
            direct=self._base.on_this_computer,
            encrypted=self._base.encrypted,
            headers={"apikey": key, **protocol.API_VERSION},
            transport=transport,
        )

    async def sign_in(self, email: str, password: Secret) -> Session:
        """AuthError: INVALID_LOGIN, EMAIL_NOT_CONFIRMED."""
        return await self._granted(protocol.password_grant(email, password), protocol.PASSWORD_VERDICTS, password)

    async def refresh(self, token: Secret) -> Session:
        """A session with the next refresh token. AuthError: SESSION_ENDED."""
        return await self._granted(protocol.refresh_grant(token), protocol.REFRESH_VERDICTS, token)

    async def sign_out(self, access: Secret) -> None:
        """Ends this session and no other of the user's. Returns too where it had ended before."""
        try:
            auth = PinnedAuth(access, HeaderStyle.BEARER, self._base.origin)
        except AuthError:  # nothing that the service ever issued
            return
        protocol.read_logged_out(await self._ask(protocol.logout(), auth), access)

    async def aclose(self) -> None:
        """Closes the connections. No call may follow."""
        await self._http.aclose()

    async def _granted(self, request: Request, verdicts: Mapping[str, Code], sent: Secret) -> Session:
        began = time.monotonic()
        answer = await self._ask(request)
        took = time.monotonic() - began
        return await made_of(answer, lambda answer: protocol.read_session(answer, verdicts, sent, took))

    async def _ask(self, request: Request, auth: httpx.Auth | None = None) -> Answer:
        return await exchange(self._http, self._base, request, self._timeouts, self._timeouts.read, auth=auth)
