"""Rate and remaining time of a transfer, from what was really moved."""

from collections import deque
from dataclasses import dataclass

_WINDOW_SECONDS = 5.0
_SETTLED_SECONDS = 0.8


@dataclass(frozen=True, slots=True)
class Pace:
    """``rate``: bytes a second; ``eta``: seconds left. None until enough was measured to be honest."""

    rate: float | None
    eta: float | None


class RateMeter:
    """Measures over the last seconds. A transfer that starts over resets the window, so no negative rate is shown."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()

    def add(self, now: float, done: int, total: int) -> Pace:
        """``now``: monotonic seconds; ``done`` and ``total``: bytes."""
        samples = self._samples
        if samples and done < samples[-1][1]:
            samples.clear()
        samples.append((now, done))
        while len(samples) > 2 and now - samples[0][0] > _WINDOW_SECONDS:
            samples.popleft()
        elapsed = now - samples[0][0]
        if elapsed < _SETTLED_SECONDS:
            return Pace(None, None)
        rate = (done - samples[0][1]) / elapsed
        return Pace(rate, max(0, total - done) / rate if rate > 0 and total else None)
