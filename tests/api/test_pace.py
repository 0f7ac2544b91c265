"""The pace of requests, in time that passes as fast as it is computed."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mosaic_desktop.api.pace import PAUSE, Pace
from mosaic_desktop.core.errors import Code, ServiceError
from tests.api.test_protocol import FEWER

T = TypeVar("T")


class FastLoop(asyncio.SelectorEventLoop):
    """Jumps to the next timer instead of waiting for it."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 1000.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        due = [timer.when() for timer in self._scheduled if not timer.cancelled()]  # type: ignore[attr-defined]
        if due and not self._ready:  # type: ignore[attr-defined]
            self._now = max(self._now, min(due))
        super()._run_once()  # type: ignore[misc]


def fast(work: Callable[[Callable[[], float]], Coroutine[object, object, T]]) -> T:
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        return runner.run(work(runner.get_loop().time))


def refusal(status: int, retry_after: float | None = None) -> ServiceError:
    return ServiceError(Code.RATE_LIMIT, status=status, retry_after=retry_after)


def busiest_minute(times: list[float]) -> int:
    return max(sum(start <= other < start + 60 for other in times) for start in times)


@settings(FEWER, max_examples=20)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=400))
def test_never_more_than_120_in_any_minute(starts: list[float]) -> None:
    async def drive(clock: Callable[[], float]) -> list[float]:
        pace = Pace(patience=1e6, clock=clock)
        left: list[float] = []

        async def caller(start: float) -> None:
            await asyncio.sleep(start)
            await pace.turn()
            left.append(clock())

        await asyncio.gather(*map(caller, starts))
        return left

    left = fast(drive)
    assert len(left) == len(starts)
    assert busiest_minute(left) <= 120


def test_a_crowd_is_as_fast_as_it_may_be() -> None:
    async def drive(clock: Callable[[], float]) -> list[float]:
        pace = Pace(patience=1e6, clock=clock)
        left = []
        for _ in range(300):
            await pace.turn()
            left.append(clock())
        return left

    left = fast(drive)
    assert 100 <= busiest_minute(left) <= 120
    assert left[19] == left[0]


def test_who_would_wait_too_long_is_told_when_to_come_back() -> None:
    async def drive(clock: Callable[[], float]) -> tuple[int, float]:
        pace = Pace(patience=10, clock=clock)
        began = clock()
        found = await asyncio.gather(*(pace.turn() for _ in range(200)), return_exceptions=True)
        errors = [error for error in found if isinstance(error, ServiceError)]
        assert {error.code for error in errors} == {Code.RATE_LIMIT}
        assert all(error.retryable and (error.retry_after or 0) >= 1 for error in errors)
        return len(found) - len(errors), clock() - began

    passed, took = fast(drive)
    assert 30 <= passed <= 36
    assert took <= 10.1


@pytest.mark.parametrize("status", [429, 503])
def test_nothing_leaves_in_a_pause(status: int) -> None:
    async def drive(clock: Callable[[], float]) -> list[float]:
        pace = Pace(clock=clock)
        began = clock()
        pace.heed(refusal(status, 8))
        pace.heed(refusal(status, 2))  # the answer to an earlier request: the longer pause stays
        left: list[float] = []

        async def caller() -> None:
            await pace.turn()
            left.append(clock() - began)

        await asyncio.gather(*(caller() for _ in range(22)))
        return left

    left = fast(drive)
    assert min(left) >= 8
    assert left[19] == pytest.approx(8, abs=0.01)
    assert left[20] > 8.5


def test_a_pause_that_begins_while_one_waits_for_its_turn() -> None:
    async def drive(clock: Callable[[], float]) -> float:
        pace = Pace(clock=clock)
        began = clock()
        for _ in range(20):
            await pace.turn()

        async def refuse() -> None:
            await asyncio.sleep(0.3)
            pace.heed(refusal(429, 6))

        await asyncio.gather(pace.turn(), refuse())
        return clock() - began

    assert fast(drive) == pytest.approx(6.3, abs=0.01)


def test_a_long_pause_refuses_at_once() -> None:
    async def drive(clock: Callable[[], float]) -> tuple[float, float | None]:
        pace = Pace(clock=clock)
        pace.heed(refusal(429, 60))
        began = clock()
        with pytest.raises(ServiceError) as caught:
            await pace.turn()
        assert caught.value.code == Code.RATE_LIMIT
        pace.heed(caught.value)  # its own refusal does not make it longer
        refused = clock() - began, caught.value.retry_after
        await asyncio.sleep(60)
        await pace.turn()
        return refused

    assert fast(drive) == (0.0, 60.0)


@pytest.mark.parametrize(("error", "seconds"), [(refusal(429), PAUSE), (refusal(503), 0), (refusal(500, 9), 0)])
def test_which_answers_ask_for_a_pause(error: ServiceError, seconds: float) -> None:
    async def drive(clock: Callable[[], float]) -> float:
        pace = Pace(clock=clock)
        pace.heed(error)
        began = clock()
        await pace.turn()
        return clock() - began

    assert fast(drive) == pytest.approx(seconds, abs=0.01)


def test_who_gives_up_takes_no_turn() -> None:
    async def drive(clock: Callable[[], float]) -> float:
        pace = Pace(patience=1e6, clock=clock)
        began = clock()
        for _ in range(20):
            await pace.turn()
        given_up = [asyncio.wait_for(pace.turn(), 0.1) for _ in range(10)]
        found = await asyncio.gather(*given_up, return_exceptions=True)
        assert {type(error) for error in found} == {TimeoutError}
        await pace.turn()
        return clock() - began

    assert fast(drive) < 1
