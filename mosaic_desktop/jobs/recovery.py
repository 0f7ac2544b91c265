"""What becomes of each row when the application starts. A killed process and a normal quit take this same path."""

from dataclasses import replace

from mosaic_desktop.core.asset import SENDING_ASSET_STATES, Asset, AssetState
from mosaic_desktop.core.output import Output, OutputState
from mosaic_desktop.core.ports import Recorded
from mosaic_desktop.core.run import Run, RunState


def recover(recorded: Recorded) -> Recorded:
    """Rows as the engine takes them up. Steps that can be repeated wait; one that may have been paid does not."""
    return Recorded(
        assets=tuple(_asset(asset) for asset in recorded.assets),
        runs=tuple(_run(run) for run in recorded.runs),
        outputs=tuple(_output(output) for output in recorded.outputs),
    )


def _asset(asset: Asset) -> Asset:
    if asset.state not in SENDING_ASSET_STATES:
        return asset
    if asset.content_sent:
        return replace(asset, state=AssetState.QUEUED)
    # A plain signed PUT keeps nothing of a half-sent file, so the bytes start over.
    return replace(asset, state=AssetState.QUEUED, bytes_done=0, video_id=None)


def _run(run: Run) -> Run:
    return replace(run, state=RunState.UNCONFIRMED) if run.state is RunState.STARTING else run


def _output(output: Output) -> Output:
    return replace(output, state=OutputState.WAITING) if output.state is OutputState.DOWNLOADING else output
