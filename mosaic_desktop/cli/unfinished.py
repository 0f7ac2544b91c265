"""What is not over in a journal."""

from dataclasses import dataclass

from mosaic_desktop.core.asset import BUSY_ASSET_STATES, AssetId, AssetState
from mosaic_desktop.core.output import BUSY_OUTPUT_STATES, OutputId, OutputState
from mosaic_desktop.core.ports import Recorded
from mosaic_desktop.core.run import BUSY_RUN_STATES, RunId, RunState


@dataclass(frozen=True, slots=True)
class Unfinished:
    """``runs``: those that go on, that are unconfirmed, or of whose outputs some have not arrived.

    ``stopped_outputs``: what was rendered, and may have been paid for, but could not be fetched or was paused.
    """

    assets: tuple[AssetId, ...]
    runs: tuple[RunId, ...]
    stopped_outputs: tuple[OutputId, ...]

    def __bool__(self) -> bool:
        return bool(self.assets or self.runs)


def unfinished(recorded: Recorded) -> Unfinished:
    """A failed upload or run was settled when it failed; trying it again is a new ``run``."""
    on_the_way = BUSY_ASSET_STATES | {AssetState.PAUSED}
    going = BUSY_RUN_STATES | {RunState.UNCONFIRMED}
    stopped = {OutputState.FAILED, OutputState.PAUSED}
    missing = [output for output in recorded.outputs if output.state in BUSY_OUTPUT_STATES | stopped]
    waited_for = {output.run_id for output in missing}
    return Unfinished(
        assets=tuple(asset.id for asset in recorded.assets if asset.state in on_the_way),
        runs=tuple(run.id for run in recorded.runs if run.state in going or run.id in waited_for),
        stopped_outputs=tuple(output.id for output in missing if output.state in stopped),
    )
