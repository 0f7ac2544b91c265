"""What a step is given and what it gives back."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mosaic_desktop.sandbox.checksums import checksums_of
from mosaic_desktop.sandbox.made import Made, MadeVideo
from mosaic_desktop.sandbox.media.film import still_of
from mosaic_desktop.sandbox.media.opening import open_source

Report = Callable[..., None]
_HDR = "The video is HDR: its colours stay as they are, in 8 bits."
# PQ and HLG, as ITU-T H.273 numbers them.
_HDR_CURVES = (16, 18)


@dataclass(frozen=True, slots=True)
class Work:
    """One step on one video. Parameters were checked against the agent's schema and include defaults.

    `step` is the node's type, `inputs` are result folders of the nodes before by type. `automatic` names the parameters
    that the step should choose from the video itself. `report` takes the share done (0 to 1) and, where frames are
    counted, frames done and frames in all.
    """

    step: str
    source: Path
    result: Path
    inputs: Mapping[str, Path]
    parameters: Mapping[str, Any]
    automatic: frozenset[str]
    report: Report

    def is_free(self, parameter: str) -> bool:
        """Whether the step chooses this one itself."""
        return parameter in self.automatic

    def write_note(self, name: str, value: object) -> None:
        """Leave what was found out for the nodes behind this one."""
        (self.result / name).write_text(json.dumps(value), encoding="utf-8")

    def note(self, name: str) -> Any:  # noqa: ANN401  what it is, `notes` says
        """What a node before left under this name; None where none did."""
        path = self.file(name)
        return None if path is None else json.loads(path.read_text(encoding="utf-8"))

    def file(self, name: str) -> Path | None:
        """A file of this name that a node before made."""
        found = (folder / name for folder in self.inputs.values())
        return next((path for path in found if path.exists()), None)


def finished(folder: Path, names: Sequence[tuple[str, str]], remark: str = "") -> Made:
    """Look at finished films, given by label and file name. What was done to HDR is added to the remark."""
    looked = [_finished(folder, label, name) for label, name in names]
    is_hdr = any(is_hdr for _, is_hdr in looked)
    return Made(tuple(video for video, _ in looked), remark=f"{remark}\n{_HDR}".strip() if is_hdr else remark)


def _finished(folder: Path, label: str, name: str) -> tuple[MadeVideo, bool]:
    """The video, and whether it is HDR in 8 bits."""
    still = still_of(folder / name)
    with open_source(folder / name) as source:
        duration_ms, context = round(source.duration * 1000), source.video.codec_context
        is_hdr = context.pix_fmt == "yuv420p" and context.color_trc in _HDR_CURVES
    sums = checksums_of(folder / name), checksums_of(still)
    return MadeVideo(label, name, still.name, duration_ms, *sums), is_hdr
