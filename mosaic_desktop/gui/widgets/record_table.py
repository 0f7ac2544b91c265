"""A quiet table for reading: columns with words above, rows with a badge here and a tint there, a menu at the end."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.record_delegate import MENU_WIDTH, CellRole, MenuRole, RecordDelegate

ROW_HEIGHT = 40
HEADER_HEIGHT = 36
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column:
    """`share` of the room beside the other columns; `least`: pixels it has at least."""

    title: str
    share: int = 1
    least: int = 80


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind` colors words and icon. `strong`: the one by which people know the row. `quiet`: there is nothing.
    `middle`: what has no room is left out of the middle. `wraps`: smaller and on two lines where one does not do.
    """

    text: str
    kind: StateKind | None = None
    icon: str = ""
    badge: str = ""
    badge_kind: StateKind = StateKind.ACTIVE
    strong: bool = False
    quiet: bool = False
    middle: bool = False
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One row. `spoken`: all of it in a sentence."""

    key: str
    cells: tuple[Cell, ...]
    spoken: str
    menu: bool = False


class RecordModel(QAbstractTableModel):
    """Keeps the rows' places where only their words change, so that selection and keyboard stay where they are."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._records: tuple[Record, ...] = ()

    @property
    def records(self) -> tuple[Record, ...]:
        return self._records

    def set_records(self, records: Sequence[Record]) -> None:
        if [record.key for record in records] != [record.key for record in self._records]:
            self.beginResetModel()
            self._records = tuple(records)
            self.endResetModel()
        elif tuple(records) != self._records:
            self._records = tuple(records)
            self.dataChanged.emit(self.index(0, 0), self.index(len(records) - 1, self.columnCount() - 1))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._records):
            return None
        record = self._records[index.row()]
        cell = record.cells[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell.text
            case Qt.ItemDataRole.AccessibleTextRole:
                first = f"{cell.text}, {cell.badge}" if cell.badge else cell.text
                return record.spoken if index.column() == 0 else first
            case _ if role == CellRole:
                return cell
            case _ if role == MenuRole:
                return record.menu and index.column() == len(self._columns) - 1
            case _:
                return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | int | None:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return (Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter).value
        return None


class RecordTable(QTableView):
    """`menu_requested(row key, place)` by the dots, the right button, Enter, Space or the menu key alike."""

    menu_requested = Signal(str, QPoint)

    def __init__(
        self,
        theme: Theme,
        name: str,
        columns: Sequence[Column],
        parent: QWidget | None = None,
        *,
        row_height: int = ROW_HEIGHT,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self.records = RecordModel(columns, self)
        self.setModel(self.records)
        self._delegate = RecordDelegate(theme, self)
        self._delegate.menu_clicked.connect(self._on_menu_clicked)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(row_height)
        head = self.horizontalHeader()
        head.setFixedHeight(HEADER_HEIGHT)
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setMinimumSectionSize(24)
        head.setStyleSheet(f"QHeaderView::section:first {{ padding-left: {Space.L}px; }}")  # as the words below
        theme.changed.connect(self.viewport().update)

    def set_records(self, records: Sequence[Record]) -> None:
        """The row that has the keyboard keeps it, wherever it is now."""
        key, scrolled = self.current_key(), self.verticalScrollBar().value()
        self.records.set_records(records)
        if key and key != self.current_key():
            self.set_current_key(key)
        self.verticalScrollBar().setValue(scrolled)

    def current_key(self) -> str:
        """Key of the selected row; empty where none is."""
        row = self.currentIndex().row()
        return self.records.records[row].key if 0 <= row < len(self.records.records) else ""

    def set_current_key(self, key: str) -> None:
        for row, record in enumerate(self.records.records):
            if record.key == key:
                self.setCurrentIndex(self.records.index(row, 0))

    # Inside

    def _on_menu_clicked(self, index: QModelIndex) -> None:
        self.setCurrentIndex(self.records.index(index.row(), 0))
        spot = self.visualRect(index)
        self._ask_menu(index.row(), QPoint(spot.right() - MENU_WIDTH, spot.bottom() - 2))

    def _ask_menu(self, row: int, spot: QPoint) -> None:
        record = self.records.records[row]
        if record.menu:
            self.menu_requested.emit(record.key, self.viewport().mapToGlobal(spot))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        room = self.viewport().width()
        spare = max(0, room - sum(column.least for column in self._columns))
        shares = sum(column.share for column in self._columns)
        given = 0
        for number, column in enumerate(self._columns[:-1]):
            width = column.least + spare * column.share // max(1, shares)
            self.setColumnWidth(number, width)
            given += width
        self.setColumnWidth(len(self._columns) - 1, max(self._columns[-1].least, room - given))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt marks the window only for Tab; the ring must also follow arrow keys after a click.
        self.window().setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        opens = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if opens and self.currentIndex().isValid() and not event.modifiers():
            self._ask_menu(self.currentIndex().row(), self._middle())
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.window().setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange, False)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.viewport().update()  # the row under the mouse is lit as a whole, and its dots apart

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            self.setCurrentIndex(self.records.index(index.row(), 0))
            self._ask_menu(index.row(), self._middle() if by_key else event.pos())

    def _middle(self) -> QPoint:
        return self.visualRect(self.currentIndex()).center()
