"""Sleep is noticed by the clocks, and nothing else is taken for it."""

import asyncio

import pytest

from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.waking import SleepWatch
from tests.support.fakes import ManualClock


class TwoClocks(ManualClock):
    """``jump``: what the wall clock is ahead of the other one."""

    jump = 0.0

    def now(self) -> float:
        return super().now() + self.jump


def wakes(step: float, jump: float) -> int:
    """How often it says that the computer slept, after the clocks went on by that much at once."""
    clock, heard = TwoClocks(), 0

    def hear() -> None:
        nonlocal heard
        heard += 1

    async def story() -> None:
        scope = TaskScope("test")
        SleepWatch(clock, scope, hear).start()
        await asyncio.sleep(0)
        for seconds in (*[1.0] * 10, step, *[1.0] * 10):
            clock.jump += jump if seconds == step else 0.0
            clock.advance(seconds)
            for _ in range(5):
                await asyncio.sleep(0)
        await scope.aclose()

    asyncio.run(story())
    return heard


@pytest.mark.parametrize(
    ("step", "jump", "heard"),
    [
        (0.5, 3600.0, 1),
        (3600.0, 0.0, 1),
        (3.0, 0.0, 0),
        (0.5, -3600.0, 0),
        (0.5, 5.0, 0),
    ],
    ids=["slept", "slept, both clocks", "a moment", "set back", "set right by seconds"],
)
def test_sleep_is_noticed_once(step: float, jump: float, heard: int) -> None:
    assert wakes(step, jump) == heard
