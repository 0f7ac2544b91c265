"""What moves at this moment, in numbers, for the status line and the command line."""

from collections.abc import Iterable
from dataclasses import dataclass

from mosaic_desktop.core.asset import Asset, AssetState
from mosaic_desktop.core.output import Output, OutputState
from mosaic_desktop.core.run import GOING_RUN_STATES, Run


@dataclass(frozen=True, slots=True)
class Activity:
    """Counts of transfers and runs under way; rates in bytes a second."""

    uploads: int = 0
    upload_rate: float = 0.0
    downloads: int = 0
    download_rate: float = 0.0
    runs: int = 0

    @property
    def busy(self) -> bool:
        return bool(self.uploads or self.downloads or self.runs)


def activity(assets: Iterable[Asset], runs: Iterable[Run], outputs: Iterable[Output]) -> Activity:
    sending = [asset for asset in assets if asset.state is AssetState.UPLOADING]
    fetching = [output for output in outputs if output.state is OutputState.DOWNLOADING]
    return Activity(
        uploads=len(sending),
        upload_rate=sum(asset.rate or 0.0 for asset in sending),
        downloads=len(fetching),
        download_rate=sum(output.rate or 0.0 for output in fetching),
        runs=sum(run.state in GOING_RUN_STATES for run in runs),
    )
