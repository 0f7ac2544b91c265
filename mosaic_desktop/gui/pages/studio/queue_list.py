"""The queue's rows: selected for what is done to them, checked for the next run."""

import sys
from itertools import chain

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from mosaic_desktop.core.asset import AssetId
from mosaic_desktop.gui.models.asset_model import AssetModel
from mosaic_desktop.gui.pages.studio.reorder_list import ReorderList
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.row_delegate import RowDelegate
from mosaic_desktop.gui.widgets.row_view import RowRole, RowView
from mosaic_desktop.gui.widgets.thumbnails import ThumbnailCache

_BAR = 3


class QueueList(ReorderList):
    """Space checks the selected rows together; Shift+F10 opens their menu, like the menu key."""

    def __init__(self, theme: Theme, model: AssetModel, thumbnails: ThumbnailCache) -> None:
        super().__init__(theme, "Upload queue: videos", thumbnails, model)
        self._model = model
        self._follows = False
        self._expects = False
        delegate = _QueueDelegate(theme, thumbnails, self)
        delegate.menu_requested.connect(self.menu_requested)
        self.setItemDelegate(delegate)
        self.model().layoutChanged.connect(self._on_layout_changed)
        self.model().rowsInserted.connect(self._on_rows_inserted)

    def selected_rows(self) -> list[int]:
        """Their numbers, ascending."""
        chosen = self.selectionModel().selection()
        spans = [chosen.at(number) for number in range(chosen.count())]
        return sorted(chain.from_iterable(range(span.top(), span.bottom() + 1) for span in spans))

    def selected_ids(self) -> tuple[AssetId, ...]:
        """In queue order."""
        return tuple(AssetId(self._model.id_at(row)) for row in self.selected_rows())

    def keep_in_sight(self) -> None:
        """Scroll along with the current row when it comes to lie elsewhere."""
        self._follows = True

    def show_next(self) -> None:
        """Scroll to what is added next, once: the user just asked for it, and a long queue has it out of sight."""
        self._expects = True

    def include(self, index: QModelIndex) -> None:
        """Make `index` part of what is selected: a menu opened on an unselected row is about that row alone."""
        if not self.selectionModel().isSelected(index):
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def toggle_selected(self) -> None:
        """Check what is selected, or uncheck it if all of it is checked."""
        chosen = self.selected_ids()
        self._model.set_checked(chosen, not all(asset_id in self._model.choice for asset_id in chosen))

    def _on_rows_inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        if self._expects and last == self.model().rowCount() - 1:
            self._expects = False
            for row in (last, first):
                self.scrollTo(self.model().index(row, 0))

    def _on_layout_changed(self) -> None:
        if self._follows:
            self._follows = False
            self.scrollTo(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers() and self.selected_ids():
            self.toggle_selected()
            return
        # Other systems turn Shift+F10 into a request for the menu by themselves.
        shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if sys.platform == "linux" and shift and event.key() == Qt.Key.Key_F10 and self.currentIndex().isValid():
            place = self.visualRect(self.currentIndex()).center()
            self.menu_requested.emit(self.currentIndex(), self.viewport().mapToGlobal(place))
            return
        super().keyPressEvent(event)


class _QueueDelegate(RowDelegate):
    """The strong ground belongs to checked rows, which a run will take. Selected ones, which keys and menus act on, get
    the quiet ground and a bar at the edge, checked or not.
    """

    def __init__(self, theme: Theme, thumbnails: ThumbnailCache, parent: QueueList) -> None:
        super().__init__(theme, thumbnails, parent)
        self._colors = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        view = index.data(RowRole)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if isinstance(view, RowView) and not view.checked and selected:
            quiet = option.state & ~QStyle.StateFlag.State_Selected
            option.state = quiet | QStyle.StateFlag.State_MouseOver
        super().paint(painter, option, index)
        if selected:
            row: QRect = option.rect
            bar = QRect(row.left(), row.top(), _BAR, row.height() - 1)
            painter.fillRect(bar, self._colors.color(Token.ACCENT))
