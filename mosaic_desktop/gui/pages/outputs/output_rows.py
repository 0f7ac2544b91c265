"""The outputs that are shown: searched, aware of files that are gone, and draggable to other programs."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt, QUrl

from mosaic_desktop.core.output import Output, OutputState
from mosaic_desktop.gui.models.output_model import OutputModel
from mosaic_desktop.gui.models.row_filter import RowFilter
from mosaic_desktop.gui.models.row_model import Index
from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.widgets.row_view import RowRole, RowView

GONE = "Moved or deleted"


class OutputRows(RowFilter):
    def __init__(self, model: OutputModel, parent: QObject | None = None) -> None:
        super().__init__(model, parent)
        self._outputs = model
        self._gone: frozenset[str] = frozenset()

    def set_gone(self, output_ids: Collection[str]) -> None:
        """The saved outputs whose files are not where they were."""
        found = frozenset(output_ids)
        if found != self._gone:
            changed = found ^ self._gone
            self._gone = found
            self._outputs.mark_changed(changed)

    @property
    def gone(self) -> frozenset[str]:
        return self._gone

    def is_gone(self, output: Output) -> bool:
        return output.state is OutputState.SAVED and output.id in self._gone

    def output_at(self, index: Index) -> Output | None:
        return self._outputs.output(self.id_at(index))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        value: object = super().data(index, role)
        if role not in (RowRole, Qt.ItemDataRole.AccessibleTextRole) or not self._gone:
            return value
        output = self.output_at(index)
        if output is None or not self.is_gone(output):
            return value
        if isinstance(value, RowView):
            return replace(value, state=GONE, kind=StateKind.WARNING, icon="triangle-alert")
        return f"{output.file_name}, {GONE.lower()}"

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        output = self.output_at(index)
        there = output is not None and output.state is OutputState.SAVED and not self.is_gone(output)
        return flags | Qt.ItemFlag.ItemIsDragEnabled if there else flags

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        found = (self.output_at(index) for index in indexes)
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(output.path)) for output in found if output is not None and output.path])
        return mime
