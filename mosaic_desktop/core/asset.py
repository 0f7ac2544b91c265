"""An asset: one video of the user's on its way to Mosaic. A row of the upload queue."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NewType

from mosaic_desktop.core.errors import Problem
from mosaic_desktop.core.states import Transitions
from mosaic_desktop.core.video import MediaInfo

AssetId = NewType("AssetId", str)


class AssetState(StrEnum):
    PROBING = "probing"  # being looked into; nothing was sent
    QUEUED = "queued"  # waits for a free upload slot, or for the next try
    SIGNING = "signing"  # get-upload-url is under way
    UPLOADING = "uploading"  # bytes are moving to storage
    FINALIZING = "finalizing"  # all bytes are there; the service has yet to confirm
    READY = "ready"  # the service confirmed: there is a file id
    PAUSED = "paused"
    FAILED = "failed"
    CANCELLED = "cancelled"


_S = AssetState
ASSET_TRANSITIONS = Transitions[AssetState](
    {
        _S.PROBING: {_S.QUEUED, _S.READY, _S.FAILED, _S.PAUSED, _S.CANCELLED},
        _S.QUEUED: {_S.SIGNING, _S.FINALIZING, _S.PAUSED, _S.CANCELLED, _S.FAILED, _S.PROBING},
        _S.SIGNING: {_S.UPLOADING, _S.QUEUED, _S.PAUSED, _S.CANCELLED, _S.FAILED},
        _S.UPLOADING: {_S.FINALIZING, _S.SIGNING, _S.QUEUED, _S.PAUSED, _S.CANCELLED, _S.FAILED},
        _S.FINALIZING: {_S.READY, _S.QUEUED, _S.PAUSED, _S.CANCELLED, _S.FAILED},
        _S.READY: {_S.QUEUED},
        _S.PAUSED: {_S.QUEUED, _S.PROBING, _S.CANCELLED},
        _S.FAILED: {_S.QUEUED, _S.PROBING, _S.CANCELLED},
        _S.CANCELLED: {_S.QUEUED, _S.PROBING},
    }
)

BUSY_ASSET_STATES = frozenset({_S.PROBING, _S.QUEUED, _S.SIGNING, _S.UPLOADING, _S.FINALIZING})
SENDING_ASSET_STATES = frozenset({_S.SIGNING, _S.UPLOADING, _S.FINALIZING})


@dataclass(frozen=True, slots=True)
class Asset:
    """A snapshot of one row; only the engine replaces it.

    ``path`` is None for a link, whose ``link`` is the address the user gave. ``size`` and ``bytes_done``: bytes.
    ``rate``: bytes a second; ``eta``: seconds left; both None until enough was measured. ``created_at``: seconds since
    the epoch. ``position``: sort key of the queue. ``video_id`` is the service's id of an upload that is under way;
    ``file_id`` (contract: file id) exists once the service has confirmed. ``content_sent``: all bytes of ``video_id``
    are in storage, so that only finalize is left.
    """

    id: AssetId
    name: str
    path: Path | None = None
    link: str | None = None
    size: int = 0
    modified_ns: int = 0
    state: AssetState = AssetState.PROBING
    media: MediaInfo | None = None
    thumbnail: Path | None = None
    bytes_done: int = 0
    rate: float | None = None
    eta: float | None = None
    attempt: int = 0
    problem: Problem | None = None
    video_id: str | None = None
    content_sent: bool = False
    file_id: str | None = None
    created_at: float = 0.0
    position: float = 0.0
    revision: int = 0

    @property
    def is_link(self) -> bool:
        return self.path is None

    @property
    def per_mille(self) -> int:
        """Upload progress, 0 to 1000; 1000 only when the service has confirmed."""
        if self.state is AssetState.READY:
            return 1000
        return min(999, self.bytes_done * 1000 // self.size) if self.size else 0
