"""Blocking work that changes a file is never left behind half done."""

import asyncio
import threading

import pytest

from mosaic_desktop.jobs.threads import to_the_end
from tests.jobs.rig import until


def test_a_cancelled_caller_stays_until_the_work_has_ended() -> None:
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        may_end.wait(10)
        ended.set()

    async def story() -> None:
        task = asyncio.ensure_future(to_the_end(work))
        await until(begun.is_set)
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0)
        assert not task.done()
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended.is_set()

    asyncio.run(story())


def test_results_and_errors_come_through() -> None:
    def fail() -> None:
        raise OSError("no")

    async def story() -> None:
        assert await to_the_end(max, 1, 2) == 2
        with pytest.raises(OSError, match="no"):
            await to_the_end(fail)

    asyncio.run(story())
