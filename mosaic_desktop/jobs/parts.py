"""What the engine reaches the world through, handed on to each of its parts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from mosaic_desktop.core.ports import Clock, Journal, MediaProbe, MosaicService, Transfers
from mosaic_desktop.core.retry import RetryPolicy


@dataclass(frozen=True, slots=True)
class EngineParts:
    """Built once by the application.

    ``output_folder`` is asked at the time of use, since the user may change it. ``pace``: seconds between two looks at
    a run.
    """

    service: MosaicService
    journal: Journal
    transfers: Transfers
    probe: MediaProbe
    clock: Clock
    thumbnails: Path
    output_folder: Callable[[], Path]
    pace: float = 5.0
    retry: RetryPolicy = field(default_factory=RetryPolicy)
