"""Which run is started next, found without a look at all that wait: thousands may, and it is asked all the time."""

from collections import defaultdict
from collections.abc import Mapping
from heapq import heappop, heappush
from itertools import count

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.events import Row
from mosaic_desktop.core.run import Run, RunId, RunState

_NEVER_SENT = frozenset({AssetState.FAILED, AssetState.CANCELLED})


class WaitingRuns:
    """Hears of each change of ``rows``, after it was made, and looks at those concerned when it is asked."""

    def __init__(self, rows: Mapping[str, Row]) -> None:
        self._rows = rows
        self._of_asset: defaultdict[AssetId, dict[RunId, None]] = defaultdict(dict)
        self._unsorted: dict[RunId, None] = {}
        self._ready: list[tuple[float, int, RunId]] = []  # a heap, in which some have been started meanwhile
        self._numbers = count()

    def note(self, old: Row | None, new: Row | None) -> None:
        """None: there is no such row."""
        if isinstance(old, Asset) or isinstance(new, Asset):
            asset = new or old
            if asset is not None and (old is None or new is None or old.state is not new.state):
                self._unsorted.update(self._of_asset.get(AssetId(asset.id), {}))
            return
        before, after = _waiting(old), _waiting(new)
        if before is not None and (after is None or after.asset_id != before.asset_id):
            self._of_asset[before.asset_id].pop(before.id)
            if not self._of_asset[before.asset_id]:
                del self._of_asset[before.asset_id]
        if after is not None:
            self._of_asset[after.asset_id][after.id] = None
            if before is None or (before.created_at, before.asset_id) != (after.created_at, after.asset_id):
                self._unsorted[after.id] = None

    def stranded(self) -> list[Run]:
        """Runs that became hopeless since this was asked last, since their videos are gone or will not be sent."""
        unsorted, self._unsorted = self._unsorted, {}
        found = []
        for run_id in unsorted:
            run = _waiting(self._rows.get(run_id))
            if run is None:
                continue
            asset = self._rows.get(run.asset_id)
            if not isinstance(asset, Asset) or asset.state in _NEVER_SENT:
                found.append(run)
            elif asset.state is AssetState.READY:
                heappush(self._ready, (run.created_at, next(self._numbers), run.id))
        return found

    def first(self) -> Run | None:
        """The run that was wanted first among those whose video was sent. Ask ``stranded`` before."""
        while self._ready:
            created_at, _, run_id = self._ready[0]
            run = _waiting(self._rows.get(run_id))
            if run is not None and run.created_at == created_at and self._is_ready(run.asset_id):
                return run
            heappop(self._ready)
        return None

    def _is_ready(self, asset_id: AssetId) -> bool:
        asset = self._rows.get(asset_id)
        return isinstance(asset, Asset) and asset.state is AssetState.READY


def _waiting(row: Row | None) -> Run | None:
    return row if isinstance(row, Run) and row.state is RunState.WAITING else None
