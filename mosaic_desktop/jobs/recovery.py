"""What becomes of each row when the application starts. A killed process and a normal quit take this same path."""

from collections.abc import Iterator
from dataclasses import replace

from mosaic_desktop.core.asset import SENDING_ASSET_STATES, Asset, AssetState, Keeps
from mosaic_desktop.core.errors import Code
from mosaic_desktop.core.output import BUSY_OUTPUT_STATES, Output, OutputState
from mosaic_desktop.core.ports import Recorded
from mosaic_desktop.core.run import Run, RunState
from mosaic_desktop.jobs.reasons import says
from mosaic_desktop.jobs.setbacks import unsent


def recover(recorded: Recorded) -> Recorded:
    """Rows as the engine takes them up. Steps that can be repeated wait; one that may have been paid does not."""
    return Recorded(
        assets=tuple(taken_up(asset) for asset in recorded.assets),
        runs=tuple(_run(run) for run in recorded.runs),
        outputs=tuple(_output(output) for output in recorded.outputs),
    )


def portions(recorded: Recorded, count: int) -> Iterator[Recorded]:
    """At most ``count`` rows at a time, assets before what refers to them."""
    for start in range(0, len(recorded.assets), count):
        yield Recorded(assets=recorded.assets[start : start + count])
    for start in range(0, len(recorded.runs), count):
        yield Recorded(runs=recorded.runs[start : start + count])
    for start in range(0, len(recorded.outputs), count):
        yield Recorded(outputs=recorded.outputs[start : start + count])


def taken_up(asset: Asset) -> Asset:
    """What was being done to ``asset`` ended with its process, or when it was taken out of the queue."""
    state = AssetState.QUEUED if asset.state in SENDING_ASSET_STATES else asset.state
    if asset.content_sent or asset.keeps is Keeps.ACROSS_RESTARTS:
        kept = asset.bytes_done if asset.content_sent else asset.bytes_kept
        return replace(asset, state=state, bytes_done=kept)
    if state is AssetState.READY:
        return asset
    return replace(unsent(asset), state=state)


def _run(run: Run) -> Run:
    if run.state is RunState.STARTING:
        return replace(run, state=RunState.UNCONFIRMED)
    if run.state is RunState.WAITING:  # what it waited for is found out anew, but for the hold that the user ends
        return replace(run, attempt=0, problem=run.problem if says(run, Code.NO_CREDITS) else None)
    return run


def _output(output: Output) -> Output:
    if output.state not in BUSY_OUTPUT_STATES:
        return output
    done = output.bytes_done if output.path is not None else output.bytes_kept
    return replace(output, state=OutputState.WAITING, attempt=0, bytes_done=done)
