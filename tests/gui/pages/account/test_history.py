"""What the charts draw."""

from dataclasses import replace

import pytest

from mosaic_desktop.core.account import BalanceReading, RunCost
from mosaic_desktop.gui.pages.account.history import agent_shares, balance_line, day_bars, run_bars

NOW = 1_795_867_200.0  # 28 Nov 2026, 12:00 UTC
DAY = 86_400.0


def cost(number: int, agent: str, credits: float, age: float, approximate: bool = False) -> RunCost:
    return RunCost(f"r{number}", agent, 60.0, credits, approximate, NOW - age)


def test_the_line_begins_with_the_balance_of_before() -> None:
    readings = (BalanceReading(NOW - 40 * DAY, 900), BalanceReading(NOW - 15 * DAY, 700), BalanceReading(NOW, 400))
    line = balance_line(readings, NOW)
    assert [(round(mark.at, 3), mark.value) for mark in line.marks] == [(0, 900), (0.5, 700), (1, 400)]
    assert line.marks[-1].label == "28 Nov, 12:00"
    assert line.marks[-1].words == "400 credits"
    assert line.period == "last 30 days"
    assert line.summary == "Balance, last 30 days: 900 credits on 29 Oct, 400 credits on 28 Nov"


def test_the_sentence_tells_the_lowest_balance_where_it_was_between() -> None:
    readings = (BalanceReading(NOW - 9 * DAY, 900), BalanceReading(NOW - 5 * DAY, 20), BalanceReading(NOW, 1000))
    assert balance_line(readings, NOW).summary.endswith("lowest 20 on 23 Nov")


def test_nothing_that_is_not_known_is_drawn() -> None:
    assert balance_line((), NOW).marks == ()
    assert balance_line((BalanceReading(NOW - 40 * DAY, 900),), NOW).marks == ()
    assert balance_line((BalanceReading(NOW + DAY, 900),), NOW).marks == (), "a clock that was set back"
    assert day_bars((), NOW).marks == ()
    assert run_bars((cost(1, "Reframe", 5, 31 * DAY),), NOW).marks == ()
    assert agent_shares((cost(1, "Reframe", 5, 31 * DAY),), NOW)[1] == ()


def test_many_readings_are_thinned_and_keep_both_ends() -> None:
    readings = tuple(BalanceReading(NOW - 20 * DAY + number * 300, 5000 - number) for number in range(5000))
    line = balance_line(readings, NOW)
    assert 100 < len(line.marks) <= 402
    assert (line.marks[0].value, line.marks[-1].value) == (5000, 1)


@pytest.mark.parametrize(
    ("days", "period", "ticks"),
    [
        (40, "last 30 days", ["31 Oct", "7 Nov", "14 Nov", "21 Nov", "today"]),
        (16, "since 12 Nov", ["14 Nov", "21 Nov", "today"]),
        (8, "since 20 Nov", ["22 Nov", "25 Nov", "today"]),
        (4, "since 24 Nov", ["26 Nov", "today"]),
        (2, "since 26 Nov", ["27 Nov", "today"]),
        (1.2, "since 27 Nov", ["08:00", "12:00", "16:00", "20:00", "00:00", "04:00", "08:00", "now"]),
        (0.1, "since 09:36", ["10:00", "10:30", "11:00", "11:30", "now"]),
        (0.0125, "since 11:42", ["11:45", "11:50", "11:55", "now"]),
        (0.0001, "last 10 minutes", ["11:52", "11:54", "11:56", "11:58", "now"]),
    ],
)
def test_a_short_history_fills_the_chart(days: float, period: str, ticks: list[str]) -> None:
    line = balance_line((BalanceReading(NOW - days * DAY, 9), BalanceReading(NOW, 1)), NOW)
    assert line.period == period
    assert [tick.text for tick in line.ticks] == ticks
    assert line.ticks[-1].at == 1
    assert all(0 <= tick.at <= 1 for tick in line.ticks)
    assert line.marks[0].at == pytest.approx(max(0, 1 - days * DAY / 600), abs=0.001)


def test_every_day_has_a_bar_also_one_without_runs() -> None:
    bars = day_bars((cost(1, "A", 40, 0), cost(2, "A", 2, 60), cost(3, "B", 10, 2 * DAY, True)), NOW)
    assert len(bars.marks) == 30
    assert (bars.marks[-1].value, bars.marks[-1].words) == (42, "42 credits · 2 runs")
    assert (bars.marks[-2].value, bars.marks[-2].words) == (0, "no run")
    assert bars.marks[-3].words == "about 10 credits · 1 run"
    assert bars.summary == ("Credits by day over the last 30 days: 52 credits for 3 runs, most on 28 Nov with 42")


def test_every_run_has_a_bar_that_says_what_it_took() -> None:
    bars = run_bars((cost(1, "Reframe", 40, DAY), cost(2, "Captions", 50, DAY, True), cost(3, "", 1, 0)), NOW)
    assert [(mark.value, mark.label, mark.words) for mark in bars.marks] == [
        (40, "Reframe, 27 Nov, 12:00", "40 credits"),
        (50, "Captions, 27 Nov, 12:00", "about 50 credits"),
        (1, "Unnamed, 28 Nov, 12:00", "1 credit"),
    ]
    assert [tick.text for tick in bars.ticks] == ["27 Nov", "28 Nov"]
    assert bars.summary == (
        "Credits by run over the last 30 days. Latest: Unnamed, 28 Nov, 12:00, 1 credit; "
        "most: Captions, 27 Nov, 12:00, about 50 credits"
    )
    many = run_bars([cost(number, "Reframe", number, 100 - number) for number in range(100)], NOW)
    assert (len(many.marks), many.marks[-1].value) == (60, 99)
    assert many.summary.startswith("Credits by run over the last 30 days, the latest 60 of 100. Latest: Reframe")


def test_agents_are_ordered_by_what_they_took() -> None:
    costs = (cost(1, "Reframe", 40, 0), cost(2, "Captions", 50, DAY), replace(cost(3, "", 1, DAY), approximate=True))
    summary, shares = agent_shares(costs, NOW)
    assert [share.name for share in shares] == ["Captions", "Reframe", "Unnamed"]
    assert shares[2].amount == "about 1 credit · 1 run"
    assert "Captions: 50 credits for 1 run; Reframe: 40 credits for 1 run" in summary
