"""A real qasync loop for tests of coroutines."""

import asyncio
import gc
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import pytest
import qasync
from PySide6.QtWidgets import QApplication

T = TypeVar("T")


def pytest_collection_finish() -> None:
    """What was loaded stays to the end; looking through all of it for garbage would take most tests' longest time."""
    gc.collect()
    gc.freeze()


class AsyncRun:
    """Runs coroutines one after the other on one loop; calling it gives back what the coroutine returned."""

    def __init__(self, runner: asyncio.Runner) -> None:
        self._runner = runner
        self.unhandled: list[str] = []
        self.loop.set_exception_handler(self._remember)

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        return self._runner.get_loop()

    def __call__(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    def _remember(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.unhandled.append(f"{context.get('message')}: {context.get('exception')!r}")


@pytest.fixture
def run_async(qapp: QApplication) -> Iterator[AsyncRun]:
    """Call it with a coroutine. A task that raised without anybody awaiting it fails the test."""
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(qapp)) as runner:
        run = AsyncRun(runner)
        yield run
    gc.collect()  # a forgotten task tells of its exception when it is collected
    assert not run.unhandled, f"nobody handled: {run.unhandled}"
