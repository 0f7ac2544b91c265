"""When the next try may be, by both clocks."""

import random
from dataclasses import dataclass

from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.core.ports import Clock
from mosaic_desktop.core.retry import RetryPolicy


@dataclass(frozen=True, slots=True)
class Moment:
    """A time on both clocks. On many systems only the wall clock goes on during sleep; only the other never steps."""

    wall: float
    steady: float

    @classmethod
    def of(cls, clock: Clock) -> "Moment":
        return cls(clock.now(), clock.monotonic())

    def passed(self, clock: Clock) -> float:
        """Seconds since then. A wall clock that is set forward makes them too many, which costs one look too early; one
        that is set back changes nothing.
        """
        return max(clock.now() - self.wall, clock.monotonic() - self.steady)


class Patience:
    """Counts failures in a row. Nothing is ever given up: the waits go on at their longest."""

    def __init__(self, clock: Clock, policy: RetryPolicy) -> None:
        self._clock = clock
        self._policy = policy
        self._failures = 0
        self._error: MosaicError | None = None
        self._since = Moment.of(clock)
        self._wait = 0.0

    @property
    def is_needed(self) -> bool:
        """Whether the last try failed."""
        return self._error is not None

    @property
    def is_over(self) -> bool:
        return self._since.passed(self._clock) >= self._wait

    def failed(self, error: MosaicError) -> None:
        self._failures += 1
        steps = min(self._failures, self._policy.attempts - 1)
        wait = self._policy.wait(error, steps, random.random())
        self._error, self._since = error, Moment.of(self._clock)
        self._wait = self._policy.longest if wait is None else wait

    def succeeded(self) -> None:
        self._failures, self._error, self._wait = 0, None, 0.0

    def check(self, *, asked: bool) -> None:
        """Raises the last error where it is too early. What the user ``asked`` for waits only where the service wants
        a pause.
        """
        error = self._error
        if error is not None and not self.is_over and (error.retry_after or not asked):
            raise error.with_traceback(None)
