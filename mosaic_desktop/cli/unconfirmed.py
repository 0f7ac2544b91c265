"""What the user decides about runs of which nobody knows whether they started. Nothing is decided without them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mosaic_desktop.cli.requests import Decision, UsageError
from mosaic_desktop.core.errors import Code
from mosaic_desktop.core.run import Run, RunId, RunState
from mosaic_desktop.jobs.engine import Engine


@dataclass(frozen=True, slots=True)
class Decisions:
    """``adopted``: the service's id for each run that the user found there; ``others``: for all the rest."""

    adopted: Mapping[RunId, str] = field(default_factory=dict)
    others: Decision | None = None

    def carry_out(self, engine: Engine) -> None:
        for run in engine.store.runs():
            if run.state is not RunState.UNCONFIRMED:
                continue
            if (remote_id := self.adopted.get(run.id)) is not None:
                engine.adopt(run.id, remote_id)
            elif self.others is Decision.START_AGAIN:
                engine.start_again(run.id)
            elif self.others is Decision.DROP:
                engine.drop(run.id)


def decisions(run_ids: Iterable[tuple[str, str]], others: Decision | None, runs: Sequence[Run]) -> Decisions:
    """Finds the runs that ``run_ids`` name, among all runs of the data folder.

    Raises UsageError where a name fits no unconfirmed run or several, or an id cannot be that run's.
    """
    taken = {run.remote_id: run for run in runs if run.remote_id}
    adopted: dict[RunId, str] = {}
    for name, remote_id in run_ids:
        run = _unconfirmed(name, runs)
        if run.id in adopted:
            raise UsageError(Code.VALIDATION, f"The run of “{run.asset_name}” is given two ids.")
        if remote_id in taken:
            other = taken[remote_id].asset_name
            raise UsageError(Code.VALIDATION, f"{remote_id} is the run of “{other}” that is known already.")
        adopted[run.id] = remote_id
        taken[remote_id] = run
    return Decisions(adopted, others)


def _unconfirmed(name: str, runs: Sequence[Run]) -> Run:
    unconfirmed = [run for run in runs if run.state is RunState.UNCONFIRMED]
    found = [run for run in unconfirmed if name in (run.id, run.asset_name)]
    if not found:
        raise UsageError(Code.VALIDATION, f"There is no unconfirmed run “{name}”.")
    if len(found) > 1:
        ids = ", ".join(run.id for run in found)
        raise UsageError(Code.VALIDATION, f"“{name}” has several unconfirmed runs. Name one by its own id: {ids}.")
    return found[0]
