"""What each run cost: the last reading before it began less the first one after it ended. Pure.

The service names no prices, so a cost is what the balance says, and is called approximate where the balance moved for
other reasons too. Without a reading before there is no cost.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mosaic_desktop.account.insight import DAY_SECONDS, fallen
from mosaic_desktop.core.account import BalanceReading, RunCost

LONGEST_GAP = DAY_SECONDS  # a reading that is further away tells nothing of a run
_NEAR = 900.0  # within that the account is not likely to have been used from elsewhere


@dataclass(frozen=True, slots=True)
class Stretch:
    """The time in which a run may have moved the balance. ``agent``: its title; ``seconds``: its video's length.

    ``ended`` is None while it goes on. ``is_failed``: the service gives unspent credits back. ``is_measurable``: False
    for a start whose fate is not known, which may have moved the balance all the same.
    """

    run_id: str
    agent: str
    seconds: float | None
    begun: float
    ended: float | None = None
    is_failed: bool = False
    is_measurable: bool = True

    def overlaps(self, start: float, end: float) -> bool:
        return self.begun < end and (self.ended is None or self.ended > start)

    def failed_in(self, start: float, end: float) -> bool:
        return self.is_failed and self.ended is not None and start < self.ended <= end


def around(stretch: Stretch, readings: Sequence[BalanceReading]) -> tuple[BalanceReading, ...]:
    """From the last reading before to the first one after. ``readings``: oldest first.

    Empty where one of them is missing, or is more than a day away.
    """
    if stretch.ended is None:
        return ()
    first = bisect_right(readings, stretch.begun, key=_at) - 1
    last = bisect_left(readings, stretch.ended, lo=first + 1, key=_at)
    if first < 0 or last == len(readings):
        return ()
    before, after = readings[first].at, readings[last].at
    if stretch.begun - before > LONGEST_GAP or after - stretch.ended > LONGEST_GAP:
        return ()
    return tuple(readings[first : last + 1])


def measured(stretch: Stretch, all_of_them: Iterable[Stretch], readings: Sequence[BalanceReading]) -> RunCost | None:
    """The cost of a run that ended; None where it cannot be told, be it only so far.

    Where others ran meanwhile, what the balance fell between two readings is shared out among those that ran then, by
    the length of their videos, so that costs add up to what was spent.
    """
    part = around(stretch, readings)
    if not part or stretch.ended is None or not stretch.is_measurable:
        return None
    start, end = part[0].at, part[-1].at
    others = [other for other in all_of_them if other.run_id != stretch.run_id and other.overlaps(start, end)]
    rose = any(later.credits > earlier.credits for earlier, later in pairwise(part))
    credits = part[0].credits - part[-1].credits
    if others:
        credits = _share(stretch, [stretch, *others], part)
    elif rose and (not stretch.is_failed or credits < 0):
        credits = fallen(part)  # what was paid in does not count
        if credits == 0:
            return None
    else:
        rose = False
    far = stretch.begun - start > _NEAR or end - stretch.ended > _NEAR
    rough = bool(others) or rose or far
    return RunCost(stretch.run_id, stretch.agent, stretch.seconds, max(0.0, credits), rough, stretch.ended)


def _share(stretch: Stretch, everyone: Sequence[Stretch], part: Sequence[BalanceReading]) -> float:
    total = 0.0
    for earlier, later in pairwise(part):
        active = [one for one in everyone if one.overlaps(earlier.at, later.at)]
        if stretch not in active:
            continue
        fall = earlier.credits - later.credits
        if fall < 0 and not any(one.failed_in(earlier.at, later.at) for one in active):
            continue  # paid in, and not given back
        by_length = all(one.seconds for one in active)
        weights = [one.seconds if by_length and one.seconds else 1.0 for one in active]
        total += fall * weights[active.index(stretch)] / sum(weights)
    return total


def _at(reading: BalanceReading) -> float:
    return reading.at
