"""Pure rules: ranges, spans, limits, prices, tokens."""

import time
from collections.abc import Iterable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mosaic_desktop.sandbox.accounts import Accounts, Caller
from mosaic_desktop.sandbox.agents import Agent, Node
from mosaic_desktop.sandbox.api_keys import ApiKeys
from mosaic_desktop.sandbox.byterange import UnsatisfiableRangeError, parse_range
from mosaic_desktop.sandbox.credits import Credits, started_minutes
from mosaic_desktop.sandbox.database import Database
from mosaic_desktop.sandbox.errors import ApiError
from mosaic_desktop.sandbox.media.timeline import Span, Timeline
from mosaic_desktop.sandbox.rate_limit import RateLimit
from mosaic_desktop.sandbox.run_reports import RunReports
from mosaic_desktop.sandbox.runs import RunRequest, Runs
from mosaic_desktop.sandbox.steps.listening import spans_to_keep
from mosaic_desktop.sandbox.tokens import make_jwt, read_jwt


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(1, 1000))
def test_a_range_lies_within_the_object(first: int, last: int, size: int) -> None:
    try:
        part = parse_range(f"bytes={first}-{last}", size)
    except UnsatisfiableRangeError:
        assert first >= size
        return
    assert part == ((first, min(last + 1, size)) if last >= first else None)


@given(
    st.lists(st.booleans(), max_size=300).map(lambda values: np.array(values, bool)),
    st.floats(0.01, 0.5),
    st.floats(0, 0.5),
)
def test_kept_spans_hold_all_that_is_loud(loud: NDArray[np.bool_], shortest: float, padding: float) -> None:
    duration = loud.size * 0.01
    keep = spans_to_keep(loud, duration, shortest, padding)
    edges = [edge for span in keep for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= edge <= duration for edge in edges)
    for number in np.flatnonzero(loud):
        middle = (number + 0.5) * 0.01
        assert any(start < middle < end for start, end in keep)


def test_a_timeline_closes_the_gaps() -> None:
    spans = [Span(Fraction(1), Fraction(2)), Span(Fraction(5), Fraction(6))]
    timeline = Timeline(spans)
    times = [Fraction(0), Fraction(1), Fraction(3, 2), Fraction(2), Fraction(5), Fraction(11, 2), Fraction(6)]
    moved = [timeline.moved(time) for time in times]
    assert moved == [None, 0, Fraction(1, 2), None, 1, Fraction(3, 2), None]
    assert Timeline(spans).in_samples(48000) == [(48000, 96000), (240000, 288000)]


@pytest.fixture
def caller(database: Database) -> Caller:
    """An account with 20 credits."""
    accounts = Accounts(database, ApiKeys(database, b"secret"), credits=20)
    accounts.welcome("a@example.org")
    return Caller(accounts.get(database.rows("SELECT id FROM accounts")[0]["id"]))


def test_only_three_nodes_of_a_run_are_retried_at_once(database: Database, caller: Caller) -> None:
    credits = Credits(database)
    runs = Runs(database, credits)
    reports = RunReports(database, runs, credits)
    run = runs.create(caller, wish(Node(f"n{i}", f"N{i}", price=1) for i in range(4)), None)
    for node in runs.nodes(run["id"]):
        reports.fail_node(node["id"], "It broke.")
    reports.settle(run["id"])
    *first, last = runs.nodes(run["id"])
    assert [runs.retry(node) for node in first] == [True, True, True]
    assert runs.retry(runs.nodes(run["id"])[0]) is False
    with pytest.raises(ApiError) as refused:
        runs.retry(last)
    assert (refused.value.status, refused.value.code) == (403, "too_many_retries")
    reports.complete_node(first[0]["id"], [], "")
    assert runs.retry(last) is True


def test_each_branch_of_a_run_is_charged_and_given_back_by_itself(database: Database, caller: Caller) -> None:
    credits = Credits(database)
    runs = Runs(database, credits)
    reports = RunReports(database, runs, credits)
    nodes = [Node("a", "A", 1), Node("b", "B", 2), Node("after_a", "A2", 4, ("a",)), Node("after_b", "B2", 8, ("b",))]
    run = runs.create(caller, wish(nodes), 1)
    balances = [credits.balance(caller.account.id)]

    def end(number: int, sentence: str | None) -> None:
        node = runs.nodes(run["id"])[number]
        reports.begin_node(node["id"])
        reports.fail_node(node["id"], sentence) if sentence else reports.complete_node(node["id"], [], "")

    def settle() -> None:
        reports.settle(run["id"])
        balances.append(credits.balance(caller.account.id))

    def retry(number: int) -> None:
        assert runs.retry(runs.nodes(run["id"])[number])
        balances.append(credits.balance(caller.account.id))

    end(0, "It broke.")
    end(1, "It broke.")
    settle()
    retry(0)  # A and what follows it
    end(0, None)
    retry(1)  # B and what follows it, while the run is under way
    end(1, "It broke again.")
    end(2, None)
    settle()
    retry(1)
    end(1, None)
    end(3, None)
    settle()
    assert balances == [5, 20, 15, 5, 15, 5, 5]


def wish(nodes: Iterable[Node]) -> RunRequest:
    return RunRequest(Agent("reframe", "Some", "Some nodes.", tuple(nodes), {}), "agent", "file", "project", {})


def test_a_rate_limit_counts_any_minute_and_forgets() -> None:
    clock = 0.0
    limit = RateLimit(2, 60, lambda: clock)
    limit.count("a")
    clock = 50.0
    limit.count("a")
    assert (limit.wait("a"), limit.wait("b")) == (10, 0)
    clock = 59.5
    assert limit.wait("a") == 1
    clock = 60.0
    assert limit.wait("a") == 0
    limit.count("a")
    assert limit.wait("a") == 50


@pytest.mark.parametrize(
    ("duration_ms", "minutes"), [(None, 1), (0, 1), (1, 1), (60_000, 1), (60_001, 2), (3_600_000, 60)]
)
def test_a_minute_that_began_is_charged(duration_ms: int | None, minutes: int) -> None:
    assert started_minutes(duration_ms) == minutes


@given(st.text())
def test_no_text_is_a_token_by_chance(text: str) -> None:
    assert read_jwt(b"secret", text) is None


def test_a_token_is_read_until_it_expires() -> None:
    good, late = ({"sub": "ü", "exp": moment} for moment in (time.time() + 60, time.time()))
    assert read_jwt(b"secret", make_jwt(b"secret", good)) == good
    assert read_jwt(b"secret", make_jwt(b"secret", late)) is None
    assert read_jwt(b"other", make_jwt(b"secret", good)) is None
