"""What a step made, as the worker tells it and the server hears it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mosaic_desktop.sandbox.checksums import Checksums


@dataclass(frozen=True, slots=True)
class MadeVideo:
    """A finished video in the result folder, by file names. `label` tells it from others of the same agent."""

    label: str
    video: str
    thumbnail: str
    duration_ms: int
    video_sums: Checksums
    thumbnail_sums: Checksums


@dataclass(frozen=True, slots=True)
class Made:
    """Videos, or nothing to show. `duration_ms` is that of the source where the step measured it; `remark` is
    about what the step chose by itself, or did not do: sentences, each on a line of its own.
    """

    videos: tuple[MadeVideo, ...] = ()
    duration_ms: int = 0
    remark: str = ""

    def to_message(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_message(cls, message: Mapping[str, Any]) -> "Made":
        return cls(tuple(_video(**video) for video in message["videos"]), message["duration_ms"], message["remark"])


def _video(*, video_sums: Mapping[str, str], thumbnail_sums: Mapping[str, str], **facts: Any) -> MadeVideo:
    return MadeVideo(**facts, video_sums=Checksums(**video_sums), thumbnail_sums=Checksums(**thumbnail_sums))
