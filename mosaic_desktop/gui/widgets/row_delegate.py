"""Paints list rows from `RowView` values and turns clicks on checkbox and menu dots into signals."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QCursor, QFont, QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Radius, Size
from mosaic_desktop.gui.theme.palette import StateKind, Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.row_view import RowRects, RowRole, RowView, row_layout
from mosaic_desktop.gui.widgets.thumbnails import ThumbnailCache
from mosaic_desktop.gui.widgets.tool_tip import row_tip

_Index = QModelIndex | QPersistentModelIndex
_STATE_ICON = 15
_STATE_GAP = 5
_WORD_GAP = 10


class RowDelegate(QStyledItemDelegate):
    """`menu_requested(index, global position)` when the dots are clicked.

    The checkbox asks the model to set `CheckStateRole`; the model decides and answers with a new `RowView`.
    """

    menu_requested = Signal(QModelIndex, QPoint)

    def __init__(self, theme: Theme, thumbnails: ThumbnailCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._thumbnails = thumbnails

    def rects(self, view: RowView, row: QRect) -> RowRects:
        """Places of the row's parts relative to the row's own corner."""
        font = self._theme.font(TextStyle.SMALL)
        return row_layout(
            row.width(),
            checkable=view.checked is not None,
            has_progress=view.progress is not None,
            has_menu=view.menu,
            end_width=paint.text_width(font, view.end_text) if view.end_text else 0,
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, Size.ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        view = index.data(RowRole)
        if not isinstance(view, RowView):
            return
        row: QRect = option.rect
        painter.save()
        painter.translate(row.topLeft())
        area = QRect(0, 0, row.width(), row.height())
        mouse = _mouse_in_row(option, row)
        rects = self.rects(view, row)
        self._paint_ground(painter, area, view, option)
        self._paint_left(painter, rects, view, mouse)
        self._paint_state(painter, rects, view)
        if view.menu:
            paint.draw_menu_dots(painter, rects.menu, rects.menu.contains(mouse), self._theme)
        painter.restore()

    def _paint_ground(self, painter: QPainter, area: QRect, view: RowView, option: QStyleOptionViewItem) -> None:
        state: QStyle.StateFlag = option.state
        color = self._theme.color
        if view.checked or state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, color(Token.ACCENT_WASH))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, color(Token.HOVER))
        paint.draw_line(painter, 0, area.bottom(), area.width(), color(Token.LINE))
        keyboard = QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_KeyboardFocusChange
        if state & keyboard == keyboard:
            ring = area.adjusted(2, 2, -2, -3)
            paint.focus_ring(painter, ring, Radius.CONTROL, self._theme, Token.ACCENT)

    def _paint_left(self, painter: QPainter, rects: RowRects, view: RowView, mouse: QPoint) -> None:
        theme = self._theme
        if view.checked is not None:
            hovered = rects.check_hit.contains(mouse)
            paint.draw_checkbox(painter, rects.checkbox, view.checked, hovered, theme)
        dpr = painter.device().devicePixelRatio()
        picture = self._thumbnails.pixmap(view.thumbnail, rects.thumbnail.size(), dpr)
        paint.draw_thumbnail(painter, rects.thumbnail, picture, view.placeholder, theme)
        title, small = theme.font(TextStyle.BODY_STRONG), theme.font(TextStyle.SMALL)
        middle = Qt.TextElideMode.ElideMiddle  # the end of a file name tells takes and formats apart
        paint.draw_text(painter, rects.title, view.title, title, theme.color(Token.TEXT), elide=middle)
        facts = _facts(small, view.subtitle, rects.subtitle.width())
        paint.draw_text(painter, rects.subtitle, facts, small, theme.color(Token.SECONDARY))
        if view.end_text:
            paint.draw_text(painter, rects.end, view.end_text, small, theme.color(Token.SECONDARY), paint.RIGHT)

    def _paint_state(self, painter: QPainter, rects: RowRects, view: RowView) -> None:
        theme, small = self._theme, self._theme.font(TextStyle.SMALL)
        if view.progress is not None:
            paint.draw_track(painter, rects.progress, view.progress, theme, _bar(view))
        if view.pill:
            size = paint.pill_size(theme, view.state, view.icon)
            place = QRect(rects.state.topLeft(), size.boundedTo(rects.state.size()))
            place.moveTop(rects.state.center().y() - place.height() // 2 + 1)
            paint.draw_pill(painter, place, view.state, view.icon, view.kind, theme)
            return
        place = QRect(rects.state)
        if view.icon:
            spot = QRect(place.x(), place.center().y() - _STATE_ICON // 2, _STATE_ICON, _STATE_ICON)
            theme.icons.paint(painter, spot, view.icon, view.kind.mark)
            place.setLeft(spot.right() + 1 + _STATE_GAP)
        neutral = Token.TEXT if view.progress is not None else Token.SECONDARY
        token = neutral if view.kind == StateKind.NEUTRAL else view.kind.text
        used = paint.draw_text(painter, place, view.state, small, theme.color(token))
        rest = place.adjusted(used + _WORD_GAP, 0, 0, 0)
        if view.right_text and rest.width() > 0:
            right = paint.facts_in_room(small, view.right_text, rest.width(), keep_last=True)
            paint.draw_text(painter, rest, right, small, theme.color(Token.SECONDARY), paint.RIGHT)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        view = index.data(RowRole)
        if not isinstance(view, RowView):
            return False
        if isinstance(event, QKeyEvent):
            space = event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space
            return space and view.checked is not None and _toggle(model, index, view)
        if isinstance(event, QMouseEvent):
            return self._on_mouse(event, model, option, index, view)
        return False

    def _on_mouse(
        self,
        event: QMouseEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: _Index,
        view: RowView,
    ) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        row: QRect = option.rect
        rects, spot = self.rects(view, row), event.position().toPoint() - row.topLeft()
        on_check, on_menu = rects.check_hit.contains(spot), rects.menu.contains(spot)
        if event.type() != QEvent.Type.MouseButtonRelease:
            return on_check or on_menu  # the press belongs to us too, or it would move the selection
        if on_check:
            return _toggle(model, index, view)
        if on_menu and isinstance(option.widget, QAbstractItemView):
            below = row.topLeft() + rects.menu.bottomLeft()
            viewport = option.widget.viewport()
            self.menu_requested.emit(
                model.index(index.row(), index.column(), index.parent()), viewport.mapToGlobal(below)
            )
        return on_menu

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        shown = index.data(RowRole)
        if event.type() != QEvent.Type.ToolTip or not isinstance(shown, RowView):
            return super().helpEvent(event, view, option, index)
        row: QRect = option.rect
        QToolTip.showText(event.globalPos(), self.tool_tip(shown, row), view)
        return True

    def tool_tip(self, view: RowView, row: QRect) -> str:
        """All that there is to read of a row at this place; empty where all of it is in sight."""
        rects = self.rects(view, row)
        small = self._theme.font(TextStyle.SMALL)
        state = paint.text_width(small, view.state + view.right_text) + _STATE_ICON + _STATE_GAP + _WORD_GAP
        cut = (
            paint.text_width(self._theme.font(TextStyle.BODY_STRONG), view.title) > rects.title.width()
            or paint.text_width(small, view.subtitle) > rects.subtitle.width()
            or state > rects.state.width()
        )
        return row_tip(view) if cut or view.more else ""


def _facts(font: QFont, facts: str, width: int) -> str:
    """Those that have room; where a long one would leave half of it empty, as much of that one as there is room for."""
    shown = paint.facts_in_room(font, facts, width)
    return facts if paint.text_width(font, shown) < width // 2 else shown


def _bar(view: RowView) -> Token:
    return Token.ACCENT if view.kind == StateKind.NEUTRAL else view.kind.mark


def _toggle(model: QAbstractItemModel, index: _Index, view: RowView) -> bool:
    state = Qt.CheckState.Unchecked if view.checked else Qt.CheckState.Checked
    return model.setData(index, state.value, Qt.ItemDataRole.CheckStateRole)


def _mouse_in_row(option: QStyleOptionViewItem, row: QRect) -> QPoint:
    """Mouse position relative to the row, or a point outside it while the mouse is elsewhere."""
    widget = option.widget
    hovered = option.state & QStyle.StateFlag.State_MouseOver
    if not hovered or not isinstance(widget, QAbstractItemView):
        return QPoint(-1, -1)
    return widget.viewport().mapFromGlobal(QCursor.pos()) - row.topLeft()
