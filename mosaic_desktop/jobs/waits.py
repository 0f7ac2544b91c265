"""Until when uploads wait: one by itself, those whose folder is away, or all of them."""

from pathlib import Path

from mosaic_desktop.core.asset import Asset, AssetId
from mosaic_desktop.core.errors import Code, MosaicError
from mosaic_desktop.core.ports import Clock
from mosaic_desktop.jobs.reach import holds_for_all


class Waits:
    """What holds for all is tried out by one row, however many there are."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rows: dict[AssetId, float] = {}
        self._folders = dict[Path, float]()
        self._all = 0.0
        self._for_key = False

    def note(self, asset: Asset, error: MosaicError, seconds: float) -> None:
        """``asset`` failed with ``error`` and may be tried again in so many seconds."""
        until = self._clock.monotonic() + seconds
        if error.code == Code.FILE_AWAY and asset.path is not None:
            # Not the row itself too, or one behind it would be tried in its place.
            self._folders[asset.path.parent] = until
            return
        self._rows[asset.id] = until
        if error.code == Code.INVALID_KEY:
            self._for_key = True  # until ``clear``
        elif holds_for_all(error):
            self._all = max(self._all, until)

    def forget(self, asset_id: AssetId) -> None:
        self._rows.pop(asset_id, None)

    def clear(self) -> None:
        self._rows.clear()
        self._folders.clear()
        self._all, self._for_key = 0.0, False

    @property
    def hold_all(self) -> bool:
        return self._for_key or self._all > self._clock.monotonic()

    def hold(self, asset: Asset) -> bool:
        now = self._clock.monotonic()
        if self._rows.get(asset.id, 0.0) > now:
            return True
        if not self._folders or asset.path is None:
            return False
        return self._folders.get(asset.path.parent, 0.0) > now
