"""Push buttons: primary, secondary, quiet, danger, and icon-only. Made by the helper functions at the end."""

from enum import Enum

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Radius, Size
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint

_PADDING = 13
_GAP = 8
_CHEVRON = 14
_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier


class ButtonKind(Enum):
    """Look of a button: (fill, fill under the mouse, line, words)."""

    PRIMARY = (Token.ACCENT_FILL, Token.ACCENT_HOVER, None, Token.ON_ACCENT)
    SECONDARY = (Token.SURFACE, Token.HOVER, Token.LINE, Token.TEXT)
    QUIET = (None, Token.HOVER, None, Token.SECONDARY)
    DANGER = (Token.SURFACE, Token.BAD_WASH, Token.LINE, Token.BAD_TEXT)
    ICON = (None, Token.PRESSED, None, Token.SECONDARY)


class Button(QPushButton):
    """A push button that paints itself. Still a QPushButton, so dialogs can make it their default."""

    def __init__(
        self, theme: Theme, text: str, kind: ButtonKind, icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._kind = kind
        self._icon = icon
        self._menu: QMenu | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def kind(self) -> ButtonKind:
        return self._kind

    def set_kind(self, kind: ButtonKind) -> None:
        self._kind = kind
        self.updateGeometry()
        self.update()

    def set_icon(self, name: str) -> None:
        self._icon = name
        self.updateGeometry()
        self.update()

    def attach_menu(self, menu: QMenu) -> None:
        """Open `menu` below the button on click and show a chevron. The menu pops up without a nested event loop."""
        self._menu = menu
        self.clicked.connect(self._open_menu)
        self.updateGeometry()

    def _open_menu(self) -> None:
        if self._menu is not None:
            self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _content_width(self) -> int:
        parts: list[int] = [Size.ICON] if self._icon else []
        if self.text():
            parts.append(paint.text_width(self._theme.font(TextStyle.BODY_MEDIUM), self.text()))
        if self._menu is not None:
            parts.append(_CHEVRON)
        return sum(parts) + _GAP * (len(parts) - 1)

    def sizeHint(self) -> QSize:
        if self._kind == ButtonKind.ICON:
            return QSize(Size.CONTROL, Size.CONTROL)
        return QSize(self._content_width() + 2 * _PADDING, Size.CONTROL)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses like the space bar; Qt does that in dialogs only."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & _HELD:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_ground(painter)
        self._paint_content(painter)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        plain, under_mouse, line, _ = self._kind.value
        lit = self.isEnabled() and (self.underMouse() or self.isDown() or self.isChecked())
        fill = under_mouse if lit else plain
        if not self.isEnabled() and self._kind == ButtonKind.PRIMARY:
            fill, line = Token.SURFACE, Token.LINE
        if self.isDown() and self._kind != ButtonKind.PRIMARY:
            fill = Token.PRESSED
        ground, edge = (self._theme.color(token) if token is not None else None for token in (fill, line))
        paint.fill_round(painter, self.rect(), Radius.CONTROL, ground, edge)
        if self.hasFocus():
            ring = Token.TEXT if self._kind == ButtonKind.PRIMARY else Token.ACCENT
            paint.focus_ring(painter, self.rect(), Radius.CONTROL, self._theme, ring)

    def _paint_content(self, painter: QPainter) -> None:
        token = self._kind.value[3] if self.isEnabled() else Token.FAINT
        x = max(0, (self.width() - self._content_width()) // 2)
        if self._icon:
            spot = QRect(x, (self.height() - Size.ICON) // 2, Size.ICON, Size.ICON)
            self._theme.icons.paint(painter, spot, self._icon, token)
            x = spot.right() + 1 + _GAP
        if self.text():
            room = self.width() - x - (_CHEVRON + _GAP if self._menu is not None else 0)
            font = self._theme.font(TextStyle.BODY_MEDIUM)
            x += paint.draw_text(painter, QRect(x, 0, room, self.height()), self.text(), font, self._theme.color(token))
            x += _GAP
        if self._menu is not None:
            spot = QRect(x, (self.height() - _CHEVRON) // 2, _CHEVRON, _CHEVRON)
            self._theme.icons.paint(painter, spot, "chevron-down", token)


def primary_button(theme: Theme, text: str, icon: str = "", parent: QWidget | None = None) -> Button:
    """The one main action of a page; the text says what it will do."""
    return Button(theme, text, ButtonKind.PRIMARY, icon, parent)


def secondary_button(theme: Theme, text: str, icon: str = "", parent: QWidget | None = None) -> Button:
    return Button(theme, text, ButtonKind.SECONDARY, icon, parent)


def quiet_button(theme: Theme, text: str, icon: str = "", parent: QWidget | None = None) -> Button:
    """No ground until the mouse is over it; for actions beside a list."""
    return Button(theme, text, ButtonKind.QUIET, icon, parent)


def danger_button(theme: Theme, text: str, icon: str = "", parent: QWidget | None = None) -> Button:
    return Button(theme, text, ButtonKind.DANGER, icon, parent)


def icon_button(theme: Theme, icon: str, name: str, parent: QWidget | None = None) -> Button:
    """Icon only; `name` is its tooltip and accessible name."""
    button = Button(theme, "", ButtonKind.ICON, icon, parent)
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setFixedSize(Size.CONTROL, Size.CONTROL)
    return button
