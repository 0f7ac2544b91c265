"""A list view set up for `TileDelegate`: a grid that fills the width, keyboard in both directions, menu."""

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.thumbnails import ThumbnailCache
from mosaic_desktop.gui.widgets.tile_delegate import TileDelegate, TileGrid


class TileList(QListView):
    """`menu_requested(index, global position)` comes from the right button and the menu key."""

    menu_requested = Signal(QModelIndex, QPoint)

    def __init__(self, theme: Theme, name: str, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = TileDelegate(theme, thumbnails, self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setViewportMargins(Space.S, Space.S, 0, Space.S)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.verticalScrollBar().setSingleStep(32)
        theme.changed.connect(self.viewport().update)

    def resizeEvent(self, event: QResizeEvent) -> None:
        # The view keeps the scroll bar's width free even while it is hidden.
        room = self.maximumViewportSize().width() - self.verticalScrollBar().sizeHint().width()
        grid = TileGrid.fit(room - 1)
        self._delegate.set_grid(grid)
        self.setGridSize(grid.cell)
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt marks the window only for Tab; the ring must also follow arrow keys after a click.
        self.window().setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.window().setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange, False)
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if not index.isValid():
            return
        spot = self.visualRect(index).center() if by_key else event.pos()
        self.menu_requested.emit(index, self.viewport().mapToGlobal(spot))
