"""What is left of an upload that stops or fails, how that is told, and when a transfer is tried again. Pure."""

from dataclasses import replace

from mosaic_desktop.core.asset import Asset, AssetState, Keeps
from mosaic_desktop.core.errors import Code, MosaicError
from mosaic_desktop.core.retry import RetryPolicy

_UPLOAD_UNKNOWN = frozenset({Code.NOT_FOUND, Code.VALIDATION, Code.INVALID_STATE})
_BROKE = frozenset({Code.INTERRUPTED, Code.UNREACHABLE, Code.STORAGE})
_OF_NO_MORE_USE = frozenset({Code.LINK_EXPIRED, Code.FILE_CHANGED})  # also a session that the storage does not have
_NOT_SENDING_YET = frozenset({AssetState.QUEUED, AssetState.COMPARING, AssetState.SIGNING})
_SECONDS_TO_NEXT_LOOK_FOR_DISK = 5.0


def stopped(asset: Asset) -> Asset:
    """What is kept where an upload stops: all of it, what a session confirmed, or nothing of a plain signed PUT."""
    still = replace(asset, rate=None, eta=None)
    if asset.content_sent:
        return still
    if asset.keeps is Keeps.NOTHING:
        return replace(still, bytes_done=0, bytes_kept=0, video_id=None)
    return replace(still, bytes_done=asset.bytes_kept)


def unsent(asset: Asset) -> Asset:
    """As if nothing of it had been sent."""
    return stopped(replace(asset, keeps=Keeps.NOTHING, content_sent=False))


def costs_nothing_to_stop(asset: Asset) -> bool:
    if asset.state is AssetState.UPLOADING:
        return asset.keeps is not Keeps.NOTHING or not asset.bytes_done
    return asset.state in _NOT_SENDING_YET


def begins_anew(asset: Asset, error: MosaicError) -> bool:
    """Whether nothing that was sent can be gone on with. The service may know nothing of an upload that was sent whole,
    or never have got all of it.
    """
    return error.code in (_UPLOAD_UNKNOWN if asset.content_sent else _OF_NO_MORE_USE)


def told(asset: Asset, error: MosaicError) -> MosaicError:
    """The error as the row is to say it."""
    if asset.content_sent and error.code in _UPLOAD_UNKNOWN:
        return MosaicError(error.code, error.detail, retryable=asset.attempt < 2, status=error.status)
    broke = error.code in _BROKE and not asset.content_sent
    if broke and asset.keeps is Keeps.NOTHING and asset.bytes_done:
        return MosaicError(Code.STARTS_OVER, str(error), retryable=error.retryable, retry_after=error.retry_after)
    return error


def wait(policy: RetryPolicy, error: MosaicError, attempt: int, jitter: float) -> float | None:
    """Seconds to the next try of an upload or a download, None for none."""
    if error.code == Code.INVALID_KEY:
        return 0.0  # once a key is taken
    seconds = policy.wait(error, attempt, jitter)
    if seconds is not None and error.code == Code.LINK_EXPIRED and attempt == 1:
        return 0.0
    if seconds is not None and error.code == Code.FILE_AWAY:
        return min(seconds, _SECONDS_TO_NEXT_LOOK_FOR_DISK)
    return seconds
