"""Readings and costs as what the charts draw: a line of balances, amounts a run, a day and an agent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from mosaic_desktop.account.insight import AgentTotal, DayTotal, totals_by_agent, totals_by_day
from mosaic_desktop.core.account import BalanceReading, RunCost
from mosaic_desktop.core.units import plural
from mosaic_desktop.gui.pages.account.words import (
    DAY,
    credits_words,
    format_credits,
    format_moment,
    format_short_day,
    format_time,
)
from mosaic_desktop.gui.widgets.chart import Mark, Tick
from mosaic_desktop.gui.widgets.share_bars import Share

DAYS = 30
LAST_DAYS = f"last {DAYS} days"
_TICKS = ((7, 14), (3, 6), (2, 3.5), (1, 1.5))  # days between them, from so many days on
_SHORTEST = 600.0
_STEPS = (4 * 3600, 2 * 3600, 3600, 1800, 900, 300, 120)  # seconds between the times of less than two days
_FEWEST_STEPS = 3
_ROOM = 0.1  # of the width, for the word at its end
_MOST_POINTS = 400
_MOST_RUNS = 60
_DAYS_BETWEEN_TICKS = 7
_UNNAMED = "Unnamed"


@dataclass(frozen=True, slots=True)
class Drawn:
    """`summary` tells the numbers in a sentence."""

    summary: str
    marks: tuple[Mark, ...] = ()
    ticks: tuple[Tick, ...] = ()
    period: str = LAST_DAYS


def balance_line(readings: Sequence[BalanceReading], now: float) -> Drawn:
    """The last 30 days, or from the first reading on where there are fewer, and some minutes at least.

    What was read before them counts as the balance of their first moment.
    """
    start = now - DAYS * DAY
    earlier = [reading for reading in readings if reading.at < start]
    shown = [reading for reading in readings if start <= reading.at <= now]
    if not shown:
        return Drawn("Balance: nothing was read in the last 30 days")
    if earlier:
        shown = [BalanceReading(start, earlier[-1].credits), *shown]
    start = min(shown[0].at, now - _SHORTEST)
    marks = tuple(
        Mark((each.at - start) / (now - start), each.credits, format_moment(each.at), credits_words(each.credits))
        for each in _thinned(shown)
    )
    period = _period(start, now)
    first, last = shown[0], shown[-1]
    lowest = min(shown, key=lambda reading: reading.credits)
    summary = (
        f"Balance, {period}: {credits_words(first.credits)} on {format_short_day(first.at)}, "
        f"{credits_words(last.credits)} on {format_short_day(last.at)}"
    )
    if lowest.credits < min(first.credits, last.credits):
        summary += f", lowest {format_credits(lowest.credits)} on {format_short_day(lowest.at)}"
    return Drawn(summary, marks, _ticks(start, now), period)


def run_bars(costs: Sequence[RunCost], now: float) -> Drawn:
    """One bar for each run of the last 30 days, the latest last; of very many the latest."""
    recent = [cost for cost in costs if now - DAYS * DAY <= cost.at <= now]
    shown = recent[-_MOST_RUNS:]
    if not shown:
        return Drawn("Credits by run: no run was measured in the last 30 days")
    marks = tuple(_run_mark(cost, (number + 0.5) / len(shown)) for number, cost in enumerate(shown))
    days = [format_short_day(cost.at) for cost in shown]
    ticks = tuple(
        Tick(mark.at, day) for mark, day, before in zip(marks, days, ["", *days], strict=False) if day != before
    )
    which = "" if len(shown) == len(recent) else f", the latest {len(shown)} of {len(recent):,}"
    last, most = marks[-1], max(marks, key=lambda mark: mark.value)
    summary = f"Credits by run over the last 30 days{which}. Latest: {last.label}, {last.words}"
    return Drawn(f"{summary}; most: {most.label}, {most.words}" if most is not last else summary, marks, ticks)


def day_bars(costs: Sequence[RunCost], now: float) -> Drawn:
    """One bar for each of the last 30 days, in this computer's time zone, today's last."""
    today = datetime.fromtimestamp(now).date()
    days = [today - timedelta(days=before) for before in reversed(range(DAYS))]
    known = {total.day: total for total in totals_by_day(costs) if days[0] <= total.day <= today}
    if not known:
        return Drawn("Credits by day: no run was measured in the last 30 days")
    marks = tuple(_day_mark(day, number, known.get(day)) for number, day in enumerate(days))
    ticks = tuple(
        Tick((number + 0.5) / DAYS, "today" if day == today else format_short_day(_noon(day)))
        for number, day in enumerate(days)
        if (today - day).days % _DAYS_BETWEEN_TICKS == 0
    )
    spent, runs = sum(total.credits for total in known.values()), sum(total.runs for total in known.values())
    most = max(known, key=lambda day: known[day].credits)
    summary = (
        f"Credits by day over the last 30 days: {credits_words(spent)} for {plural(runs, 'run')}, "
        f"most on {format_short_day(_noon(most))} with {format_credits(known[most].credits)}"
    )
    return Drawn(summary, marks, ticks)


def agent_shares(costs: Sequence[RunCost], now: float) -> tuple[str, tuple[Share, ...]]:
    """A sentence with the numbers, and the agents of the last 30 days, the one that took most first."""
    totals = totals_by_agent(cost for cost in costs if now - DAYS * DAY <= cost.at <= now)
    shares = tuple(Share(total.agent or _UNNAMED, total.credits, _amount(total)) for total in totals)
    if not shares:
        return "Credits by agent: no run was measured in the last 30 days", ()
    told = "; ".join(f"{share.name}: {share.amount.replace(' · ', ' for ')}" for share in shares)
    return f"Credits by agent over the last 30 days. {told}", shares


def _amount(total: AgentTotal | DayTotal) -> str:
    return f"{_about(total)} · {plural(total.runs, 'run')}"


def _about(cost: AgentTotal | DayTotal | RunCost) -> str:
    return f"{'about ' if cost.approximate else ''}{credits_words(cost.credits)}"


def _run_mark(cost: RunCost, at: float) -> Mark:
    return Mark(at, cost.credits, f"{cost.agent or _UNNAMED}, {format_moment(cost.at)}", _about(cost))


def _day_mark(day: date, number: int, total: DayTotal | None) -> Mark:
    words = _amount(total) if total is not None else "no run"
    return Mark((number + 0.5) / DAYS, total.credits if total is not None else 0.0, format_short_day(_noon(day)), words)


def _noon(day: date) -> float:
    return datetime.combine(day, time(12)).timestamp()


def _thinned(readings: Sequence[BalanceReading]) -> list[BalanceReading]:
    """At most some hundred, the first and the last among them; of each piece the last."""
    if len(readings) <= _MOST_POINTS:
        return list(readings)
    piece = len(readings) / _MOST_POINTS
    kept = [readings[int((number + 1) * piece) - 1] for number in range(_MOST_POINTS)]
    return [readings[0], *kept[:-1], readings[-1]]


def _period(start: float, now: float) -> str:
    if now - start >= (DAYS - 1) * DAY:
        return LAST_DAYS
    if now - start <= _SHORTEST:
        return f"last {_SHORTEST / 60:.0f} minutes"
    if now - start <= DAY:
        return f"since {format_time(start)}"
    return f"since {format_short_day(start)}"


def _ticks(start: float, now: float) -> tuple[Tick, ...]:
    """Some four or five days, or times of one day, and now."""
    span = now - start
    step = next((days for days, least in _TICKS if span >= least * DAY), 0)
    if not step:
        past = [(at, format_time(at)) for at in _round_times(start, now)]
        return tuple(Tick((at - start) / span, text) for at, text in [*past, (now, "now")])
    today = datetime.fromtimestamp(now).date()
    noons = [_noon(today - timedelta(days=before)) for before in reversed(range(step, DAYS, step))]
    past = [(at, format_short_day(at)) for at in noons if at > start]
    return tuple(Tick((at - start) / span, text) for at, text in [*past, (now, "today")])


def _round_times(start: float, now: float) -> list[float]:
    """Some full hours or minutes between, in this computer's time zone, none of them close to now."""
    step = next((step for step in _STEPS if now - start >= _FEWEST_STEPS * step), _STEPS[-1])
    midnight = datetime.combine(datetime.fromtimestamp(start).date(), time()).timestamp()
    first = int((start - midnight) // step) + 1
    last = int((now - _ROOM * (now - start) - midnight) // step)
    return [midnight + number * step for number in range(first, last + 1)]
