"""Not more requests than the service allows, and none while it asked for a pause."""

import asyncio
import time
from collections.abc import Callable

from aiolimiter import AsyncLimiter

from mosaic_desktop.core.errors import Code, ServiceError

PATIENCE = 10.0  # seconds that a caller waits for its turn
PAUSE = 5.0  # seconds, where the service asks for a pause without saying how long
# The limiter lets through a burst and then the rate: 20 + 96 in any minute, which leaves room for requests that bunch
# up on their way.
_BURST, _SECONDS_FOR_BURST = 20, 12.5


class Pace:
    """The portal's 120 requests a minute (contract, section Quotas). Lives on one event loop."""

    def __init__(self, patience: float = PATIENCE, clock: Callable[[], float] = time.monotonic) -> None:
        self._limiter = AsyncLimiter(_BURST, _SECONDS_FOR_BURST)
        self._patience = patience
        self._clock = clock
        self._opens_at = clock()

    async def turn(self) -> None:
        """Returns when a request may leave. ServiceError (RATE_LIMIT, ``retry_after``) where that takes too long."""
        ends = self._clock() + self._patience
        try:
            async with asyncio.timeout(self._patience):
                while True:
                    while (wait := self._opens_at - self._clock()) > 0:
                        if self._opens_at > ends:
                            raise _too_long(wait)
                        await asyncio.sleep(wait)
                    await self._limiter.acquire()
                    if self._opens_at <= self._clock():
                        return
        except TimeoutError:
            raise _too_long(max(1.0, self._opens_at - self._clock())) from None

    def heed(self, error: ServiceError) -> None:
        """Keeps the pause that an answer asked for."""
        if error.status == 429 or (error.status == 503 and error.retry_after is not None):
            wait = PAUSE if error.retry_after is None else error.retry_after
            self._opens_at = max(self._opens_at, self._clock() + wait)


def _too_long(wait: float) -> ServiceError:
    return ServiceError(Code.RATE_LIMIT, retryable=True, retry_after=wait)
