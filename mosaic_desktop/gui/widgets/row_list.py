"""A list view set up for `RowDelegate`: one column of rows."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.item_list import ItemList
from mosaic_desktop.gui.widgets.row_delegate import RowDelegate
from mosaic_desktop.gui.widgets.thumbnails import ThumbnailCache

_Index = QModelIndex | QPersistentModelIndex


class RowList(ItemList):
    """The menu also opens from the dots at the end of a row."""

    def __init__(self, theme: Theme, name: str, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, parent)
        delegate = RowDelegate(theme, thumbnails, self)
        delegate.menu_requested.connect(self.menu_requested)
        self.setItemDelegate(delegate)
        self.verticalScrollBar().setSingleStep(24)

    def dataChanged(self, first: _Index, last: _Index, roles: Sequence[int] = ()) -> None:
        # All rows are alike in height, whatever they show; a list view would lay out every one of them anew.
        QAbstractItemView.dataChanged(self, first, last, roles)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        # The delegate lights up the part of the row that is under the mouse.
        self.update(self.indexAt(event.position().toPoint()))
