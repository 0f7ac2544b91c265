"""The rows of one profile in memory: by id, by state, by run and in queue order.

Every look is cheap however many rows there are, since some happen with each event.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.events import Row
from mosaic_desktop.core.output import Output, OutputId, OutputState
from mosaic_desktop.core.run import Run, RunId, RunState

R = TypeVar("R", Asset, Run, Output)
State = AssetState | RunState | OutputState


class Rows:
    """Ids keep the order in which their rows came. Iterators may be used while rows change."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}
        # Words like "failed" are states of several kinds, which are equal as strings.
        self._in_state: defaultdict[tuple[type[Row], State], dict[str, None]] = defaultdict(dict)
        self._of_run: defaultdict[RunId, dict[OutputId, None]] = defaultdict(dict)
        self._queue: list[tuple[float, AssetId]] = []
        self._by_source: dict[Path | str, AssetId] = {}

    def get(self, row_id: str) -> Row | None:
        return self._rows.get(row_id)

    def keep(self, row: Row) -> None:
        """Adds or replaces a row."""
        if (old := self._rows.get(row.id)) is not None:
            self._unlist(old)
        self._rows[row.id] = row
        self._in_state[type(row), row.state][row.id] = None
        if isinstance(row, Asset):
            insort(self._queue, (row.position, row.id))
            self._by_source[row.path or row.file_id or row.id] = row.id
        elif isinstance(row, Output):
            if isinstance(old, Output) and old.run_id != row.run_id:
                del self._of_run[old.run_id][old.id]
            self._of_run[row.run_id][row.id] = None

    def take_out(self, row_id: str) -> Row | None:
        row = self._rows.pop(row_id, None)
        if row is not None:
            self._unlist(row)
        if isinstance(row, Output):
            del self._of_run[row.run_id][row.id]
        return row

    def of_kind(self, kind: type[R]) -> Iterator[R]:
        return (row for row in tuple(self._rows.values()) if isinstance(row, kind))

    def in_states(self, kind: type[R], *states: State) -> Iterator[R]:
        """Those of ``kind`` in one of ``states``, state by state."""
        ids = [row_id for state in states for row_id in self._in_state[kind, state]]
        return (row for row_id in ids if isinstance(row := self._rows.get(row_id), kind))

    def queue(self) -> Iterator[Asset]:
        """Every asset by its position."""
        return (row for _, row_id in tuple(self._queue) if isinstance(row := self._rows.get(row_id), Asset))

    def of_run(self, run_id: RunId) -> tuple[Output, ...]:
        ids = tuple(self._of_run.get(run_id, ()))
        return tuple(row for row_id in ids if isinstance(row := self._rows.get(row_id), Output))

    def from_source(self, source: Path | str) -> Asset | None:
        """The latest asset of a path, or of a link by its file id."""
        row = self._rows.get(self._by_source.get(source, ""))
        return row if isinstance(row, Asset) else None

    def _unlist(self, row: Row) -> None:
        self._in_state[type(row), row.state].pop(row.id)
        if isinstance(row, Asset):
            del self._queue[bisect_left(self._queue, (row.position, row.id))]
