"""What readings and costs tell: estimates, a forecast, totals, thresholds, tables for export. Pure.

Nothing is invented: where there is too little to go by, the answer is None.
"""

import csv
import io
from bisect import bisect_left
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from itertools import pairwise
from typing import TypeVar

from mosaic_desktop.core.account import BalanceReading, Estimate, Forecast, RunCost
from mosaic_desktop.core.run import Run, RunId

DAY_SECONDS = 86_400.0
_RUNS_OF_AN_ESTIMATE = 5
_ALIKE = 2.0  # videos up to twice or half as long are of about the same length
_FORECAST_DAYS = 14
_SHORTEST_FORECAST_SECONDS = DAY_SECONDS
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class AgentTotal:
    """What all runs of one agent cost together. ``approximate``: the cost of at least one of them is."""

    agent: str
    credits: float
    runs: int
    approximate: bool


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What the runs cost together that ended on one day."""

    day: date
    credits: float
    runs: int
    approximate: bool


# --- Ahead ------------------------------------------------------------------------------------------------------------


def estimate(costs: Sequence[RunCost], agent: str, seconds: float | None) -> Estimate | None:
    """What the last five runs of ``agent`` on videos of about ``seconds`` cost. ``costs``: oldest first.

    Costs that were measured alone are preferred to approximate ones. Runs that cost nothing, as failed ones do, tell
    nothing of the next one.
    """
    alike = [cost for cost in costs if cost.agent == agent and cost.credits > 0 and _alike(cost.seconds, seconds)]
    used = ([cost for cost in alike if not cost.approximate] or alike)[-_RUNS_OF_AN_ESTIMATE:]
    if not used:
        return None
    return Estimate(min(cost.credits for cost in used), max(cost.credits for cost in used), len(used))


def _alike(one: float | None, other: float | None) -> bool:
    if not one or not other:
        return False
    return max(one, other) <= _ALIKE * min(one, other)


def forecast(readings: Sequence[BalanceReading], now: float) -> Forecast | None:
    """When the balance is used up at the pace of the last 14 days. ``readings``: oldest first.

    The pace is the sum of what the balance fell between two readings, so that top-ups do not count. None where readings
    cover less than a day, or nothing was used.
    """
    recent = readings[bisect_left(readings, now - _FORECAST_DAYS * DAY_SECONDS, key=lambda reading: reading.at) :]
    if not recent or (span := recent[-1].at - recent[0].at) < _SHORTEST_FORECAST_SECONDS:
        return None
    used = fallen(recent)
    if used <= 0:
        return None
    left = max(0.0, recent[-1].credits) / (used / span) - (now - recent[-1].at)
    return Forecast(max(0.0, left), span / DAY_SECONDS)


def fallen(readings: Sequence[BalanceReading]) -> float:
    """The sum of all falls from one reading to the next."""
    return sum(max(0.0, earlier.credits - later.credits) for earlier, later in pairwise(readings))


def crossed_threshold(before: float | None, after: float, thresholds: Collection[float]) -> float | None:
    """The lowest of ``thresholds`` below which the balance fell from one reading to the next; None where it did not.

    Without a reading before nothing was crossed.
    """
    return None if before is None else min((limit for limit in thresholds if after < limit <= before), default=None)


# --- Back -------------------------------------------------------------------------------------------------------------


def totals_by_agent(costs: Iterable[RunCost]) -> tuple[AgentTotal, ...]:
    """The dearest first."""
    totals = [AgentTotal(agent, *_sum(group)) for agent, group in _grouped(costs, lambda cost: cost.agent).items()]
    return tuple(sorted(totals, key=lambda total: (-total.credits, total.agent)))


def totals_by_day(costs: Iterable[RunCost], zone: tzinfo | None = None) -> tuple[DayTotal, ...]:
    """Days of ``zone``, which is this computer's unless given; the earliest first, days without runs left out."""
    groups = _grouped(costs, lambda cost: datetime.fromtimestamp(cost.at, zone).date())
    return tuple(DayTotal(day, *_sum(groups[day])) for day in sorted(groups))


def _grouped(costs: Iterable[RunCost], key: Callable[[RunCost], K]) -> dict[K, list[RunCost]]:
    groups: dict[K, list[RunCost]] = {}
    for cost in costs:
        groups.setdefault(key(cost), []).append(cost)
    return groups


def _sum(costs: Sequence[RunCost]) -> tuple[float, int, bool]:
    return sum(cost.credits for cost in costs), len(costs), any(cost.approximate for cost in costs)


# --- Export -----------------------------------------------------------------------------------------------------------


def readings_csv(readings: Iterable[BalanceReading]) -> str:
    """RFC 4180, times in UTC as spreadsheets read them."""
    return _table(("Time (UTC)", "Credits"), ((_time(reading.at), _number(reading.credits)) for reading in readings))


def costs_csv(costs: Iterable[RunCost], run_of: Callable[[RunId], Run | None]) -> str:
    """RFC 4180; of each run when it ended, its video and agent, the video's seconds, what it cost, whether that is
    exact, and the service's id of it. ``run_of``: None where the run is not in the list any more; then video and id are
    left empty.
    """
    known = ((cost, run_of(RunId(cost.run_id))) for cost in costs)
    return _table(
        ("Ended (UTC)", "Video", "Agent", "Video seconds", "Credits", "Approximate", "Run"),
        (
            (
                _time(cost.at),
                _text(run.asset_name if run is not None else ""),
                _text(cost.agent),
                "" if cost.seconds is None else _number(cost.seconds),
                _number(cost.credits),
                "yes" if cost.approximate else "no",
                _text(run.remote_id or "" if run is not None else ""),
            )
            for cost, run in known
        ),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()


def _time(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S}"


def _number(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else repr(value)


def _text(text: str) -> str:
    """A text that a spreadsheet would take for a formula is marked as a text, since agents are named by others too."""
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text
