"""Rows that can be dragged to another place in their own list."""

from PySide6.QtCore import QPoint, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from mosaic_desktop.gui.models.asset_model import AssetModel
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.row_list import RowList
from mosaic_desktop.gui.widgets.thumbnails import ThumbnailCache

_MARK = 3


class ReorderList(RowList):
    """`moved(row ids, before)`: dropped in front of the row with the id `before`, None for the end. What is no row of
    the list is left to the window around it.
    """

    moved = Signal(object, object)

    def __init__(
        self, theme: Theme, name: str, thumbnails: ThumbnailCache, model: AssetModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, name, thumbnails, parent)
        self._theme = theme
        self._model = model
        self._gap: int | None = None
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(False)
        self.setModel(_counted(model, self))

    def _gap_at(self, place: QPoint) -> int:
        """The number of the row in front of which a drop at `place` puts what is dragged."""
        index = self.indexAt(place)
        if not index.isValid():
            return self._model.rowCount()
        return index.row() + (place.y() > self.visualRect(index).center().y())

    def _show_gap(self, gap: int | None) -> None:
        if gap != self._gap:
            self._gap = gap
            self.viewport().update()

    # What Qt asks

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if AssetModel.dragged_ids(event.mimeData()):
            event.setDropAction(Qt.DropAction.MoveAction)
            event.accept()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)  # scrolls near the edges
        if AssetModel.dragged_ids(event.mimeData()):
            self._show_gap(self._gap_at(event.position().toPoint()))
            event.setDropAction(Qt.DropAction.MoveAction)
            event.accept()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._show_gap(None)

    def dropEvent(self, event: QDropEvent) -> None:
        ids = AssetModel.dragged_ids(event.mimeData())
        gap = self._gap_at(event.position().toPoint())
        self._show_gap(None)
        if not ids:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.MoveAction)
        event.accept()
        below = (row_id for row_id in self._model.ids()[gap:] if row_id not in ids)
        self.moved.emit(ids, next(below, None))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._gap is None:
            return
        at_end = self._gap == self._model.rowCount()
        row = self.visualRect(self.model().index(self._gap - at_end, 0))
        y = row.bottom() if at_end else row.top() - 1
        painter = QPainter(self.viewport())
        top = max(0, min(y - _MARK // 2, self.viewport().height() - _MARK))
        painter.fillRect(0, top, self.viewport().width(), _MARK, self._theme.color(Token.ACCENT))
        painter.end()


def _counted(model: AssetModel, parent: QWidget) -> QSortFilterProxyModel:
    """The same rows behind a model that counts them without Python. Qt counts anew for each row that it lays out, and
    every answer from Python waits for the threads that hold the interpreter.
    """
    rows = QSortFilterProxyModel(parent)
    rows.setSourceModel(model)
    return rows
