"""Asking the service again while that makes sense, and saying so."""

import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from mosaic_desktop.cli.report import Report
from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.core.ports import Clock
from mosaic_desktop.core.retry import RetryPolicy

T = TypeVar("T")


class Patience:
    """For questions that may be repeated: reading changes nothing at the service."""

    def __init__(self, retry: RetryPolicy, clock: Clock, report: Report) -> None:
        self._retry = retry
        self._clock = clock
        self._report = report

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """Raises the last MosaicError once the policy gives up, or at once where trying again makes no sense."""
        failures = 0
        while True:
            try:
                return await question()
            except MosaicError as error:
                failures += 1
                wait = self._retry.wait(error, failures, random.random())
                if wait is None:
                    if failures > 1:
                        self._report.note(f"Gave up after {failures} tries.")
                    raise
                self._report.trying_again(error.problem, wait)
                await self._clock.sleep(wait)
