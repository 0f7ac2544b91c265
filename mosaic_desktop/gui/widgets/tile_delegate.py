"""Paints tiles from `RowView` values: a picture with two lines under it, in a grid that fills the width."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPainterPath
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Radius, Size, Space
from mosaic_desktop.gui.theme.palette import StateKind, Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.row_view import RowRole, RowView
from mosaic_desktop.gui.widgets.thumbnails import ThumbnailCache
from mosaic_desktop.gui.widgets.tool_tip import row_tip

_Index = QModelIndex | QPersistentModelIndex
_MIN_TILE = 180
_GAP = 14
_WORDS_HEIGHT = 52
_STATE_ICON = 19  # with the gap behind it
_PICTURE_ASPECT = 212 / 125


@dataclass(frozen=True, slots=True)
class TileGrid:
    """How tiles divide a width: `columns` cells of `cell` pixels, each holding a tile and half the gap around it."""

    columns: int
    cell: QSize

    @staticmethod
    def fit(width: int) -> "TileGrid":
        columns = max(1, width // (_MIN_TILE + _GAP))
        cell = max(_MIN_TILE // 2, width // columns)
        picture = round((cell - _GAP) / _PICTURE_ASPECT)
        return TileGrid(columns, QSize(cell, picture + _WORDS_HEIGHT + _GAP))


def tile_rects(cell: QRect) -> tuple[QRect, QRect, QRect, QRect, QRect]:
    """(tile, picture, title, subtitle, progress) inside a grid cell."""
    half = _GAP // 2
    tile = cell.adjusted(half, half, -half, -half)
    picture = QRect(tile.x(), tile.y(), tile.width(), tile.height() - _WORDS_HEIGHT)
    title = QRect(tile.x() + 11, picture.bottom() + 9, tile.width() - 22, 18)
    subtitle = title.translated(0, 19)
    progress = QRect(tile.x(), picture.bottom() - Size.TRACK + 1, tile.width(), Size.TRACK)
    return tile, picture, title, subtitle, progress


class TileDelegate(QStyledItemDelegate):
    """`set_grid` tells the size of a cell; `TileList` does that on every resize."""

    def __init__(self, theme: Theme, thumbnails: ThumbnailCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._thumbnails = thumbnails
        self._cell = TileGrid.fit(3 * (_MIN_TILE + _GAP)).cell

    def set_grid(self, grid: TileGrid) -> None:
        self._cell = grid.cell

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return self._cell

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        view = index.data(RowRole)
        if not isinstance(view, RowView):
            return
        cell: QRect = option.rect
        state: QStyle.StateFlag = option.state
        tile, picture, title, subtitle, progress = tile_rects(cell)
        painter.save()
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        ground = self._theme.color(Token.HOVER if hovered else Token.RAISED)
        paint.fill_round(painter, tile, Radius.CONTROL, ground)
        self._paint_picture(painter, tile, picture, view)
        self._paint_words(painter, title, subtitle, view)
        if view.progress is not None:
            paint.draw_track(
                painter,
                progress,
                view.progress,
                self._theme,
                view.kind.mark if view.kind != StateKind.NEUTRAL else Token.ACCENT,
            )
        self._paint_edge(painter, tile, state)
        painter.restore()

    def _paint_picture(self, painter: QPainter, tile: QRect, picture: QRect, view: RowView) -> None:
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(tile), Radius.CONTROL, Radius.CONTROL)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipPath(clip)
        image = self._thumbnails.pixmap(view.thumbnail, picture.size(), painter.device().devicePixelRatio())
        if image is None:
            painter.fillRect(picture, self._theme.color(Token.TRACK))
            icon = QRect(0, 0, 28, 28)
            icon.moveCenter(picture.center())
            self._theme.icons.paint(painter, icon, view.placeholder, Token.SECONDARY)
        else:
            painter.drawPixmap(picture, image)
        painter.restore()

    def _paint_words(self, painter: QPainter, title: QRect, subtitle: QRect, view: RowView) -> None:
        theme = self._theme
        strong, small = theme.font(TextStyle.BODY_STRONG), theme.font(TextStyle.SMALL)
        middle = Qt.TextElideMode.ElideMiddle
        paint.draw_text(painter, title, view.title, strong, theme.color(Token.TEXT), elide=middle)
        line, token = view.state or view.subtitle, Token.SECONDARY
        if view.state and view.kind != StateKind.NEUTRAL:
            token = view.kind.text
        if view.icon and view.state:
            spot = QRect(subtitle.x(), subtitle.y() + 2, 14, 14)
            theme.icons.paint(painter, spot, view.icon, view.kind.mark)
            subtitle = subtitle.adjusted(_STATE_ICON, 0, 0, 0)
        used = paint.draw_text(painter, subtitle, line, small, theme.color(token))
        rest = subtitle.adjusted(used + Space.S, 0, 0, 0)
        if view.right_text and paint.text_width(small, view.right_text) <= rest.width():
            paint.draw_text(painter, rest, view.right_text, small, theme.color(Token.SECONDARY), paint.RIGHT)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        shown = index.data(RowRole)
        if event.type() != QEvent.Type.ToolTip or not isinstance(shown, RowView):
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(event.globalPos(), self.tool_tip(shown, option.rect), view)
        return True

    def tool_tip(self, view: RowView, cell: QRect) -> str:
        """All that there is to read of a tile; empty where all of it is in sight."""
        _, _, title, subtitle, _ = tile_rects(cell)
        small = self._theme.font(TextStyle.SMALL)
        line = paint.text_width(small, view.state or view.subtitle)
        right = Space.S + paint.text_width(small, view.right_text) if view.right_text else 0
        icon = _STATE_ICON if view.icon and view.state else 0
        cut = paint.text_width(self._theme.font(TextStyle.BODY_STRONG), view.title) > title.width()
        return row_tip(view) if cut or icon + line + right > subtitle.width() or view.more else ""

    def _paint_edge(self, painter: QPainter, tile: QRect, state: QStyle.StateFlag) -> None:
        theme = self._theme
        if state & QStyle.StateFlag.State_Selected:
            outer = tile.adjusted(-1, -1, 1, 1)
            paint.fill_round(painter, outer, Radius.CONTROL + 1, None, theme.color(Token.ACCENT), 2)
        else:
            paint.fill_round(painter, tile, Radius.CONTROL, None, theme.color(Token.LINE))
        keyboard = QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_KeyboardFocusChange
        if state & keyboard == keyboard:
            outer = tile.adjusted(-4, -4, 4, 4)
            paint.focus_ring(painter, outer, Radius.CARD, theme, Token.ACCENT)
