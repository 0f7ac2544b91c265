"""The upload queue as a model: queue order, and which videos are checked for the next run."""

from collections.abc import Collection, Iterable, Sequence
from typing import cast

from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt, Signal

from mosaic_desktop.core.actions import is_runnable
from mosaic_desktop.core.asset import Asset, AssetId
from mosaic_desktop.core.events import Event, Events, Row, RowChanged, What
from mosaic_desktop.core.output import Output
from mosaic_desktop.core.run import Run
from mosaic_desktop.gui.models.queue_tally import QueueTally
from mosaic_desktop.gui.models.row_model import Index, RowModel
from mosaic_desktop.gui.models.run_choice import RunChoice
from mosaic_desktop.gui.models.same_names import SameNames
from mosaic_desktop.gui.text.assets import asset_line, asset_more, asset_sentence, asset_state
from mosaic_desktop.gui.widgets.row_view import RowView
from mosaic_desktop.jobs.store import Store

_Flag = Qt.ItemFlag
_FLAGS = (
    _Flag.ItemIsSelectable
    | _Flag.ItemIsEnabled
    | _Flag.ItemIsUserCheckable
    | _Flag.ItemIsDragEnabled
    | _Flag.ItemNeverHasChildren
)
_DRAGGED = "application/x-mosaic-queue-rows"


class AssetModel(RowModel):
    """Videos that come while the window is open are checked from the start; of the others the page knows which are.

    A check is kept by id, so it survives any change of the row, and its removal if that is undone. `checked_changed` is
    emitted at most once for a call; `rows_changed` once for all that came, went, moved or changed in more than numbers.
    """

    checked_changed = Signal()
    rows_changed = Signal()

    def __init__(self, store: Store, events: Events, parent: QObject | None = None) -> None:
        self.tally = QueueTally()
        self.choice = RunChoice()
        self._same_names = SameNames()
        self._changed = False
        self._choice_changed = False
        super().__init__(store.assets(), events, parent=parent)
        self._same_names.take_changed()
        self._seen: set[str] = set(self.ids())

    def assets(self) -> tuple[Asset, ...]:
        return cast("tuple[Asset, ...]", self.snapshots())  # `belongs` has looked at every one

    def asset(self, asset_id: str) -> Asset | None:
        row = self.snapshot(asset_id)
        return row if isinstance(row, Asset) else None

    def assets_at(self, rows: Iterable[int]) -> tuple[Asset, ...]:
        """Of the rows with these numbers."""
        return cast("tuple[Asset, ...]", self.snapshots_at(rows))

    def checked_ids(self) -> tuple[AssetId, ...]:
        """In queue order."""
        return tuple(AssetId(row_id) for row_id in self.ids() if row_id in self.choice)

    def checked_rows(self) -> list[int]:
        """Their numbers, ascending."""
        return [number for number, row_id in enumerate(self.ids()) if row_id in self.choice]

    def runnable(self) -> tuple[Asset, ...]:
        """The checked videos that a run can be asked for, in queue order."""
        return tuple(asset for asset in self.assets() if asset.id in self.choice and is_runnable(asset))

    def runnable_ids(self) -> tuple[AssetId, ...]:
        return tuple(asset.id for asset in self.runnable())

    def set_checked(self, asset_ids: Iterable[str], checked: bool) -> None:
        """Unknown ids are ignored."""
        known = (asset for asset_id in asset_ids if (asset := self.asset(asset_id)) is not None)
        if changed := self.choice.check(known, checked):
            self._announce(changed)

    def belongs(self, row: Row) -> bool:
        return isinstance(row, Asset)

    def view(self, row: Row) -> RowView:
        assert isinstance(row, Asset)
        state = asset_state(row)
        return RowView(
            title=row.name,
            subtitle=asset_line(row, self._same_names.folder_of(row)),
            more=asset_more(row),
            state=state.word,
            kind=state.kind,
            icon=state.icon,
            right_text=state.right,
            progress=state.progress,
            checked=row.id in self.choice,
            thumbnail=str(row.thumbnail or ""),
            placeholder="square-play" if row.is_link else "film",
        )

    def sentence(self, row: Row) -> str:
        assert isinstance(row, Asset)
        return asset_sentence(row, self._same_names.folder_of(row))

    def rank(self, row: Row) -> float:
        assert isinstance(row, Asset)
        return row.position

    def on_added(self, row: Row) -> None:
        if row.id not in self._seen:
            self._seen.add(row.id)
            self.choice.expect(row.id)

    def on_replaced(self, old: Row | None, new: Row | None) -> None:
        assert not isinstance(old, Run | Output)
        assert not isinstance(new, Run | Output)
        self.tally.follow(old, new)
        self._same_names.follow(old, new)
        self._choice_changed |= self.choice.follow(old, new)

    def hear(self, event: Event) -> None:
        if isinstance(event, RowChanged) and event.what is not What.PROGRESS and self.belongs(event.row):
            self._changed = True
        super().hear(event)

    def on_flushed(self) -> None:
        if not self._changed:
            return
        self._changed = False
        self.show_now(self._same_names.take_changed())
        if self._choice_changed:
            self._choice_changed = False
            self.checked_changed.emit()
        self.rows_changed.emit()

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.CheckStateRole and index.isValid():
            checked = self.id_at(index.row()) in self.choice
            return Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
        return super().data(index, role)

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        self.set_checked([self.id_at(index.row())], Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    # Dragging, within the queue only

    @staticmethod
    def dragged_ids(mime: QMimeData) -> tuple[AssetId, ...]:
        """The rows of a queue that are dragged, in queue order; empty for anything else."""
        data = mime.data(_DRAGGED).data()
        return tuple(AssetId(row_id) for row_id in bytes(data).decode().split("\n") if row_id)

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_DRAGGED]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        mime = QMimeData()
        rows = sorted(index.row() for index in indexes)
        mime.setData(_DRAGGED, "\n".join(self.id_at(row) for row in rows).encode())
        return mime

    def _announce(self, row_ids: Collection[str]) -> None:
        # At once, not with the next flush: a click on a checkbox must show itself.
        self.show_now(row_ids)
        self.checked_changed.emit()
