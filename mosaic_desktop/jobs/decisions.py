"""What the user decides about runs: which are wanted, and what becomes of those that only the user can settle."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

from mosaic_desktop.core.asset import Asset, AssetId
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.run import Run, RunId, RunSpec, RunState
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.spending import Spending
from mosaic_desktop.jobs.store import Store

_ONE_AFTER_THE_OTHER = 1e-6  # seconds; runs start in the order in which they were wanted, also those of one wish
_REMOVED = Problem(Code.VIDEO_REMOVED)


class RunDecisions:
    """``on_wanted``: a run may be started. ``on_begun``: one goes on at the service already."""

    def __init__(
        self,
        parts: EngineParts,
        store: Store,
        spending: Spending,
        on_wanted: Callable[[], None],
        on_begun: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = parts.clock
        self._folder_for = parts.folder_for
        self._spending = spending
        self._on_wanted = on_wanted
        self._on_begun = on_begun

    def want(self, asset_ids: Sequence[AssetId], spec: RunSpec) -> tuple[RunId, ...]:
        """Writes down one intended run per asset. While spending is held, they join what is held."""
        assets = [asset for asset_id in asset_ids if (asset := self._store.asset(asset_id)) is not None]
        made = tuple(self._store.put(self._intended(asset, spec, number)).id for number, asset in enumerate(assets))
        self._on_wanted()
        return made

    def want_with(self, asset: Asset) -> None:
        """The upload of ``asset`` is taken up again: with it the runs that it had taken along when it failed."""
        for run in tuple(self._store.runs_in(RunState.FAILED)):
            if run.asset_id == asset.id and run.remote_id is None and run.problem in (asset.problem, _REMOVED):
                problem = self._spending.problem
                self._store.put(replace(run, state=RunState.WAITING, problem=problem, finished_at=None))

    def again(self, run_id: RunId) -> RunId | None:
        """A second, separately paid run of the same video with the same settings; None if the video is gone."""
        run = self._store.run(run_id)
        if run is None or self._store.asset(run.asset_id) is None:
            return None
        return self.want((run.asset_id,), run.spec)[0]

    def start_again(self, run_id: RunId) -> None:
        """For an unconfirmed run: another call, which may charge twice. Also for a dropped one."""
        run = self._store.run(run_id)
        if run is not None and run.state in {RunState.UNCONFIRMED, RunState.DROPPED}:
            now, problem = self._clock.now(), self._spending.problem
            wanted = replace(run, state=RunState.WAITING, problem=problem, attempt=0, created_at=now, finished_at=None)
            self._store.put(wanted)
            self._on_wanted()

    def adopt(self, run_id: RunId, remote_id: str) -> None:
        """For an unconfirmed run: the user found the run's id."""
        run = self._store.run(run_id)
        if run is not None and run.state is RunState.UNCONFIRMED:
            now = self._clock.now()
            self._store.put(
                replace(run, state=RunState.RUNNING, remote_id=remote_id.strip(), problem=None, started_at=now)
            )
            self._on_begun()

    def drop(self, run_id: RunId) -> None:
        run = self._store.run(run_id)
        if run is not None and run.state in {RunState.WAITING, RunState.UNCONFIRMED}:
            self._store.put(replace(run, state=RunState.DROPPED, problem=None, finished_at=self._clock.now()))
            self._spending.let_go_if_unwanted()

    def _intended(self, asset: Asset, spec: RunSpec, number: int) -> Run:
        return Run(
            RunId(uuid.uuid4().hex),
            asset.id,
            spec,
            asset_name=asset.name,
            folder=self._folder_for(asset.subfolder),
            problem=self._spending.problem,
            created_at=self._clock.now() + number * _ONE_AFTER_THE_OTHER,
        )
