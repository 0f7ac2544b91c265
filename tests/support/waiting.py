"""Waiting for a condition with a deadline, in tests with and without an event loop."""

import asyncio
import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEventLoop

PAUSE = 0.005
PATIENCE = 120.0
"""Seconds for a condition on a machine that is slow and busy with other things; what comes true ends the wait."""


def until(condition: Callable[[], object], timeout: float = PATIENCE) -> None:
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


async def until_async(condition: Callable[[], object], timeout: float = PATIENCE) -> None:
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
