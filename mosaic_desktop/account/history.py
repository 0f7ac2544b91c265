"""Readings and costs of the last 90 days in memory, as the ledger has them."""

import logging
from collections.abc import Iterable

from mosaic_desktop.account.insight import DAY_SECONDS, estimate, forecast
from mosaic_desktop.core.account import BalanceReading, Estimate, Forecast, RunCost
from mosaic_desktop.core.account_ports import Ledger
from mosaic_desktop.core.errors import JournalError
from mosaic_desktop.core.ports import Clock

_KEPT_SECONDS = 90 * DAY_SECONDS
log = logging.getLogger(__name__)


class CreditHistory:
    """A ledger that cannot be used is logged; what comes from here on is shown all the same."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._readings: tuple[BalanceReading, ...] = ()
        self._costs: tuple[RunCost, ...] = ()

    @property
    def readings(self) -> tuple[BalanceReading, ...]:
        """Oldest first."""
        return self._readings

    @property
    def costs(self) -> tuple[RunCost, ...]:
        """Oldest first."""
        return self._costs

    @property
    def latest(self) -> BalanceReading | None:
        return self._readings[-1] if self._readings else None

    def forecast(self) -> Forecast | None:
        return forecast(self._readings, self._clock.now())

    def estimate(self, agent: str, seconds: float | None) -> Estimate | None:
        return estimate(self._costs, agent, seconds)

    async def load(self) -> None:
        """What comes meanwhile stays."""
        now = self._clock.now()
        oldest = now - _KEPT_SECONDS
        try:
            kept = tuple(reading for reading in await self._ledger.readings(oldest) if reading.at <= now)
            self._readings = (*kept, *(new for new in self._readings if not kept or new.at > kept[-1].at))
            self.add_costs(await self._ledger.costs(oldest))
        except JournalError as error:
            log.warning("the history of credits cannot be read: %s", error)

    async def add_reading(self, reading: BalanceReading) -> None:
        """Later ones were read while the clock was wrong, so that their times are."""
        oldest = reading.at - _KEPT_SECONDS
        self._readings = (*(known for known in self._readings if oldest <= known.at < reading.at), reading)
        try:
            await self._ledger.add_reading(reading)
        except JournalError as error:
            log.warning("a reading of the balance was not written down: %s", error)

    def add_costs(self, costs: Iterable[RunCost]) -> None:
        """What the ledger has by now."""
        oldest = self._clock.now() - _KEPT_SECONDS
        by_run = {cost.run_id: cost for cost in (*self._costs, *costs) if cost.at >= oldest}
        self._costs = tuple(sorted(by_run.values(), key=lambda cost: cost.at))
