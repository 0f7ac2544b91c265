"""How often somebody may ask within some time."""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable


class RateLimit:
    """At most `most` requests of one asker within any `seconds`. Kept in memory; a restart forgets."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._times: defaultdict[str, deque[float]] = defaultdict(deque)

    def wait(self, who: str) -> int:
        """Whole seconds until the next request is allowed; 0 if it is now."""
        times, now = self._times[who], self._clock()
        while times and times[0] <= now - self._seconds:
            times.popleft()
        return 0 if len(times) < self._most else math.ceil(times[0] + self._seconds - now)

    def count(self, who: str) -> None:
        """A request that was allowed."""
        self._times[who].append(self._clock())
