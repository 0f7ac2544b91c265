"""Saying on the rows of runs why they do not move."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.run import Run, RunState
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.store import Store

_ROWS_AT_ONCE = 100  # between two turns of the event loop


class Reasons:
    """Changes many rows without holding up the event loop, one change after the other."""

    def __init__(self, store: Store, scope: TaskScope) -> None:
        self._store = store
        self._scope = scope
        self._changing = asyncio.Lock()

    def tell(self, problem: Problem, *states: RunState) -> None:
        """Every run that is in one of ``states`` says ``problem``; one that is held for want of credits still is."""
        self._change(lambda run: run if says(run, Code.NO_CREDITS) else replace(run, problem=problem), states)

    def take_back(self, code: str, *states: RunState) -> None:
        """Whatever of ``code`` was said is no longer true."""
        self._change(lambda run: replace(run, problem=None) if says(run, code) else run, states)

    def _change(self, change: Callable[[Run], Run], states: tuple[RunState, ...]) -> None:
        if not self._scope.closed:
            self._scope.start(self._change_all(change, states), "reasons of runs")

    async def _change_all(self, change: Callable[[Run], Run], states: tuple[RunState, ...]) -> None:
        async with self._changing:
            for number, known in enumerate(tuple(self._store.runs_in(*states))):
                if number % _ROWS_AT_ONCE == _ROWS_AT_ONCE - 1:
                    await asyncio.sleep(0)
                run = self._store.run(known.id)
                if run is not None and run.state in states and (changed := change(run)) != run:
                    self._store.put(changed)


def says(run: Run, code: str) -> bool:
    return run.problem is not None and run.problem.code == code
