"""Noticing that the computer slept, since connections died meanwhile and whatever was waited for is over."""

from collections.abc import Callable

from mosaic_desktop.core.ports import Clock
from mosaic_desktop.core.tasks import TaskScope

_LOOK_SECONDS = 5.0
_SLEPT_SECONDS = 20.0


class SleepWatch:
    """``on_wake`` is called soon after the computer slept, or this process stood still, for more than some seconds.

    Sleep shows in the wall clock alone or, on some systems, in both clocks. A wall clock that is set right looks the
    same, which costs one look too early; one that is set back looks like nothing.
    """

    def __init__(self, clock: Clock, scope: TaskScope, on_wake: Callable[[], None]) -> None:
        self._clock = clock
        self._scope = scope
        self._on_wake = on_wake

    def start(self) -> None:
        self._scope.start(self._loop(), "sleep watch")

    async def _loop(self) -> None:
        while True:
            wall, steady = self._clock.now(), self._clock.monotonic()
            await self._clock.sleep(_LOOK_SECONDS)
            passed = self._clock.monotonic() - steady
            if max(self._clock.now() - wall - passed, passed - _LOOK_SECONDS) > _SLEPT_SECONDS:
                self._on_wake()
