"""An output: a video that a run produced, on its way to the user's disk. A tile of the Outputs page."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NewType

from mosaic_desktop.core.errors import Problem
from mosaic_desktop.core.run import RunId
from mosaic_desktop.core.states import Transitions
from mosaic_desktop.core.video import MediaInfo

OutputId = NewType("OutputId", str)


class OutputState(StrEnum):
    WAITING = "waiting"  # waits for a free download slot, or for the next try
    DOWNLOADING = "downloading"
    PAUSED = "paused"  # what arrived stays in the partial file
    SAVED = "saved"  # whole, checked and under its final name
    FAILED = "failed"
    CANCELLED = "cancelled"


_S = OutputState
OUTPUT_TRANSITIONS = Transitions[OutputState](
    {
        _S.WAITING: {_S.DOWNLOADING, _S.PAUSED, _S.FAILED, _S.CANCELLED},
        _S.DOWNLOADING: {_S.SAVED, _S.WAITING, _S.PAUSED, _S.FAILED, _S.CANCELLED},
        _S.PAUSED: {_S.WAITING, _S.CANCELLED},
        _S.SAVED: {_S.WAITING},
        _S.FAILED: {_S.WAITING, _S.CANCELLED},
        _S.CANCELLED: {_S.WAITING},
    }
)

BUSY_OUTPUT_STATES = frozenset({_S.WAITING, _S.DOWNLOADING})


@dataclass(frozen=True, slots=True)
class Output:
    """A snapshot of one output; only the engine replaces it.

    ``key`` tells the outputs of one run apart (the service's node and file id). ``size``: bytes announced, 0 where
    unknown; ``duration``: seconds announced. ``folder`` is the user's choice at the time of the run; ``part`` the
    partial file until the output is whole; ``path`` the finished file. ``etag`` is the storage's validator for the
    partial file and ``bytes_kept`` how much of it is flushed to disk: with both, a broken download goes on (RFC 9110,
    If-Range).
    """

    id: OutputId
    run_id: RunId
    key: str
    name: str
    folder: Path
    node_id: str = ""
    state: OutputState = OutputState.WAITING
    size: int = 0
    duration: float | None = None
    part: Path | None = None
    path: Path | None = None
    media: MediaInfo | None = None
    thumbnail: Path | None = None
    bytes_done: int = 0
    bytes_kept: int = 0
    etag: str | None = None
    rate: float | None = None
    eta: float | None = None
    attempt: int = 0
    problem: Problem | None = None
    created_at: float = 0.0
    finished_at: float | None = None
    revision: int = 0

    @property
    def file_name(self) -> str:
        """What the file is called: the name that was to be had, or the one beside it that was still free."""
        return self.path.name if self.path is not None else self.name

    @property
    def per_mille(self) -> int | None:
        if self.state is OutputState.SAVED:
            return 1000
        return min(999, self.bytes_done * 1000 // self.size) if self.size else None
