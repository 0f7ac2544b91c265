"""Which rows of a model are shown: a search and a choice of states, both on raw snapshots."""

from collections.abc import Collection

from PySide6.QtCore import QObject, QSortFilterProxyModel

from mosaic_desktop.gui import text
from mosaic_desktop.gui.models.row_model import Index, RowModel, SnapshotRole


class RowFilter(QSortFilterProxyModel):
    """Keeps the model's order. Every word of the search must occur."""

    def __init__(self, model: RowModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._words: tuple[str, ...] = ()
        self._states: frozenset[str] | None = None
        self.setFilterRole(SnapshotRole)
        self.setSourceModel(model)

    @property
    def filters(self) -> bool:
        """Whether anything may be hidden."""
        return bool(self._words) or self._states is not None

    def set_text(self, search: str) -> None:
        self._words = tuple(search.casefold().split())
        self.invalidate()

    def set_states(self, states: Collection[str] | None) -> None:
        """The states to show (`RunState.FAILED` and so on); None for all."""
        self._states = None if states is None else frozenset(states)
        self.invalidate()

    def id_at(self, index: Index) -> str:
        """The row's id; empty for an invalid index."""
        return self._model.id_at(self.mapToSource(index).row()) if index.isValid() else ""

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        row = self._model.snapshot(self._model.id_at(source_row))
        if row is None or (self._states is not None and row.state not in self._states):
            return False
        searched = text.searchable(row)
        return all(word in searched for word in self._words)
