"""The developer portal behind ``core.account_ports.Portal``."""

from collections.abc import Callable
from typing import TypeVar

import httpx

from mosaic_desktop.api import portal_protocol as protocol
from mosaic_desktop.api.address import base_address
from mosaic_desktop.api.auth import HeaderStyle, PinnedAuth
from mosaic_desktop.api.exchange import Timeouts, exchange, http_client, made_of
from mosaic_desktop.api.pace import Pace
from mosaic_desktop.api.wire import Answer, Request
from mosaic_desktop.core.account import ApiKey, NewKey
from mosaic_desktop.core.errors import Code, ServiceError
from mosaic_desktop.core.secrets import Secret

T = TypeVar("T")


class DeveloperPortal:
    """Lives on one event loop. ``base_url`` is Mosaic's own, and session tokens go to its scheme, host and port only.
    The constructor raises MosaicError (VALIDATION) for an unusable address or settings of proxies and certificates.

    Not more than 120 requests leave in a minute, and none in a pause that the service asked for. A call waits for its
    turn up to ten seconds and then raises ServiceError (RATE_LIMIT) with ``retry_after`` in seconds, sent or not.

    Every call ends and raises MosaicError and nothing else, as those of ClassicMosaic: AuthError where the session
    token is not accepted, NetworkError with ``seen`` where the answer was lost.
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeouts: Timeouts | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._base = base_address(base_url)
        self._timeouts = timeouts or Timeouts()
        self._pace = pace or Pace()
        self._http = http_client(
            self._timeouts,
            direct=self._base.on_this_computer,
            encrypted=self._base.encrypted,
            transport=transport,
        )

    async def keys(self, access: Secret) -> tuple[ApiKey, ...]:
        """Without ``hint`` and ``is_own``, which the service does not know. Contract: GET /dev/keys."""
        return await self._ask(access, protocol.list_keys(), protocol.read_keys)

    async def create_key(self, access: Secret, webhook_url: str | None = None) -> NewKey:
        """Contract: POST /dev/keys/create. After NetworkError with ``seen`` and ProtocolError there may be a key more,
        which nobody saw.
        """
        return await self._ask(access, protocol.create_key(webhook_url), protocol.read_new_key)

    async def set_webhook(self, access: Secret, key_id: str, url: str | None) -> None:
        """Contract: PATCH /dev/keys/{key_id}. ServiceError: VALIDATION, NOT_FOUND, FORBIDDEN."""

        def read(answer: Answer) -> None:
            protocol.read_webhook(answer, url)

        await self._ask(access, protocol.set_webhook(key_id, url), read)

    async def revoke(self, access: Secret, key_id: str) -> None:
        """Contract: DELETE /dev/keys/{key_id}. ServiceError: NOT_FOUND, FORBIDDEN."""
        await self._ask(access, protocol.revoke(key_id), protocol.read_done)

    async def balance(self, access: Secret) -> float:
        """Credits. Contract: GET /dev/credits/balance."""
        return await self._ask(access, protocol.balance(), protocol.read_balance)

    async def aclose(self) -> None:
        """Closes the connections. No call may follow."""
        await self._http.aclose()

    async def _ask(self, access: Secret, request: Request, read: Callable[[Answer], T]) -> T:
        auth = PinnedAuth(access, HeaderStyle.BEARER, self._base.origin)
        try:
            answer = await exchange(
                self._http, self._base, request, self._timeouts, self._timeouts.read, auth=auth, turn=self._pace.turn
            )
            return await made_of(answer, read)
        except ServiceError as error:
            self._pace.heed(error)
            if error.status != 429 or error.code == Code.RATE_LIMIT:
                raise
            wait = error.retry_after  # a load balancer counts too, and says so in a page of its own
        raise ServiceError(Code.RATE_LIMIT, retryable=True, retry_after=wait, status=429)
