"""Waiting for a condition with a deadline, in tests with and without an event loop."""

import asyncio
import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEventLoop

PAUSE = 0.005


def until(condition: Callable[[], object], timeout: float = 10.0) -> None:
    """Process Qt events until `condition` is true; fail after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not true within {timeout} s: {_name(condition)}")
        if QCoreApplication.instance() is None:
            time.sleep(PAUSE)
        else:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
            time.sleep(PAUSE)


async def until_async(condition: Callable[[], object], timeout: float = 10.0) -> None:
    """Let the running loop work until `condition` is true; fail after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not true within {timeout} s: {_name(condition)}")
        await asyncio.sleep(PAUSE)


def _name(condition: Callable[[], object]) -> str:
    code = getattr(condition, "__code__", None)
    place = f" ({code.co_filename}:{code.co_firstlineno})" if code else ""
    return f"{getattr(condition, '__qualname__', condition)}{place}"
