"""Paints the cells of a `RecordTable`, whole rows lit and ringed as one, and answers clicks on the dots at the end."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QCursor, QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint

if TYPE_CHECKING:
    from mosaic_desktop.gui.widgets.record_table import Cell

CellRole: int = Qt.ItemDataRole.UserRole.value + 101
"""Item role under which the model answers a `Cell`."""
MenuRole: int = Qt.ItemDataRole.UserRole.value + 102
"""Whether the dots stand at the end of this cell."""

MENU_WIDTH = Size.CONTROL
_Index = QModelIndex | QPersistentModelIndex
_SELECTED = QStyle.StateFlag.State_Selected
_GAP = 6
_ICON = 15


class RecordDelegate(QStyledItemDelegate):
    """`menu_clicked(index)` when the dots at the end of a row are clicked."""

    menu_clicked = Signal(QModelIndex)

    def __init__(self, theme: Theme, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        cell: Cell = index.data(CellRole)
        area: QRect = option.rect
        painter.save()
        self._paint_ground(painter, area, option, index)
        room = self._text_room(area, index)
        if index.data(MenuRole):
            mouse = self._view.viewport().mapFromGlobal(QCursor.pos())
            dots = self.menu_rect(area)
            paint.draw_menu_dots(painter, dots, dots.contains(mouse), self._theme)
        self._paint_cell(painter, room, cell, is_selected=bool(option.state & _SELECTED))
        self._paint_ring(painter, option, index)
        painter.restore()

    def menu_rect(self, area: QRect) -> QRect:
        """Where the dots of a row are, within the last of its cells."""
        top = area.top() + (area.height() - Size.CONTROL) // 2
        return QRect(area.right() + 1 - Space.M - MENU_WIDTH, top, MENU_WIDTH, Size.CONTROL)

    def _text_room(self, area: QRect, index: _Index) -> QRect:
        left = Space.L if index.column() == 0 else Space.S
        right = MENU_WIDTH + 2 * Space.M if index.data(MenuRole) else Space.S
        return area.adjusted(left, 0, -right, -1)

    def _row_rect(self, index: _Index) -> QRect:
        model = index.model()
        first = self._view.visualRect(model.index(index.row(), 0))
        last = self._view.visualRect(model.index(index.row(), model.columnCount() - 1))
        return first.united(last)

    def _paint_ground(self, painter: QPainter, area: QRect, option: QStyleOptionViewItem, index: _Index) -> None:
        viewport = self._view.viewport()
        mouse = viewport.mapFromGlobal(QCursor.pos())
        under_mouse = viewport.underMouse() and self._row_rect(index).contains(mouse)
        if option.state & _SELECTED:
            painter.fillRect(area, self._theme.color(Token.ACCENT_WASH))
        elif under_mouse:
            painter.fillRect(area, self._theme.color(Token.HOVER))
        paint.draw_line(painter, area.left(), area.bottom(), area.width(), self._theme.color(Token.LINE))

    def _paint_cell(self, painter: QPainter, room: QRect, cell: "Cell", *, is_selected: bool) -> None:
        theme = self._theme
        token = Token.TEXT if cell.kind is None else cell.kind.text
        if cell.quiet:
            token = Token.SECONDARY
        if cell.icon:
            spot = QRect(room.left(), room.center().y() - _ICON // 2, _ICON, _ICON)
            mark = Token.SECONDARY if cell.kind is None else cell.kind.mark
            theme.icons.paint(painter, spot, cell.icon, mark)
            room.setLeft(spot.right() + 1 + _GAP)
        badge = paint.pill_size(theme, cell.badge, "") if cell.badge else None
        text_room = QRect(room)
        if badge is not None:
            text_room.setRight(max(room.left(), room.right() - badge.width() - _GAP))
        font = theme.font(TextStyle.BODY_STRONG if cell.strong else TextStyle.BODY)
        if cell.wraps and paint.text_width(font, cell.text) > text_room.width():
            painter.setFont(theme.font(TextStyle.SMALL))
            painter.setPen(theme.color(token))
            painter.drawText(text_room, paint.LEFT | Qt.TextFlag.TextWordWrap, cell.text)
            return
        elide = Qt.TextElideMode.ElideMiddle if cell.middle else Qt.TextElideMode.ElideRight
        used = paint.draw_text(painter, text_room, cell.text, font, theme.color(token), elide=elide)
        if badge is not None:
            left, top = text_room.left() + used + _GAP, room.center().y() - badge.height() // 2 + 1
            pill = QRect(left, top, min(badge.width(), room.right() - left + 1), badge.height())
            ground = Token.SURFACE if is_selected else None  # on its own color it would be words alone
            paint.draw_pill(painter, pill, cell.badge, "", cell.badge_kind, theme, ground)

    def _paint_ring(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        keyboard = QStyle.StateFlag.State_KeyboardFocusChange
        current = self._view.currentIndex().row() == index.row()
        if current and self._view.hasFocus() and option.state & keyboard:
            ring = self._row_rect(index).adjusted(2, 2, -2, -3)
            painter.setClipRect(option.rect)
            paint.focus_ring(painter, ring, Space.S, self._theme, Token.ACCENT)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        if not isinstance(event, QMouseEvent) or event.button() != Qt.MouseButton.LeftButton:
            return False
        on_dots = bool(index.data(MenuRole)) and self.menu_rect(option.rect).contains(event.position().toPoint())
        if on_dots and event.type() == QEvent.Type.MouseButtonRelease:
            self.menu_clicked.emit(model.index(index.row(), index.column()))
        return on_dots

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        cell: Cell | None = index.data(CellRole)
        if event.type() != QEvent.Type.ToolTip or cell is None:
            return super().helpEvent(event, view, option, index)
        font = self._theme.font(TextStyle.BODY_STRONG if cell.strong else TextStyle.BODY)
        room = self._text_room(option.rect, index).width() - (_ICON + _GAP if cell.icon else 0)
        cut = paint.text_width(font, cell.text) > room
        QToolTip.showText(event.globalPos(), cell.text if cut else "", view)
        return True
