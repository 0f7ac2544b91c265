"""When to try again: a pure policy."""

from dataclasses import dataclass

from mosaic_desktop.core.errors import MosaicError


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Waits grow from ``first`` by ``factor`` to ``longest`` seconds; after ``attempts`` failures it gives up.

    Progress resets the count: whoever drives a transfer passes the failures since bytes last moved.
    """

    attempts: int = 8
    first: float = 1.0
    factor: float = 2.0
    longest: float = 60.0

    def wait(self, error: MosaicError, failures: int, jitter: float) -> float | None:
        """Seconds until the next try, or None to give up. ``failures``: 1 for the first; ``jitter``: 0 to 1."""
        if not error.retryable or failures >= self.attempts:
            return None
        pause = min(self.longest, self.first * self.factor ** (failures - 1)) * (1 - 0.25 * jitter)
        return max(pause, min(error.retry_after or 0.0, 10 * self.longest))
