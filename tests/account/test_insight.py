"""What readings and costs tell, and what they do not."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosaic_desktop.account.insight import (
    DAY_SECONDS,
    AgentTotal,
    DayTotal,
    costs_csv,
    crossed_threshold,
    estimate,
    forecast,
    readings_csv,
    totals_by_agent,
    totals_by_day,
)
from mosaic_desktop.core.account import BalanceReading, Estimate, RunCost
from mosaic_desktop.core.asset import AssetId
from mosaic_desktop.core.run import Run, RunId, RunSpec

NOW = 1_700_000_000.0
TALK = Run(RunId("run"), AssetId("video"), RunSpec(agent_id="reframe"), "talk.mp4", remote_id="7f3a")


def cost(
    credits: float, agent: str = "Reframe", seconds: float | None = 60.0, *, rough: bool = False, at: float = NOW
) -> RunCost:
    return RunCost("run", agent, seconds, credits, rough, at)


def readings(*pairs: tuple[float, float]) -> tuple[BalanceReading, ...]:
    """Pairs of days ago and credits."""
    return tuple(BalanceReading(NOW - days * DAY_SECONDS, credits) for days, credits in pairs)


def test_an_estimate_is_the_range_of_the_last_five_runs_like_this() -> None:
    costs = [cost(credits) for credits in (999, 40, 55, 45, 50, 41)]
    assert estimate(costs, "Reframe", 60.0) == Estimate(40, 55, 5)


@pytest.mark.parametrize(("seconds", "known"), [(30.0, True), (120.0, True), (29.0, False), (121.0, False)])
def test_an_estimate_is_of_videos_of_about_this_length(seconds: float, known: bool) -> None:
    assert (estimate([cost(40)], "Reframe", seconds) is not None) is known


def test_an_estimate_is_not_invented() -> None:
    assert estimate([], "Reframe", 60.0) is None
    assert estimate([cost(40, "Captions")], "Reframe", 60.0) is None
    assert estimate([cost(40)], "Reframe", None) is None
    assert estimate([cost(40, seconds=None)], "Reframe", 60.0) is None
    assert estimate([cost(40, seconds=0.0)], "Reframe", 0.0) is None
    assert estimate([cost(0)], "Reframe", 60.0) is None, "a failed run tells nothing"


def test_an_estimate_prefers_what_was_measured_alone() -> None:
    assert estimate([cost(40), cost(400, rough=True)], "Reframe", 60.0) == Estimate(40, 40, 1)
    assert estimate([cost(400, rough=True)], "Reframe", 60.0) == Estimate(400, 400, 1)


def test_a_forecast_goes_by_what_was_used() -> None:
    found = forecast(readings((10, 1000), (5, 750), (0, 500)), NOW)
    assert found is not None
    assert found.days == pytest.approx(10)
    assert found.seconds_left / DAY_SECONDS == pytest.approx(10)


def test_a_forecast_leaves_top_ups_out() -> None:
    found = forecast(readings((10, 300), (5, 50), (4.9, 1050), (0, 800)), NOW)
    assert found is not None
    assert found.seconds_left / DAY_SECONDS == pytest.approx(16)


def test_a_forecast_counts_from_now() -> None:
    found = forecast(readings((4, 300), (2, 200)), NOW)
    assert found is not None
    assert found.seconds_left / DAY_SECONDS == pytest.approx(2)
    gone = forecast(readings((12, 300), (8, 100)), NOW)
    assert gone is not None
    assert gone.seconds_left == 0


@pytest.mark.parametrize(
    "few",
    [(), ((1, 100),), ((0.5, 100), (0, 50)), ((10, 100), (0, 100)), ((10, 100), (0, 500)), ((60, 500), (40, 100))],
    ids=["none", "one", "half a day", "nothing used", "only topped up", "long ago"],
)
def test_there_is_no_forecast_where_there_is_too_little(few: tuple[tuple[float, float], ...]) -> None:
    assert forecast(readings(*few), NOW) is None


@pytest.mark.parametrize(
    ("before", "after", "crossed"),
    [
        (1500, 900, 1000),
        (1500, 1000, None),
        (1000, 999, 1000),
        (1500, 50, 100),
        (900, 800, None),
        (900, 99.5, 100),
        (50, 2000, None),
        (None, 50, None),
    ],
)
def test_a_threshold_is_crossed_downward_once(before: float | None, after: float, crossed: float | None) -> None:
    assert crossed_threshold(before, after, (1000, 100)) == crossed


def test_totals() -> None:
    zone = timezone(timedelta(hours=10))
    late = 1_700_056_800.0  # 2023-11-15 14:00 UTC, already the next day in that zone
    costs = [cost(10), cost(30, "Captions", at=late), cost(15, rough=True)]
    assert totals_by_agent(costs) == (AgentTotal("Captions", 30, 1, False), AgentTotal("Reframe", 25, 2, True))
    assert totals_by_day(costs, zone) == (
        DayTotal(date(2023, 11, 15), 25, 2, True),
        DayTotal(date(2023, 11, 16), 30, 1, False),
    )


def test_a_table_of_readings() -> None:
    table = readings_csv((BalanceReading(NOW, 1000), BalanceReading(NOW + 1, 99.5)))
    assert table == "Time (UTC),Credits\r\n2023-11-14 22:13:20,1000\r\n2023-11-14 22:13:21,99.5\r\n"


def test_a_table_of_costs_is_quoted_where_it_must_be() -> None:
    costs = (cost(40, 'Prompt: “cut, "fast"”\nplease', rough=True), cost(-2.5, seconds=None))
    table = costs_csv(costs, lambda _: TALK)
    assert table.splitlines()[0] == "Ended (UTC),Video,Agent,Video seconds,Credits,Approximate,Run"
    assert 'talk.mp4,"Prompt: “cut, ""fast""”\nplease",60,40,yes,7f3a\r\n' in table
    assert table.endswith(",talk.mp4,Reframe,,-2.5,no,7f3a\r\n")


def test_a_run_has_the_id_that_people_see_or_none() -> None:
    found: list[str] = []

    def run_of(run_id: RunId) -> Run | None:
        found.append(run_id)
        return None

    table = costs_csv((cost(40),), run_of)
    assert found == ["run"]
    assert table.endswith(",,Reframe,60,40,no,\r\n")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_name_is_no_formula(name: str) -> None:
    rows = list(
        csv.reader(io.StringIO(costs_csv((cost(1, name),), lambda _: replace(TALK, asset_name=name)), newline=""))
    )
    assert rows[1][1:3] == [f"'{name}"] * 2


@given(st.text())
def test_every_name_comes_back(name: str) -> None:
    if "\0" in name or not name.isprintable():
        return
    rows = list(
        csv.reader(io.StringIO(costs_csv((cost(1, name),), lambda _: replace(TALK, asset_name=name)), newline=""))
    )
    assert [text.removeprefix("'") for text in rows[1][1:3]] == [name.removeprefix("'")] * 2
