"""The rows of one profile in memory: by id, by state, by run and in queue order.

Every look is cheap however many rows there are, since some happen with each event.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator
from heapq import merge
from pathlib import Path
from typing import TypeVar

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.events import Row
from mosaic_desktop.core.output import Output, OutputId, OutputState
from mosaic_desktop.core.run import Run, RunId, RunState
from mosaic_desktop.jobs.waiting import WaitingRuns

R = TypeVar("R", Asset, Run, Output)
State = AssetState | RunState | OutputState
Place = tuple[float, AssetId]


class Rows:
    """Ids keep the order in which their rows came. Iterators may be used while rows change."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}
        # Words like "failed" are states of several kinds, which are equal as strings.
        self._in_state: defaultdict[tuple[type[Row], State], dict[str, None]] = defaultdict(dict)
        self._of_run: defaultdict[RunId, dict[OutputId, None]] = defaultdict(dict)
        self._queue: list[Place] = []
        self._queue_in: defaultdict[AssetState, list[Place]] = defaultdict(list)
        self._by_source: dict[Path | str, AssetId] = {}
        self._of_remote: defaultdict[str, dict[RunId, None]] = defaultdict(dict)
        self.waiting = WaitingRuns(self._rows)

    def get(self, row_id: str) -> Row | None:
        return self._rows.get(row_id)

    def keep(self, row: Row) -> None:
        """Adds or replaces a row."""
        old = self._rows.get(row.id)
        self._rows[row.id] = row
        if old is None or old.state is not row.state:
            if old is not None:
                self._in_state[type(old), old.state].pop(old.id)
            self._in_state[type(row), row.state][row.id] = None
        if isinstance(row, Asset):
            self._queue_up(row, old if isinstance(old, Asset) else None)
        elif isinstance(row, Output):
            if isinstance(old, Output) and old.run_id != row.run_id:
                del self._of_run[old.run_id][old.id]
            self._of_run[row.run_id][row.id] = None
        else:
            self._name(row, old if isinstance(old, Run) else None)
        self.waiting.note(old, row)

    def take_out(self, row_id: str) -> Row | None:
        row = self._rows.pop(row_id, None)
        if row is not None:
            self._in_state[type(row), row.state].pop(row.id)
        if isinstance(row, Asset):
            _take(self._queue, row)
            _take(self._queue_in[row.state], row)
            if self._by_source.get(_source(row)) == row.id:
                del self._by_source[_source(row)]
        elif isinstance(row, Output):
            del self._of_run[row.run_id][row.id]
        elif isinstance(row, Run):
            self._name(None, row)
        self.waiting.note(row, None)
        return row

    def of_kind(self, kind: type[R]) -> Iterator[R]:
        return (row for row in tuple(self._rows.values()) if isinstance(row, kind))

    def in_states(self, kind: type[R], *states: State) -> Iterator[R]:
        """Those of ``kind`` in one of ``states``, state by state."""
        ids = [row_id for state in states for row_id in self._in_state[kind, state]]
        return (row for row_id in ids if isinstance(row := self._rows.get(row_id), kind))

    def queue(self, *states: AssetState) -> Iterator[Asset]:
        """Assets in one of ``states``, or every one where none is named, by their position."""
        places = [tuple(self._queue_in[state]) for state in states] if states else [tuple(self._queue)]
        return (row for _, row_id in merge(*places) if isinstance(row := self._rows.get(row_id), Asset))

    def of_run(self, run_id: RunId) -> tuple[Output, ...]:
        ids = tuple(self._of_run.get(run_id, ()))
        return tuple(row for row_id in ids if isinstance(row := self._rows.get(row_id), Output))

    def from_source(self, source: Path | str) -> Asset | None:
        """The latest asset of a path, or of a link by its file id."""
        row = self._rows.get(self._by_source.get(source, ""))
        return row if isinstance(row, Asset) else None

    def of_remote(self, remote_id: str) -> tuple[Run, ...]:
        """The run that the service calls so, or several, where the user entered one id more than once."""
        ids = tuple(self._of_remote.get(remote_id, ()))
        return tuple(row for row_id in ids if isinstance(row := self._rows.get(row_id), Run))

    def _name(self, new: Run | None, old: Run | None) -> None:
        if new is not None and old is not None and new.remote_id == old.remote_id:
            return
        if old is not None and old.remote_id is not None:
            del self._of_remote[old.remote_id][old.id]
            if not self._of_remote[old.remote_id]:
                del self._of_remote[old.remote_id]
        if new is not None and new.remote_id is not None:
            self._of_remote[new.remote_id][new.id] = None

    def _queue_up(self, row: Asset, old: Asset | None) -> None:
        if old is None or old.position != row.position:
            if old is not None:
                _take(self._queue, old)
            insort(self._queue, (row.position, row.id))
        if old is None or old.position != row.position or old.state is not row.state:
            if old is not None:
                _take(self._queue_in[old.state], old)
            insort(self._queue_in[row.state], (row.position, row.id))
        self._by_source[_source(row)] = row.id


def _source(row: Asset) -> Path | str:
    return row.path or row.file_id or row.id


def _take(places: list[Place], row: Asset) -> None:
    del places[bisect_left(places, (row.position, row.id))]
