"""Going on with uploads that stopped: their files are looked at first, since they may have changed meanwhile."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.errors import LocalFileError
from mosaic_desktop.jobs import files
from mosaic_desktop.jobs.store import Store

_STOPPED = frozenset({AssetState.PAUSED, AssetState.FAILED, AssetState.CANCELLED})
_FILES_AT_ONCE = 50


class Resuming:
    """``anew`` makes an upload begin from nothing; ``look_into`` begins probing; ``pump`` starts what may start.
    ``on_again`` hears of each upload that is on its way again, as it was before.
    """

    def __init__(
        self,
        store: Store,
        anew: Callable[[Asset], Asset],
        look_into: Callable[[AssetId], None],
        pump: Callable[[], None],
        on_again: Callable[[Asset], None],
    ) -> None:
        self._store = store
        self._anew = anew
        self._look_into = look_into
        self._pump = pump
        self._on_again = on_again
        self._wanted: dict[AssetId, None] = {}

    def want(self, asset_ids: Iterable[AssetId]) -> None:
        """From here on ``forget`` counts; ``take_up`` does it."""
        self._wanted.update((asset_id, None) for asset_id in asset_ids if self._stopped(asset_id) is not None)

    def is_wanted(self, asset_id: AssetId) -> bool:
        return asset_id in self._wanted

    def forget(self, asset_id: AssetId) -> None:
        """The user decided otherwise in the meantime."""
        self._wanted.pop(asset_id, None)

    def forget_all(self) -> None:
        self._wanted.clear()

    async def take_up(self) -> None:
        """Returns when all that are wanted are on their way again, or say why they cannot be."""
        while self._wanted:
            batch = list(islice(self._wanted, _FILES_AT_ONCE))
            paths = [asset.path if (asset := self._stopped(asset_id)) else None for asset_id in batch]
            found = await asyncio.to_thread(files.looks_at, paths)
            for asset_id, fact in zip(batch, found, strict=True):
                if asset_id in self._wanted:
                    self.forget(asset_id)
                    if fact is not None:
                        self._take_up(asset_id, fact)
            self._pump()

    def _stopped(self, asset_id: AssetId) -> Asset | None:
        asset = self._store.asset(asset_id)
        return None if asset is None or asset.path is None or asset.state not in _STOPPED else asset

    def _take_up(self, asset_id: AssetId, found: files.FileFacts | LocalFileError) -> None:
        asset = self._stopped(asset_id)
        if asset is None:
            return
        if isinstance(found, LocalFileError):
            if asset.state is not AssetState.PAUSED:
                self._store.put(replace(asset, problem=found.problem))
                return
            found = files.FileFacts(asset.size, asset.modified_ns)  # the upload itself will say what is wrong
        self._on_again(asset)
        fresh = replace(asset, size=found.size, modified_ns=found.modified_ns, problem=None, attempt=0)
        if (found.size, found.modified_ns) == (asset.size, asset.modified_ns) and asset.media is not None:
            self._store.put(replace(fresh, state=AssetState.QUEUED))
        else:
            anew = self._anew(replace(fresh, content_sent=False, sample=None, content=None))
            self._store.put(replace(anew, state=AssetState.PROBING))
            self._look_into(asset_id)
