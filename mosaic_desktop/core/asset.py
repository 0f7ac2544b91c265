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
    COMPARING = "comparing"  # looks like a file that was sent before; is being read to see whether it is the same
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
        _S.QUEUED: {
            _S.COMPARING,
            _S.SIGNING,
            _S.UPLOADING,
            _S.FINALIZING,
            _S.PAUSED,
            _S.CANCELLED,
            _S.FAILED,
            _S.PROBING,
        },
        _S.COMPARING: {_S.READY, _S.QUEUED, _S.SIGNING, _S.PAUSED, _S.CANCELLED, _S.FAILED},
        _S.SIGNING: {_S.UPLOADING, _S.QUEUED, _S.PAUSED, _S.CANCELLED, _S.FAILED},
        _S.UPLOADING: {_S.FINALIZING, _S.SIGNING, _S.QUEUED, _S.PAUSED, _S.CANCELLED, _S.FAILED},
        _S.FINALIZING: {_S.READY, _S.QUEUED, _S.PAUSED, _S.CANCELLED, _S.FAILED},
        _S.READY: {_S.QUEUED},
        _S.PAUSED: {_S.QUEUED, _S.PROBING, _S.CANCELLED},
        _S.FAILED: {_S.QUEUED, _S.PROBING, _S.CANCELLED},
        _S.CANCELLED: {_S.QUEUED, _S.PROBING, _S.PAUSED},
    }
)

BUSY_ASSET_STATES = frozenset({_S.PROBING, _S.QUEUED, _S.COMPARING, _S.SIGNING, _S.UPLOADING, _S.FINALIZING})
SENDING_ASSET_STATES = frozenset({_S.COMPARING, _S.SIGNING, _S.UPLOADING, _S.FINALIZING})


class Keeps(StrEnum):
    """What is left of an upload that stops now."""

    NOTHING = "nothing"  # a plain signed PUT starts over
    UNTIL_EXIT = "until_exit"  # a session that no keyring holds: good for as long as the application runs
    ACROSS_RESTARTS = "across_restarts"  # a session in the keyring: goes on after a crash or a reboot too


@dataclass(frozen=True, slots=True)
class Asset:
    """A snapshot of one row; only the engine replaces it.

    ``path`` is None for a link, whose ``link`` is the address the user gave. ``size`` and ``bytes_done``: bytes.
    ``rate``: bytes a second; ``eta``: seconds left; both None until enough was measured. ``created_at``: seconds since
    the epoch. ``position``: sort key of the queue. ``video_id`` is the service's id of an upload that is under way;
    ``file_id`` (contract: file id) exists once the service has confirmed. ``content_sent``: all bytes of ``video_id``
    are in storage, so that only finalize is left.

    ``bytes_kept`` are those that the storage confirmed to hold for ``keeps``. ``sample`` tells files apart at a glance
    (size, beginning and end); ``content`` is the hash of every byte, known once it was sent or compared.
    ``reused_from`` names the earlier upload whose file id serves this row too. ``subfolder``: where it lay below the
    folder that was dropped.
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
    keeps: Keeps = Keeps.NOTHING
    bytes_kept: int = 0
    sample: str | None = None
    content: str | None = None
    reused_from: str | None = None
    subfolder: Path | None = None
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
