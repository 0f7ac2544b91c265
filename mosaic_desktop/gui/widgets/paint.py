"""Painting helpers shared by own widgets and item delegates. Plain functions; colors come from the theme."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Radius
from mosaic_desktop.gui.theme.palette import StateKind, Token
from mosaic_desktop.gui.theme.theme import Theme

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter

PILL_HEIGHT = 20
_PILL_PADDING = 8
_PILL_ICON = 14


def text_width(font: QFont, text: str) -> int:
    """Room in pixels that shows all of `text`; one more than its advance, which is rounded."""
    return QFontMetrics(font).horizontalAdvance(text) + 1


def facts_in_room(font: QFont, text: str, width: int, *, keep_last: bool = False) -> str:
    """`text` is facts with " · " between; those without room are left out: the last, or with `keep_last` the first."""
    while " · " in text and text_width(font, text) > width:
        text = text.partition(" · ")[2] if keep_last else text.rpartition(" · ")[0]
    return text


def fill_round(
    painter: QPainter,
    rect: QRect | QRectF,
    radius: float,
    fill: QColor | None,
    line: QColor | None = None,
    width: float = 1.0,
) -> None:
    """Rounded rectangle with its line wholly inside `rect`, so nothing is clipped or blurred."""
    inset = width / 2 if line is not None else 0.0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(line, width) if line is not None else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)


def focus_ring(painter: QPainter, rect: QRect | QRectF, radius: float, theme: Theme, token: Token) -> None:
    """The one mark of keyboard focus: a ring two pixels wide just inside `rect`."""
    fill_round(painter, rect, radius, None, theme.color(token), 2.0)


def draw_line(painter: QPainter, x: int, y: int, width: int, color: QColor) -> None:
    """Horizontal hairline on whole device pixels, so that all lines are equally thick at 125 %."""
    dpr = painter.device().devicePixelRatio()
    device_y = painter.deviceTransform().map(QPointF(0, y)).y()
    top = y + (round(device_y) - device_y) / dpr
    painter.fillRect(QRectF(x, top, width, max(1, int(dpr)) / dpr), color)


def draw_text(
    painter: QPainter,
    rect: QRect,
    text: str,
    font: QFont,
    color: QColor,
    align: Qt.AlignmentFlag = LEFT,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> int:
    """Draw one line elided to `rect`; return the width in pixels that it took."""
    shown = QFontMetrics(font).elidedText(text, elide, rect.width())
    painter.setFont(font)
    painter.setPen(color)
    painter.drawText(rect, align | Qt.TextFlag.TextSingleLine, shown)
    return text_width(font, shown)


def draw_thumbnail(painter: QPainter, rect: QRect, pixmap: QPixmap | None, placeholder: str, theme: Theme) -> None:
    """Picture with rounded corners, or an icon on a quiet ground while there is none."""
    if pixmap is None:
        fill_round(painter, rect, Radius.THUMB, theme.color(Token.TRACK))
        icon = QRect(0, 0, 20, 20)
        icon.moveCenter(rect.center())
        theme.icons.paint(painter, icon, placeholder, Token.SECONDARY)
        return
    path = QPainterPath()
    path.addRoundedRect(QRectF(rect), Radius.THUMB, Radius.THUMB)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(path)
    painter.drawPixmap(rect, pixmap)
    painter.restore()


def draw_track(painter: QPainter, rect: QRect, per_mille: int, theme: Theme, bar: Token = Token.ACCENT) -> None:
    """Progress bar: a rounded track and the part that is done, 0 to 1000."""
    radius = rect.height() / 2
    fill_round(painter, rect, radius, theme.color(Token.TRACK))
    done = rect.width() * max(0, min(1000, per_mille)) / 1000
    if done > 0:
        fill_round(
            painter, QRectF(rect.x(), rect.y(), max(done, rect.height()), rect.height()), radius, theme.color(bar)
        )


def pill_size(theme: Theme, text: str, icon: str) -> QSize:
    icon_part = _PILL_ICON + 4 if icon else 0
    width = text_width(theme.font(TextStyle.SMALL_STRONG), text) + icon_part + 2 * _PILL_PADDING
    return QSize(width, PILL_HEIGHT)


def draw_pill(
    painter: QPainter, rect: QRect, text: str, icon: str, kind: StateKind, theme: Theme, ground: Token | None = None
) -> None:
    """State word with its icon on a wash, or on `ground`; elided when `rect` is narrower than `pill_size`."""
    fill_round(painter, rect, rect.height() / 2, theme.color(ground or kind.wash))
    inner = rect.adjusted(_PILL_PADDING, 0, -_PILL_PADDING, 0)
    if icon:
        spot = QRect(inner.x(), rect.y() + (rect.height() - _PILL_ICON) // 2, _PILL_ICON, _PILL_ICON)
        theme.icons.paint(painter, spot, icon, kind.text)
        inner.setLeft(spot.right() + 5)
    draw_text(painter, inner, text, theme.font(TextStyle.SMALL_STRONG), theme.color(kind.text))


def draw_checkbox(painter: QPainter, rect: QRect, checked: bool, hovered: bool, theme: Theme) -> None:
    if checked:
        fill_round(painter, rect, 4, theme.color(Token.ACCENT_FILL))
        theme.icons.paint(painter, rect.adjusted(2, 2, -2, -2), "check", Token.ON_ACCENT)
        return
    line = Token.ACCENT if hovered else Token.FAINT
    fill_round(painter, rect, 4, theme.color(Token.SURFACE), theme.color(line), 1.25)


def draw_menu_dots(painter: QPainter, rect: QRect, hovered: bool, theme: Theme) -> None:
    if hovered:
        fill_round(painter, rect, Radius.CONTROL, theme.color(Token.PRESSED))
    icon = QRect(0, 0, 16, 16)
    icon.moveCenter(rect.center())
    theme.icons.paint(painter, icon, "ellipsis-vertical", Token.TEXT if hovered else Token.SECONDARY)


def draw_circle(painter: QPainter, center: QPointF, radius: float, fill: QColor, line: QColor, width: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(line, width))
    painter.setBrush(fill)
    painter.drawEllipse(center, radius - width / 2, radius - width / 2)
