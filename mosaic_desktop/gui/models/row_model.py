"""The engine's rows as a Qt list model that follows events without flooding views.

Lives on the GUI thread. Numbers that change all the time are shown together every 100 ms; everything else within the
same turn of the event loop, or in a long list as soon as the window had time for other things.
"""

import time
from collections.abc import Iterable
from itertools import groupby, pairwise

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
)

from mosaic_desktop.core.events import Event, Events, Row, RowChanged, What
from mosaic_desktop.gui.models.listening import listen
from mosaic_desktop.gui.widgets.row_view import RowRole, RowView

SnapshotRole: int = Qt.ItemDataRole.UserRole.value + 1
"""Item role under which a model answers the raw snapshot (Asset, Run or Output)."""

FLUSH_MS = 100
Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_MANY = 16
_REST = 3
_CHANGING_ROLES = [
    SnapshotRole,
    int(RowRole),
    Qt.ItemDataRole.DisplayRole.value,
    Qt.ItemDataRole.AccessibleTextRole.value,
    Qt.ItemDataRole.DecorationRole.value,
]


class RowModel(QAbstractListModel):
    """Subclasses say which rows are theirs (`belongs`), how one looks (`view`, `sentence`) and perhaps where it stands
    (`rank`).

    `newest_first` puts rows that come later in front. Stops listening when it is destroyed.
    """

    def __init__(
        self, rows: Iterable[Row], events: Events, *, newest_first: bool = False, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._newest_first = newest_first
        self._snapshots: dict[str, Row] = {}
        self._ids: list[str] = []
        self._row_of: dict[str, int] = {}
        self._added: dict[str, Row] = {}
        self._removed: set[str] = set()
        self._dirty: set[str] = set()
        self._out_of_order = False
        self._rest_until = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.flush)
        self._place([row for row in rows if self.belongs(row)])
        listen(events, self, self.hear)

    # For subclasses

    def belongs(self, row: Row) -> bool:
        raise NotImplementedError

    def view(self, row: Row) -> RowView:
        """The row for the delegate."""
        raise NotImplementedError

    def sentence(self, row: Row) -> str:
        """The row for a reader of the screen."""
        raise NotImplementedError

    def rank(self, row: Row) -> float:
        """Rows of a lower rank stand above; those of the same one in the order in which they came."""
        return 0.0

    def on_added(self, row: Row) -> None:
        """A row came while the model was open; called before it is inserted."""

    def on_replaced(self, old: Row | None, new: Row | None) -> None:
        """One of the model's rows came (`old` is None), went (`new` is None) or changed."""

    def on_flushed(self) -> None:
        """Views have heard of everything so far."""

    def hear(self, event: Event) -> None:
        """Takes an event in. A subclass that follows other rows too extends this."""
        if not isinstance(event, RowChanged) or not self.belongs(event.row):
            return
        row = event.row
        match event.what:
            case What.ADDED:
                self._on_row_added(row)
            case What.REMOVED:
                self._on_row_removed(row)
            case What.STATE | What.PROGRESS:
                self._on_row_changed(row)
                self._flush_within(0 if event.what is What.STATE else FLUSH_MS)

    # Reading

    def ids(self) -> tuple[str, ...]:
        return tuple(self._ids)

    def snapshots(self) -> tuple[Row, ...]:
        """In the order of the rows."""
        return tuple(map(self._snapshots.__getitem__, self._ids))

    def snapshots_at(self, rows: Iterable[int]) -> tuple[Row, ...]:
        """Of the rows with these numbers."""
        return tuple(self._snapshots[self._ids[row]] for row in rows)

    def snapshot(self, row_id: str) -> Row | None:
        return self._snapshots.get(row_id)

    def id_at(self, row: int) -> str:
        return self._ids[row]

    def index_of(self, row_id: str) -> QModelIndex:
        """Invalid for a row that is not there."""
        row = self._row_of.get(row_id)
        return QModelIndex() if row is None else self.createIndex(row, 0)

    def mark_changed(self, row_ids: Iterable[str], within_ms: int = 0) -> None:
        """Rows look different for a reason of their own, such as the time."""
        self._dirty.update(row_ids)
        if self._dirty:
            self._flush_within(within_ms)

    def show_now(self, row_ids: Iterable[str]) -> None:
        """Like `mark_changed`, but before this returns."""
        self._dirty.update(row_ids)
        self._show_changes()

    # Qt

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        row = self._snapshots[self._ids[index.row()]]
        if role == RowRole:
            return self.view(row)
        if role == SnapshotRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self.view(row).title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.sentence(row)
        return None

    # Inside

    def _on_row_added(self, row: Row) -> None:
        if row.id in self._row_of and row.id not in self._removed:  # a model opened between the row and its event
            self._on_row_changed(row)
            self._flush_within(0)
            return
        self._added[row.id] = row
        self.on_added(row)
        self._flush_within(0)

    def _on_row_changed(self, row: Row) -> None:
        if row.id in self._added:
            self._added[row.id] = row
        elif row.id in self._row_of and row.id not in self._removed:
            old = self._snapshots[row.id]
            self._out_of_order |= self.rank(row) != self.rank(old)
            self._snapshots[row.id] = row
            self.on_replaced(old, row)
            self._dirty.add(row.id)

    def _on_row_removed(self, row: Row) -> None:
        if self._added.pop(row.id, None) is None and row.id in self._row_of:
            self._removed.add(row.id)
            self._flush_within(0)

    def _flush_within(self, milliseconds: int) -> None:
        # Long lists take their time; between two flushes there must be some for everything else.
        milliseconds = max(milliseconds, int((self._rest_until - time.monotonic()) * 1000))
        if not self._timer.isActive() or self._timer.remainingTime() > milliseconds:
            self._timer.start(milliseconds)

    def flush(self) -> None:
        """Shows everything heard so far."""
        self._timer.stop()
        began = time.monotonic()
        self._take_out()
        self._show_changes()
        self._take_in()
        self._arrange()
        self.on_flushed()
        ended = time.monotonic()
        self._rest_until = ended + _REST * (ended - began)

    def _take_out(self) -> None:
        gone = sorted(self._row_of[row_id] for row_id in self._removed)
        spans = list(_spans(gone))
        if len(spans) > _MANY:  # views take their time for each removal: first together to the end, then at once
            leaving = self._removed
            self._reorder(sorted(self._ids, key=lambda row_id: row_id in leaving))
            spans = [(len(self._ids) - len(gone), len(self._ids) - 1)]
        self._removed = set()
        for first, last in reversed(spans):
            self.beginRemoveRows(_NO_PARENT, first, last)
            for row_id in self._ids[first : last + 1]:
                self.on_replaced(self._snapshots.pop(row_id), None)
            del self._ids[first : last + 1]
            self._number()
            self.endRemoveRows()

    def _show_changes(self) -> None:
        rows = sorted(self._row_of[row_id] for row_id in self._dirty if row_id in self._row_of)
        self._dirty.clear()
        for first, last in _spans(rows):
            self.dataChanged.emit(self.index(first, 0), self.index(last, 0), _CHANGING_ROLES)

    def _take_in(self) -> None:
        added, self._added = list(self._added.values()), {}
        if added:
            first = 0 if self._newest_first else len(self._ids)
            self.beginInsertRows(_NO_PARENT, first, first + len(added) - 1)
            self._place(added)
            self.endInsertRows()
            near = [self.rank(self._snapshots[row_id]) for row_id in self._ids[max(0, first - 1) :]]
            self._out_of_order |= any(above > below for above, below in pairwise(near))

    def _arrange(self) -> None:
        if self._out_of_order:
            self._out_of_order = False
            self._reorder(sorted(self._ids, key=lambda row_id: self.rank(self._snapshots[row_id])))

    def _reorder(self, ids: list[str]) -> None:
        """Views keep what they had selected, wherever it goes."""
        self.layoutAboutToBeChanged.emit()
        indexes = self.persistentIndexList()
        moved = [self._ids[index.row()] for index in indexes]
        self._ids = ids
        self._number()
        self.changePersistentIndexList(indexes, [self.index_of(row_id) for row_id in moved])
        self.layoutChanged.emit()

    def _place(self, rows: list[Row]) -> None:
        self._snapshots.update((row.id, row) for row in rows)
        ids: list[str] = [row.id for row in rows]
        self._ids = [*reversed(ids), *self._ids] if self._newest_first else [*self._ids, *ids]
        self._number()
        for row in rows:
            self.on_replaced(None, row)

    def _number(self) -> None:
        self._row_of = {row_id: row for row, row_id in enumerate(self._ids)}


def _spans(rows: list[int]) -> Iterable[tuple[int, int]]:
    """Sorted row numbers as first and last of each unbroken stretch."""
    for _, stretch in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0]):
        found = [row for _, row in stretch]
        yield found[0], found[-1]
