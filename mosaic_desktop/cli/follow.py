"""Following jobs to their end: which are still going, which came back, which failed."""

import asyncio
from collections.abc import Iterable

from mosaic_desktop.core.asset import BUSY_ASSET_STATES, Asset, AssetId
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.events import Event, Refused, RowChanged, ServiceReached
from mosaic_desktop.core.output import BUSY_OUTPUT_STATES, Output, OutputState
from mosaic_desktop.core.run import BUSY_RUN_STATES, Run, RunId, RunState
from mosaic_desktop.jobs.engine import Engine


class Follower:
    """Hears the engine's events and knows when the followed assets and runs, with their outputs, are over."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._assets: set[AssetId] = set()
        self._runs: set[RunId] = set()
        self._changed = asyncio.Event()
        self.refused: list[Refused] = []
        self.stopped_by: Problem | None = None
        engine.subscribe(self._on_event)

    def follow(self, assets: Iterable[AssetId] = (), runs: Iterable[RunId] = ()) -> None:
        self._assets.update(assets)
        self._runs.update(runs)
        self._changed.set()

    async def until_over(self) -> None:
        """Returns when nothing followed is going on any more, or nothing can go on (a rejected key)."""
        while self.stopped_by is None and self._going():
            self._changed.clear()
            await self._changed.wait()

    # Results

    def runs(self) -> list[Run]:
        return [run for run_id in self._runs if (run := self._engine.store.run(run_id)) is not None]

    def assets(self) -> list[Asset]:
        return [asset for asset_id in self._assets if (asset := self._engine.store.asset(asset_id)) is not None]

    def outputs(self) -> list[Output]:
        return [output for run in self.runs() for output in self._engine.outputs_of(run.id)]

    @property
    def all_came_back(self) -> bool:
        return (
            self.stopped_by is None
            and all(run.state is RunState.FINISHED for run in self.runs())
            and all(output.state is OutputState.SAVED for output in self.outputs())
            and all(asset.problem is None for asset in self.assets())
        )

    def _going(self) -> bool:
        return (
            any(asset.state in BUSY_ASSET_STATES for asset in self.assets())
            or any(run.state in BUSY_RUN_STATES for run in self.runs())
            or any(output.state in BUSY_OUTPUT_STATES for output in self.outputs())
        )

    def _on_event(self, event: Event) -> None:
        match event:
            case Refused():
                self.refused.append(event)
            case ServiceReached(problem=Problem(code=Code.INVALID_KEY | Code.FORBIDDEN) as problem):
                self.stopped_by = problem
            case RowChanged() | ServiceReached():
                pass
        self._changed.set()
