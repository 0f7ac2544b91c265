"""How fast one direction may go, all its transfers together. May change while they move."""

import time
from collections.abc import Callable
from threading import Condition

_CREDIT = 0.1
_STEP = 0.02
_LONGEST_WAIT = 0.1


class Throttle:
    """A bucket of bytes that fills at ``rate`` a second. Used by the transfers' threads, set from the event loop.

    What was not used is kept for a tenth of a second, so a transfer that stood still cannot make up for it in a burst.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._rate: int | None = None
        self._bytes = 0.0
        self._filled_at = time.monotonic()

    @property
    def is_set(self) -> bool:
        return self._rate is not None

    def set(self, rate: int | None) -> None:
        """Bytes a second; None or 0 for as fast as the line goes."""
        with self._changed:
            self._fill()
            self._rate = rate or None
            self._bytes = min(self._bytes, self._most) if self._rate else 0.0
            self._changed.notify_all()

    def take(self, wanted: int, given_up: Callable[[], bool]) -> int:
        """Waits until some bytes may move and returns how many of the ``wanted`` ones; 0 once ``given_up``.

        Small steps, so that transfers take turns and a new rate is felt at once.
        """
        with self._changed:
            while not given_up():
                if self._rate is None:
                    return wanted
                step = min(wanted, max(1, int(self._rate * _STEP)))
                self._fill()
                if self._bytes >= step:
                    self._bytes -= step
                    return step
                self._changed.wait(min((step - self._bytes) / self._rate, _LONGEST_WAIT))
        return 0

    @property
    def _most(self) -> float:
        return max(1.0, (self._rate or 0) * _CREDIT)

    def _fill(self) -> None:
        now = time.monotonic()
        if self._rate is not None:
            self._bytes = min(self._bytes + (now - self._filled_at) * self._rate, self._most)
        self._filled_at = now
