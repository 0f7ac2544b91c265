"""Scopes own their tasks: they end them, name those that will not end, and start nothing afterwards."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from mosaic_desktop.core.asset import Asset, AssetId
from mosaic_desktop.core.events import Events, RowChanged, ServiceReached, What
from mosaic_desktop.core.tasks import TaskScope


def run(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401
    return asyncio.run(work)


def test_closing_cancels_everything() -> None:
    ended: list[str] = []

    async def wait(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    async def work() -> tuple[str, ...]:
        scope = TaskScope("jobs")
        for name in ("a", "b"):
            scope.start(wait(name), name)
        await asyncio.sleep(0)
        late = await scope.aclose()
        assert scope.closed
        return late

    assert run(work()) == ()
    assert sorted(ended) == ["a", "b"]


@pytest.mark.expect_log("jobs: still running after 0.1 s: jobs.stubborn")
def test_a_task_that_will_not_end_is_named() -> None:
    async def work() -> tuple[str, ...]:
        enough = asyncio.Event()

        async def stubborn() -> None:
            while not enough.is_set():
                try:
                    await enough.wait()
                except asyncio.CancelledError:
                    continue

        scope = TaskScope("jobs")
        task = scope.start(stubborn(), "stubborn")
        scope.start(asyncio.sleep(60), "obedient")
        await asyncio.sleep(0)
        late = await scope.aclose(timeout=0.1)
        enough.set()
        await task
        return late

    assert run(work()) == ("jobs.stubborn",)


def test_a_closed_scope_starts_nothing() -> None:
    started: list[str] = []

    async def late() -> None:
        started.append("late")

    async def work() -> None:
        scope = TaskScope("jobs")
        await scope.aclose()
        await scope.aclose()
        with pytest.raises(RuntimeError, match="jobs is closed; late was not started"):
            scope.start(late(), "late")
        await asyncio.sleep(0)

    run(work())
    assert not started


@pytest.mark.expect_log("jobs.bad failed")
def test_an_error_is_told_and_the_others_go_on() -> None:
    told: list[tuple[str, str]] = []

    async def bad() -> None:
        raise ValueError("broken")

    async def good() -> str:
        await asyncio.sleep(0.01)
        return "done"

    async def work() -> str:
        scope = TaskScope("jobs", lambda name, error: told.append((name, str(error))))
        scope.start(bad(), "bad")
        result = await scope.start(good(), "good")
        await scope.aclose()
        return result

    assert run(work()) == "done"
    assert told == [("bad", "broken")]


def test_a_later_search_replaces_the_earlier() -> None:
    async def work() -> list[bool]:
        scope = TaskScope("window")
        tasks = [scope.replace(asyncio.sleep(60), "search") for _ in range(3)]
        other = scope.start(asyncio.sleep(60), "load")
        await asyncio.sleep(0.01)
        states = [task.cancelled() for task in (*tasks, other)]
        await scope.aclose()
        return states

    assert run(work()) == [True, True, False, False]


def test_a_task_may_close_its_own_scope() -> None:
    async def work() -> tuple[str, ...]:
        scope = TaskScope("app")
        other = scope.start(asyncio.sleep(60), "other")
        late = await scope.start(scope.aclose(), "quit")
        assert other.cancelled()
        return late

    assert run(work()) == ()


def test_events_reach_listeners_in_order_until_they_unsubscribe() -> None:
    heard: list[str] = []
    events = Events()
    stop_first = events.subscribe(lambda event: heard.append(f"first {type(event).__name__}"))
    events.subscribe(lambda event: stop_first())
    events.subscribe(lambda event: heard.append(f"last {type(event).__name__}"))
    events.publish(RowChanged(What.ADDED, Asset(AssetId("a"), "x")))
    events.publish(ServiceReached(None))
    stop_first()
    assert heard == ["first RowChanged", "last RowChanged", "last ServiceReached"]
