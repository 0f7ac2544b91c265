"""Work over many rows that does not hold up the event loop."""

import asyncio
from collections import deque
from collections.abc import Iterator

from mosaic_desktop.core.tasks import TaskScope

ROWS_A_TURN = 50
"""Rows that may be changed between two turns of the event loop."""


class Turns:
    """One piece of work after the other, in the order in which they were asked for; each step of a piece is a row.

    Work on a few rows is done when ``do`` returns.
    """

    def __init__(self, scope: TaskScope) -> None:
        self._scope = scope
        self._waiting: deque[Iterator[None]] = deque()
        self._runs = False

    def do(self, work: Iterator[None]) -> None:
        self._waiting.append(work)
        if self._runs:
            return
        self._runs = True
        try:
            self._turn()
        finally:
            self._runs = False
        if self._waiting and not self._scope.closed:
            self._runs = True
            self._scope.start(self._rest(), "work on many rows")

    def finish(self) -> None:
        """Does at once what is left: at the end, since what the user asked for holds."""
        while self._waiting:
            self._turn()

    async def _rest(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(0)
                self._turn()
        finally:
            self._runs = False

    def _turn(self) -> None:
        for _ in range(ROWS_A_TURN):
            if not self._waiting:
                return
            work = self._waiting[0]
            try:
                next(work)
            except StopIteration:
                self._take_off(work)
            except BaseException:
                self._take_off(work)
                raise

    def _take_off(self, work: Iterator[None]) -> None:
        """Work may ask for more work, which then stands behind it."""
        self._waiting.remove(work)
