"""A rounded button for the header: icon, strong text, quiet text, and a chevron when it opens a menu."""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Size
from mosaic_desktop.gui.theme.palette import StateKind, Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.painted_button import PaintedButton

_PADDING = 13
_GAP = 6
_CHEVRON = 14
_MAX_TEXT = 220


class Chip(PaintedButton):
    """`detail` follows the text in a quieter tone: "18,420" "credits". Long texts elide."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        icon: str = "",
        detail: str = "",
        chevron: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, text, parent)
        self._icon = icon
        self._kind = StateKind.NEUTRAL
        self._chevron = chevron
        self._menu: QMenu | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_text(text, detail)

    @property
    def detail(self) -> str:
        return self._detail

    def set_text(self, text: str, detail: str = "") -> None:
        self.setText(text)
        self._detail = detail
        self.setAccessibleName(f"{text} {detail}".strip())
        self.setToolTip(text if self._text_width() < self._full_width(text) else "")
        self.updateGeometry()
        self.update()

    def set_look(self, icon: str, kind: StateKind) -> None:
        """`kind` colors the icon and the quiet words; what it means must stand in those words as well."""
        self._icon = icon
        self._kind = kind
        self.updateGeometry()
        self.update()

    def attach_menu(self, menu: QMenu) -> None:
        """Open `menu` below the chip on click, as far right as the chip, which ends where the window does."""
        self._menu = menu
        self._chevron = True
        self.clicked.connect(self._open_menu)
        self.updateGeometry()

    def _open_menu(self) -> None:
        if self._menu is not None:
            end = self.mapToGlobal(self.rect().bottomRight())
            self._menu.popup(QPoint(end.x() + 1 - self._menu.sizeHint().width(), end.y()))

    def _full_width(self, text: str) -> int:
        return paint.text_width(self.theme.font(TextStyle.BODY_STRONG), text)

    def _text_width(self) -> int:
        return min(self._full_width(self.text()), _MAX_TEXT)

    def _detail_width(self) -> int:
        return paint.text_width(self.theme.font(TextStyle.BODY), self._detail)

    def sizeHint(self) -> QSize:
        width = 2 * _PADDING + self._text_width()
        width += Size.ICON + _GAP if self._icon else 0
        width += self._detail_width() + _GAP if self._detail else 0
        width += _CHEVRON + _GAP if self._chevron else 0
        return QSize(width, Size.CONTROL)

    def paint(self, painter: QPainter, rect: QRect) -> None:
        ground = Token.PRESSED if self.isDown() else Token.HOVER if self.hovered else Token.SURFACE
        radius = rect.height() / 2
        paint.fill_round(painter, rect, radius, self.theme.color(ground), self.theme.color(Token.LINE))
        self._paint_content(painter, rect)
        if self.hasFocus():
            paint.focus_ring(painter, rect, radius, self.theme, Token.ACCENT)

    def _paint_content(self, painter: QPainter, rect: QRect) -> None:
        x = _PADDING
        if self._icon:
            spot = QRect(x, (rect.height() - Size.ICON) // 2, Size.ICON, Size.ICON)
            self.theme.icons.paint(painter, spot, self._icon, self._kind.mark)
            x += Size.ICON + _GAP
        box = QRect(x, 0, self._text_width(), rect.height())
        paint.draw_text(painter, box, self.text(), self.theme.font(TextStyle.BODY_STRONG), self.theme.color(Token.TEXT))
        x = box.right() + 1 + _GAP
        if self._detail:
            box = QRect(x, 0, self._detail_width(), rect.height())
            font, color = self.theme.font(TextStyle.BODY), self.theme.color(self._kind.text)
            paint.draw_text(painter, box, self._detail, font, color)
            x = box.right() + 1 + _GAP
        if self._chevron:
            spot = QRect(x, (rect.height() - _CHEVRON) // 2, _CHEVRON, _CHEVRON)
            self.theme.icons.paint(painter, spot, "chevron-down", Token.SECONDARY)
