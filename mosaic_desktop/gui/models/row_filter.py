"""Which rows of a model are shown: a search and a choice of states, both on raw snapshots."""

from collections.abc import Collection

from PySide6.QtCore import QObject, QSortFilterProxyModel

from mosaic_desktop.core.asset import Asset
from mosaic_desktop.core.output import Output
from mosaic_desktop.core.run import Run
from mosaic_desktop.gui.models.row_model import Index, RowModel, SnapshotRole
from mosaic_desktop.gui.text.assets import asset_state
from mosaic_desktop.gui.text.outputs import output_state
from mosaic_desktop.gui.text.runs import run_state


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
        if not self._words:  # asked with every change of a row
            return True
        searched = _searchable(row)
        return all(word in searched for word in self._words)


def _searchable(row: Asset | Run | Output) -> str:
    """What a search looks through, folded for comparison."""
    match row:
        case Asset():
            words = (row.name, row.link or "", asset_state(row).word)
        case Run():
            words = (row.spec.title, row.asset_name, run_state(row).word)
        case Output():
            words = (row.file_name, output_state(row).word, "")
    return "\n".join(words).casefold()
