"""When to try again: a pure policy."""

from dataclasses import dataclass

from mosaic_desktop.core.errors import Code, MosaicError

_PASSING = frozenset({Code.UNREACHABLE, Code.RATE_LIMIT, Code.FILE_AWAY})


def is_passing(code: str) -> bool:
    """Whether it says nothing of the thing that was tried: that is tried again once the way is free."""
    return code in _PASSING


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Waits grow from ``first`` by ``factor`` to ``longest`` seconds; after ``attempts`` failures it gives up.

    ``patient``: a service that cannot be reached or asks for a pause, or a disk that is away, is tried for as long as
    it takes, as in a window left open.
    """

    attempts: int = 8
    first: float = 1.0
    factor: float = 2.0
    longest: float = 60.0
    patient: bool = False

    def wait(self, error: MosaicError, failures: int, jitter: float) -> float | None:
        """Seconds until the next try, or None to give up. ``failures``: 1 for the first; ``jitter``: 0 to 1."""
        endless = self.patient and is_passing(error.code)
        if not error.retryable or (failures >= self.attempts and not endless):
            return None
        steps = min(failures, self.attempts) - 1
        pause = min(self.longest, self.first * self.factor**steps) * (1 - 0.25 * jitter)
        return max(pause, min(error.retry_after or 0.0, 10 * self.longest))
