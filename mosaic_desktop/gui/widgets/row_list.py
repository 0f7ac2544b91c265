"""A list view set up for `RowDelegate`: one column of rows, hover, keyboard, menu by mouse and by key."""

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.row_delegate import RowDelegate
from mosaic_desktop.gui.widgets.thumbnails import ThumbnailCache


class RowList(QListView):
    """`menu_requested(index, global position)` comes from the dots, the right button and the menu key alike."""

    menu_requested = Signal(QModelIndex, QPoint)

    def __init__(self, theme: Theme, name: str, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        delegate = RowDelegate(theme, thumbnails, self)
        delegate.menu_requested.connect(self.menu_requested)
        self.setItemDelegate(delegate)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.verticalScrollBar().setSingleStep(24)
        theme.changed.connect(self.viewport().update)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        # The delegate lights up the part of the row that is under the mouse.
        self.update(self.indexAt(event.position().toPoint()))

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
