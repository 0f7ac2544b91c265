"""A list view set up for `TileDelegate`: a grid that fills the width, keyboard in both directions."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListView, QWidget

from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.item_list import ItemList
from mosaic_desktop.gui.widgets.thumbnails import ThumbnailCache
from mosaic_desktop.gui.widgets.tile_delegate import TileDelegate, TileGrid


class TileList(ItemList):
    """As many columns as fit."""

    def __init__(self, theme: Theme, name: str, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(theme, name, parent)
        self._delegate = TileDelegate(theme, thumbnails, self)
        self.setItemDelegate(self._delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setViewportMargins(Space.S, Space.S, 0, Space.S)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.verticalScrollBar().setSingleStep(32)

    def resizeEvent(self, event: QResizeEvent) -> None:
        # The view keeps the scroll bar's width free even while it is hidden.
        room = self.maximumViewportSize().width() - self.verticalScrollBar().sizeHint().width()
        grid = TileGrid.fit(room - 1)
        self._delegate.set_grid(grid)
        self.setGridSize(grid.cell)
        super().resizeEvent(event)
