"""Following jobs to their end: which are still going, which came back, which failed."""

import asyncio
from collections.abc import Iterable, Iterator

from mosaic_desktop.cli.outcome import Failure, Finished, Outcome
from mosaic_desktop.core.asset import BUSY_ASSET_STATES, Asset, AssetId, AssetState
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.events import Event, Refused, ServiceReached, SpendingHeld
from mosaic_desktop.core.output import BUSY_OUTPUT_STATES, Output, OutputState
from mosaic_desktop.core.run import BUSY_RUN_STATES, Run, RunId, RunState
from mosaic_desktop.jobs.engine import Engine

_UNKNOWN = Problem(Code.UNEXPECTED)


class Follower:
    """Hears the engine's events and knows when the followed assets and runs, with their outputs, are over."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._assets: dict[AssetId, None] = {}  # in the order in which they came
        self._runs: dict[RunId, None] = {}
        self._changed = asyncio.Event()
        self._refused: list[Failure] = []
        self._stopped_by: Problem | None = None
        self._held = engine.spending_held.problem
        engine.subscribe(self._on_event)

    def follow(self, assets: Iterable[AssetId] = (), runs: Iterable[RunId] = ()) -> None:
        self._assets.update(dict.fromkeys(assets))
        self._runs.update(dict.fromkeys(runs))
        self._changed.set()

    def follows(self, asset_id: AssetId) -> bool:
        return asset_id in self._assets

    async def until_over(self) -> None:
        """Returns when nothing followed is going on any more, or nothing can go on (a rejected key)."""
        while self._stopped_by is None and self._going():
            self._changed.clear()
            await self._changed.wait()

    def outcome(self) -> Outcome:
        return Outcome.of([Outcome(tuple(self._failures()), tuple(self._finished()))])

    # Inside

    def _failures(self) -> Iterator[Failure]:
        if self._stopped_by is not None:
            yield Failure("", self._stopped_by)
        yield from self._refused
        for asset in self._followed_assets():
            if asset.state is AssetState.FAILED:
                yield Failure(asset.name, asset.problem or _UNKNOWN)
        for run in self._followed_runs():
            if run.state is RunState.UNCONFIRMED:
                yield Failure(run.asset_name, run.problem or _UNKNOWN, unconfirmed=run.id)
            elif (held := self._held_by(run)) is not None:
                yield Failure(run.asset_name, held)
            elif run.state is RunState.FAILED and not self._is_refused(run):
                yield Failure(run.asset_name, run.problem or _UNKNOWN)
        for output in self._outputs():
            if output.state is OutputState.FAILED:
                yield Failure(output.name, output.problem or _UNKNOWN)

    def _is_refused(self, run: Run) -> bool:
        """Whether its file turned out to be no video and left the queue: the refusal has said why."""
        gone = run.problem is not None and run.problem.code == Code.VIDEO_REMOVED
        return gone and any(failure.name == run.asset_name for failure in self._refused)

    def _held_by(self, run: Run) -> Problem | None:
        """Why it waits for the user: for want of credits."""
        return self._held if run.state is RunState.WAITING else None

    def _finished(self) -> Iterator[Finished]:
        for run in self._followed_runs():
            for output in self._engine.outputs_of(run.id):
                if output.state is OutputState.SAVED and output.path is not None:
                    yield Finished(output.path, output, run)

    def _followed_assets(self) -> list[Asset]:
        return [asset for asset_id in self._assets if (asset := self._engine.store.asset(asset_id)) is not None]

    def _followed_runs(self) -> list[Run]:
        return [run for run_id in self._runs if (run := self._engine.store.run(run_id)) is not None]

    def _outputs(self) -> list[Output]:
        return [output for run in self._followed_runs() for output in self._engine.outputs_of(run.id)]

    def _going(self) -> bool:
        return (
            any(asset.state in BUSY_ASSET_STATES for asset in self._followed_assets())
            or any(run.state in BUSY_RUN_STATES and self._held_by(run) is None for run in self._followed_runs())
            or any(output.state in BUSY_OUTPUT_STATES for output in self._outputs())
        )

    def _on_event(self, event: Event) -> None:
        match event:
            case Refused(problem=Problem(code=Code.ALREADY_QUEUED)):
                pass  # the row that is there already is followed instead
            case SpendingHeld(problem=problem):
                self._held = problem
            case Refused(offered=offered, problem=problem):
                self._refused.append(Failure(offered, problem))
            case ServiceReached(problem=Problem(code=Code.INVALID_KEY | Code.FORBIDDEN) as problem):
                self._stopped_by = problem
            case _:
                pass
        self._changed.set()
