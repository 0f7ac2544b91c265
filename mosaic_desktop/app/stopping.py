"""Ctrl-C and SIGTERM for commands without a window."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StoppedError(Exception):
    """The user or the system ended the work before it was done. ``name``: the signal."""

    def __init__(self, name: signal.Signals) -> None:
        super().__init__(name)
        self.name = name


async def until_stopped(work: Awaitable[T]) -> T:
    """The result of ``work``. Raises StoppedError once a signal ended it in order; a second one ends the process."""
    task = asyncio.current_task()
    assert task is not None
    heard: list[signal.Signals] = []

    def stop(name: signal.Signals) -> None:
        heard.append(name)
        task.cancel()
        _listen_no_more()

    _listen(stop)
    try:
        return await work
    except asyncio.CancelledError:
        if not heard:
            raise
        raise StoppedError(heard[0]) from None
    finally:
        _listen_no_more()


def _listen(stop: Callable[[signal.Signals], None]) -> None:
    loop = asyncio.get_running_loop()
    for name in _SIGNALS:
        try:
            loop.add_signal_handler(name, stop, name)
        except NotImplementedError:  # Windows
            signal.signal(name, lambda number, _: loop.call_soon_threadsafe(stop, signal.Signals(number)))


def _listen_no_more() -> None:
    """From here on a signal ends the process at once, also while its loop is blocked."""
    for name in _SIGNALS:
        with suppress(NotImplementedError):
            asyncio.get_running_loop().remove_signal_handler(name)
        signal.signal(name, signal.SIG_DFL)
