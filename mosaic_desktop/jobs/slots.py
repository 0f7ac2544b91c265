"""How many runs the plan lets go at the same time, as far as the service has shown."""

import random

from mosaic_desktop.core.ports import Clock

_FIRST_SECONDS = 30.0
_LONGEST_SECONDS = 300.0


class RunSlots:
    """Learns the number from a refusal. It may be higher by now, since other programs use the same account; so after a
    while, each time a longer one, it is worth asking for one more.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._limit: int | None = None
        self._refusals = 0
        self._again_at = 0.0

    def may_start(self, going: int) -> bool:
        """``going``: runs of ours that take a slot now."""
        return self._limit is None or going < self._limit or self._clock.monotonic() >= self._again_at

    def refused(self, going: int, retry_after: float | None = None) -> float:
        """Returns in how many seconds it is worth asking again, if none of ours ends before."""
        self._limit = going
        self._refusals += 1
        pause = min(_LONGEST_SECONDS, _FIRST_SECONDS * 2.0 ** min(10, self._refusals - 1))
        pause = max(pause * (1 - 0.25 * random.random()), retry_after or 0.0)
        self._again_at = self._clock.monotonic() + pause
        return pause

    def accepted(self, going: int) -> None:
        """A run was started beside ``going`` others."""
        self._refusals = 0
        if self._limit is not None and going >= self._limit:
            self._limit = None

    def ask_now(self) -> None:
        """Much time may have passed."""
        self._again_at = 0.0
