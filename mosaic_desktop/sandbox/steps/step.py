"""What a step is given and what it gives back."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mosaic_desktop.sandbox.checksums import Checksums, checksums_of
from mosaic_desktop.sandbox.media.source import open_source
from mosaic_desktop.sandbox.media.thumbnail import write_thumbnail

Report = Callable[..., None]
VIDEO, THUMBNAIL = "video.mp4", "thumbnail.jpg"


@dataclass(frozen=True, slots=True)
class Work:
    """One step on one video. Parameters were checked against the agent's schema and include defaults.

    `automatic` names the parameters that the step should choose from the video itself. `report` takes the share done
    (0 to 1) and, where frames are counted, frames done and frames in all.
    """

    source: Path
    result: Path
    inputs: Mapping[str, Path]
    parameters: Mapping[str, Any]
    automatic: frozenset[str]
    report: Report


@dataclass(frozen=True, slots=True)
class Made:
    """What a step made: nothing to show, or a video with its thumbnail in the result folder."""

    duration_ms: int = 0
    digests: Mapping[str, Checksums] = field(default_factory=dict)

    def to_message(self) -> dict[str, object]:
        names = {"video": VIDEO, "thumbnail": THUMBNAIL} if self.digests else {}
        digests = {name: asdict(sums) for name, sums in self.digests.items()}
        return {**names, "duration_ms": self.duration_ms, "digests": digests}


def finish_video(folder: Path) -> Made:
    """Look at the finished `video.mp4`, add its thumbnail, and describe both."""
    write_thumbnail(folder / VIDEO, folder / THUMBNAIL)
    with open_source(folder / VIDEO) as source:
        duration_ms = round(source.duration * 1000)
    return Made(duration_ms, {name: checksums_of(folder / name) for name in (VIDEO, THUMBNAIL)})
