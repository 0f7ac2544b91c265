"""What a queue comes to as a whole, kept up to date row by row: with thousands of rows nobody counts them anew."""

from collections import Counter

from mosaic_desktop.core.asset import Asset, AssetState

_Kind = tuple[AssetState, bool, bool]


class QueueTally:
    """``count``: rows; ``size``: their bytes."""

    def __init__(self) -> None:
        self.count = 0
        self.size = 0
        self._of_kind: Counter[_Kind] = Counter()
        self._samples: dict[_Kind, Asset] = {}

    def follow(self, old: Asset | None, new: Asset | None) -> None:
        """A row came (``old`` is None), went (``new`` is None) or changed."""
        if old is not None:
            self._count(old, -1)
        if new is not None:
            self._count(new, 1)
            self._samples[kind_of(new)] = new

    def samples(self) -> tuple[Asset, ...]:
        """One asset for each kind that there is; what can be done to an asset depends on its kind alone."""
        return tuple(self._samples[kind] for kind, count in self._of_kind.items() if count)

    def _count(self, asset: Asset, by: int) -> None:
        self.count += by
        self.size += by * asset.size
        self._of_kind[kind_of(asset)] += by


def kind_of(asset: Asset) -> _Kind:
    """What decides on the actions that an asset is open to."""
    return asset.state, asset.path is None, asset.reused_from is None
