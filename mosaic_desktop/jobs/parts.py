"""What the engine reaches the world through, handed on to each of its parts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from mosaic_desktop.core.naming import Naming, mirrored
from mosaic_desktop.core.pace import TransferLimits
from mosaic_desktop.core.ports import Clock, Journal, MediaProbe, MosaicService, SecretStore, Transfers
from mosaic_desktop.core.retry import RetryPolicy


@dataclass(frozen=True, slots=True)
class EngineParts:
    """Built once by the application.

    ``output_folder`` is asked at the time of use, since the user may change it. ``pace``: seconds between two looks at
    a run. ``links`` keeps upload sessions across restarts; None where nothing safe is at hand, upon which they last as
    long as the process. ``naming``: how outputs are called at this time.
    """

    service: MosaicService
    journal: Journal
    transfers: Transfers
    probe: MediaProbe
    clock: Clock
    thumbnails: Path
    output_folder: Callable[[], Path]
    pace: float = 5.0
    naming: Callable[[], Naming] = Naming
    links: SecretStore | None = None
    limits: TransferLimits = field(default_factory=TransferLimits)
    retry: RetryPolicy = field(default_factory=RetryPolicy)

    def folder_for(self, subfolder: Path | None) -> Path:
        """Where the user wants, as of now, what comes of a video that lay in ``subfolder``."""
        return mirrored(self.output_folder(), subfolder if self.naming().mirror_folders else None)
