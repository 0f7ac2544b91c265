"""Which videos of the queue are checked for the next run, and how many of them a run can be asked for."""

from collections.abc import Iterable

from mosaic_desktop.core.actions import is_runnable
from mosaic_desktop.core.asset import Asset, AssetState
from mosaic_desktop.gui.models.queue_tally import QueueTally


class RunChoice:
    """A check stays when its row goes, in case it comes back. ``tally``: what the checked rows come to; ``runnable``:
    those that a run can be asked for; ``waiting``: those of them whose upload is still under way.
    """

    def __init__(self) -> None:
        self.tally = QueueTally()
        self.runnable = 0
        self.waiting = 0
        self._checked: set[str] = set()

    def __contains__(self, asset_id: object) -> bool:
        return asset_id in self._checked

    def follow(self, old: Asset | None, new: Asset | None) -> bool:
        """A row came (``old`` is None), went (``new`` is None) or changed. Whether that changes what is chosen."""
        asset = new or old
        if asset is None or asset.id not in self._checked:
            return False
        self._follow(old, new)
        return old is None or new is None or is_runnable(old) != is_runnable(new)

    def expect(self, asset_id: str) -> None:
        """A row that is about to come will be checked."""
        self._checked.add(asset_id)

    def check(self, assets: Iterable[Asset], checked: bool) -> set[str]:
        """Of rows that are there. The ids of those that were not so before."""
        changed = {asset.id: asset for asset in assets if (asset.id in self._checked) is not checked}
        for asset in changed.values():
            self._follow(*((None, asset) if checked else (asset, None)))
        if checked:
            self._checked.update(changed)
        else:
            self._checked.difference_update(changed)
        return set(changed)

    def _follow(self, old: Asset | None, new: Asset | None) -> None:
        self.tally.follow(old, new)
        self._count(old, -1)
        self._count(new, 1)

    def _count(self, asset: Asset | None, by: int) -> None:
        if asset is not None and is_runnable(asset):
            self.runnable += by
            self.waiting += by * (asset.state is not AssetState.READY)
