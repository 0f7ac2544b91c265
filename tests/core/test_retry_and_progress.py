"""When to try again, and what a transfer's speed honestly is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosaic_desktop.core.activity import Activity, activity
from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.errors import Code, LocalFileError, MosaicError, NetworkError, ServiceError
from mosaic_desktop.core.progress import Pace, RateMeter
from mosaic_desktop.core.retry import RetryPolicy
from mosaic_desktop.core.run import Run, RunId, RunSpec, RunState

CUT = NetworkError(Code.INTERRUPTED, seen=True)
jitters = st.floats(0, 1)


def test_waits_grow_to_the_longest_and_then_it_gives_up() -> None:
    waits = [RetryPolicy().wait(CUT, failures, 0.0) for failures in range(1, 10)]
    assert waits == [1, 2, 4, 8, 16, 32, 60, None, None]


@pytest.mark.parametrize("code", [Code.UNREACHABLE, Code.RATE_LIMIT])
def test_a_service_that_is_away_or_asks_for_a_pause_is_waited_for_in_an_open_window(code: Code) -> None:
    passing = ServiceError(code, retryable=True)
    assert RetryPolicy().wait(passing, 8, 0.0) is None
    assert RetryPolicy(patient=True).wait(passing, 800, 0.0) == 60.0
    assert RetryPolicy(patient=True).wait(CUT, 800, 0.0) is None


def test_what_makes_no_sense_again_is_not_tried_again() -> None:
    assert RetryPolicy().wait(LocalFileError(Code.FILE_MISSING), 1, 0.0) is None


@given(st.integers(1, 7), jitters)
def test_jitter_only_shortens_and_never_by_more_than_a_quarter(failures: int, jitter: float) -> None:
    plain, moved = RetryPolicy().wait(CUT, failures, 0.0), RetryPolicy().wait(CUT, failures, jitter)
    assert plain is not None
    assert moved is not None
    assert 0.75 * plain <= moved <= plain


@pytest.mark.parametrize(("asked", "waited"), [(None, 1.0), (0.1, 1.0), (17.0, 17.0), (86_400.0, 600.0), (-5.0, 1.0)])
def test_the_other_sides_wish_counts_within_reason(asked: float | None, waited: float) -> None:
    error = ServiceError(Code.RATE_LIMIT, retryable=True, retry_after=asked)
    assert RetryPolicy().wait(error, 1, 0.0) == waited


def test_errors_know_whether_trying_again_makes_sense() -> None:
    assert CUT.retryable
    assert not MosaicError(Code.SERVER).retryable
    assert MosaicError(Code.SERVER, retryable=True).problem.retryable


# --- Progress ---------------------------------------------------------------------------------------------------------


def test_speed_is_told_once_it_settled() -> None:
    meter = RateMeter()
    assert meter.add(0.0, 0, 1000) == Pace(None, None)
    assert meter.add(0.5, 50, 1000) == Pace(None, None)
    assert meter.add(1.0, 100, 1000) == Pace(100.0, 9.0)


def test_speed_follows_the_last_seconds() -> None:
    meter = RateMeter()
    for second in range(20):
        meter.add(second, 10 * second, 10_000)
    pace = Pace(None, None)
    for second in range(20, 30):
        pace = meter.add(second, 190 + 100 * (second - 19), 10_000)
    assert pace.rate == 100.0
    assert pace.eta == (10_000 - 1190) / 100


def test_a_transfer_that_starts_over_is_never_negative() -> None:
    meter = RateMeter()
    meter.add(0.0, 0, 1000)
    meter.add(2.0, 900, 1000)
    assert meter.add(3.0, 0, 1000) == Pace(None, None)
    assert meter.add(4.0, 10, 1000) == Pace(10.0, 99.0)


def test_a_stall_has_no_end_in_sight() -> None:
    meter = RateMeter()
    for second in range(10):
        pace = meter.add(second, 500, 1000)
    assert pace == Pace(0.0, None)


@given(st.lists(st.tuples(st.floats(0, 10), st.integers(0, 10**12)), max_size=30), st.integers(0, 10**12))
def test_numbers_are_never_negative(steps: list[tuple[float, int]], total: int) -> None:
    meter, now = RateMeter(), 0.0
    for pause, done in steps:
        now += pause
        pace = meter.add(now, done, total)
        assert pace.rate is None or pace.rate >= 0
        assert pace.eta is None or pace.eta >= 0
        assert total or pace.eta is None


def test_progress_is_whole_only_when_the_service_confirmed() -> None:
    asset = Asset(AssetId("a"), "x", size=6_000_000_000, bytes_done=6_000_000_000, state=AssetState.FINALIZING)
    assert asset.per_mille == 999
    assert Asset(AssetId("a"), "x", state=AssetState.READY).per_mille == 1000
    assert Asset(AssetId("a"), "x", state=AssetState.UPLOADING).per_mille == 0
    assert Run(RunId("r"), AssetId("a"), RunSpec(), progress=7.0).per_mille == 1000
    assert Run(RunId("r"), AssetId("a"), RunSpec(), progress=-1.0).per_mille == 0
    assert Run(RunId("r"), AssetId("a"), RunSpec()).per_mille is None


def test_activity_counts_what_moves() -> None:
    assets = [
        Asset(AssetId("a"), "x", state=AssetState.UPLOADING, rate=5.0),
        Asset(AssetId("b"), "x", state=AssetState.UPLOADING),
        Asset(AssetId("c"), "x", state=AssetState.QUEUED, rate=9.0),
    ]
    runs = [Run(RunId(state), AssetId("a"), RunSpec(), state=state) for state in RunState]
    assert activity(assets, runs, []) == Activity(uploads=2, upload_rate=5.0, runs=3)
    assert not activity([], [], []).busy
