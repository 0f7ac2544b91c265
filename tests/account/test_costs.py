"""What a run cost, by what the balance was before and after it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosaic_desktop.account.costs import Stretch, measured
from mosaic_desktop.core.account import BalanceReading, RunCost

DAY = 86_400.0


def run(name: str, begun: float, ended: float | None, seconds: float | None = 60.0, *, failed: bool = False) -> Stretch:
    return Stretch(name, "Reframe", seconds, begun, ended, is_failed=failed)


def readings(*pairs: tuple[float, float]) -> tuple[BalanceReading, ...]:
    return tuple(BalanceReading(at, credits) for at, credits in pairs)


def credits_of(cost: RunCost | None) -> tuple[float, bool]:
    assert cost is not None
    return cost.credits, cost.approximate


def test_a_run_alone_is_measured_exactly() -> None:
    one = run("1", 10, 20)
    found = measured(one, [one], readings((0, 500), (5, 100), (12, 60), (15, 60), (21, 60), (99, 10)))
    assert found == RunCost("1", "Reframe", 60.0, 40, False, 20)


@pytest.mark.parametrize(
    "seen",
    [(), ((5, 100),), ((12, 60), (21, 60)), ((5, 100), (12, 60)), ((10 - 2 * DAY, 100), (21, 60))],
    ids=["nothing", "only before", "none before", "none after", "long before"],
)
def test_without_a_reading_on_either_side_there_is_no_cost(seen: tuple[tuple[float, float], ...]) -> None:
    one = run("1", 10, 20)
    assert measured(one, [one], readings(*seen)) is None


def test_a_run_that_goes_on_has_no_cost_yet() -> None:
    one = run("1", 10, None)
    assert measured(one, [one], readings((5, 100), (30, 60))) is None


def test_a_start_whose_fate_is_unknown_has_no_cost() -> None:
    one = Stretch("1", "Reframe", 60.0, 10, 11, is_measurable=False)
    assert measured(one, [one], readings((5, 100), (30, 60))) is None


def test_a_failed_run_may_cost_nothing() -> None:
    one = run("1", 10, 20, failed=True)
    assert credits_of(measured(one, [one], readings((5, 100), (12, 60), (21, 100)))) == (0, False)
    assert credits_of(measured(one, [one], readings((5, 100), (12, 60), (21, 90)))) == (10, False)


def test_what_is_paid_in_does_not_count() -> None:
    one = run("1", 10, 20)
    assert credits_of(measured(one, [one], readings((5, 100), (12, 60), (15, 1060), (21, 1055)))) == (45, True)
    assert measured(one, [one], readings((5, 100), (21, 1060))) is None, "nobody can tell"
    failed = run("1", 10, 20, failed=True)
    assert credits_of(measured(failed, [failed], readings((5, 100), (12, 60), (21, 1100)))) == (40, True)


def test_a_reading_from_long_before_makes_it_approximate() -> None:
    one = run("1", 10_000, 10_020)
    assert credits_of(measured(one, [one], readings((0, 100), (10_021, 60)))) == (40, True)


def test_runs_at_the_same_time_share_what_they_cost_together() -> None:
    both = [run("1", 10, 20, 60.0), run("2", 11, 25, 30.0)]
    seen = readings((5, 190), (30, 100))
    assert credits_of(measured(both[0], both, seen)) == (60, True)
    assert credits_of(measured(both[1], both, seen)) == (30, True)


def test_where_a_length_is_unknown_they_share_evenly() -> None:
    both = [run("1", 10, 20, 60.0), run("2", 11, 25, None)]
    assert credits_of(measured(both[0], both, readings((5, 190), (30, 100)))) == (45, True)


def test_a_run_that_only_touches_the_stretch_bears_its_part_of_it() -> None:
    both = [run("1", 10, 20), run("2", 18, 40)]
    seen = readings((5, 200), (12, 160), (25, 100), (45, 100))
    assert credits_of(measured(both[0], both, seen)) == (70, True)
    assert credits_of(measured(both[1], both, seen)) == (30, True)


def test_one_after_the_other_they_are_measured_alone() -> None:
    both = [run("1", 10, 20), run("2", 30, 40)]
    seen = readings((5, 200), (22, 160), (29, 160), (41, 100))
    assert [credits_of(measured(one, both, seen)) for one in both] == [(40, False), (60, False)]


def test_what_a_failed_neighbour_gets_back_is_counted() -> None:
    both = [run("1", 10, 20), run("2", 11, 15, failed=True)]
    seen = readings((5, 200), (12, 120), (16, 160), (21, 160))
    total = sum(credits_of(measured(one, both, seen))[0] for one in both)
    assert total == pytest.approx(40)


@given(st.lists(st.tuples(st.floats(1, 900), st.floats(0, 90)), min_size=1, max_size=6), st.floats(0, 1e6))
def test_costs_add_up_to_what_was_spent(runs: list[tuple[float, float]], spent: float) -> None:
    """All of them between the same two readings."""
    everyone = [run(str(number), begun, begun + took) for number, (begun, took) in enumerate(runs)]
    seen = readings((0, 1e6), (1000, 1e6 - spent))
    costs = [credits_of(measured(one, everyone, seen))[0] for one in everyone]
    assert sum(costs) == pytest.approx(spent, abs=1e-3)
    assert min(costs) >= 0
