"""The list of deliveries, which nobody without a key can fill."""

import logging
from collections import deque

from mosaic_desktop.core.account import Delivery, Verdict
from mosaic_desktop.core.account_ports import DeliveryLog
from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.core.ports import Clock

_SHOWN = 300
_AT_ONCE = 20
_SECONDS_EACH = 300.0
# Anybody who knows the address can cause these, REPEATED by sending once more what was seen on the way.
_BY_ANYBODY = (Verdict.FORGED, Verdict.LATE, Verdict.TOO_LARGE, Verdict.REPEATED)
log = logging.getLogger(__name__)


class Budget:
    """Some at once, and then one from time to time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left = float(_AT_ONCE)
        self._at = clock.monotonic()

    def take(self) -> bool:
        now = self._clock.monotonic()
        self._left = min(float(_AT_ONCE), self._left + (now - self._at) / _SECONDS_EACH)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class Listing:
    """The latest deliveries in memory and in the log. ``unlisted``: how many were only counted."""

    def __init__(self, kept: DeliveryLog, clock: Clock) -> None:
        self._kept = kept
        self._budgets = {verdict: Budget(clock) for verdict in _BY_ANYBODY}
        self._shown: deque[Delivery] = deque(maxlen=_SHOWN)
        self.unlisted = 0

    @property
    def latest(self) -> tuple[Delivery, ...]:
        """Newest first."""
        return tuple(self._shown)

    async def load(self) -> None:
        """What was kept from before, behind what has come since. Raises JournalError."""
        for delivery in await self._kept.latest():
            if len(self._shown) < _SHOWN:
                self._shown.append(delivery)

    def take(self, delivery: Delivery) -> bool:
        """Whether it is listed; if not, it is counted."""
        budget = self._budgets.get(delivery.verdict)
        if budget is not None and not budget.take():
            self.unlisted += 1
            return False
        self._shown.appendleft(delivery)
        return True

    async def keep(self, delivery: Delivery) -> None:
        try:
            await self._kept.add(delivery)
        except MosaicError as error:
            log.warning("a delivery was not written down: %s", error)
