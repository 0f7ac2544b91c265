"""Which upload is next. Pure.

The slots are filled in the order of the queue. While every one of them is taken by a large file, one small file goes
beside them, so that it does not wait for hours behind something huge.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from mosaic_desktop.core.asset import Asset
from mosaic_desktop.core.pace import EXPRESS_BYTES


@dataclass(frozen=True, slots=True)
class Going:
    """An upload that takes a slot. ``size``: bytes."""

    size: int
    sample: str | None = None

    @property
    def is_small(self) -> bool:
        return self.size <= EXPRESS_BYTES


def going(asset: Asset) -> Going:
    return Going(asset.size, asset.sample)


def has_room(busy: Collection[Going], slots: int) -> bool:
    """Whether anything at all may be started beside ``busy``."""
    return len(busy) < slots or (len(busy) == slots and not any(upload.is_small for upload in busy))


def next_upload(waiting: Iterable[Asset], busy: Collection[Going], slots: int) -> Asset | None:
    """``waiting``: in the order of the queue. What looks like a file that is being sent waits, for it may turn out to
    be the same, upon which it need not be sent.
    """
    if not has_room(busy, slots):
        return None
    small_only = len(busy) >= slots
    samples = {upload.sample for upload in busy if upload.sample is not None}
    for asset in waiting:
        if asset.sample not in samples and (not small_only or going(asset).is_small):
            return asset
    return None


def is_overfull(busy: Collection[Going], slots: int) -> bool:
    """Whether more go than may, after the user allowed fewer."""
    small = sum(upload.is_small for upload in busy)
    beside = 1 if small and small < len(busy) else 0
    return len(busy) > slots + beside
