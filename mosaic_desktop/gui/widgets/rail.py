"""The rail at the left: one button a page, icon over a short word. Up and Down move, the choice follows."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Radius, Size, Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.arrow_keys import ArrowKeys, check
from mosaic_desktop.gui.widgets.logo import Logo
from mosaic_desktop.gui.widgets.painted_button import PaintedButton

_LOGO = 36


class RailButton(PaintedButton):
    """One page. `set_mark(True)` puts a dot at the icon when something there needs the user."""

    def __init__(self, theme: Theme, icon: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, text, parent)
        self._icon = icon
        self._mark = False
        self.setText(text)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFixedSize(self.sizeHint())

    def set_mark(self, marked: bool) -> None:
        self._mark = marked
        self.setAccessibleDescription("Needs attention" if marked else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(Size.RAIL - 2 * Space.S, Size.RAIL_BUTTON)

    def paint(self, painter: QPainter, rect: QRect) -> None:
        current = self.isChecked()
        ground = Token.ACCENT_WASH if current else Token.HOVER if self.hovered else None
        if ground is not None:
            paint.fill_round(painter, rect, Radius.CONTROL, self.theme.color(ground))
        token = Token.ACCENT_TEXT if current else Token.SECONDARY
        icon = QRect((rect.width() - Size.RAIL_ICON) // 2, 8, Size.RAIL_ICON, Size.RAIL_ICON)
        self.theme.icons.paint(painter, icon, self._icon, token)
        if self._mark:
            dot = QRect(icon.right() - 2, icon.top() - 2, 8, 8)
            paint.fill_round(painter, dot, 4, self.theme.color(Token.BAD))
        font = self.theme.font(TextStyle.RAIL_CURRENT if current else TextStyle.RAIL)
        words = QRect(2, 31, rect.width() - 4, 16)
        paint.draw_text(painter, words, self.text(), font, self.theme.color(token), paint.CENTER)
        if self.hasFocus():
            paint.focus_ring(painter, rect, Radius.CONTROL, self.theme, Token.ACCENT)


class Rail(QWidget):
    """Pages by key. `chosen(key)` is emitted when the user or `set_current` changes the page."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, name: str = "Pages", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._keys: list[str] = []
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._arrows = ArrowKeys(self, check)
        self._group.idToggled.connect(self._on_id_toggled)
        self.setAccessibleName(name)
        self.setFixedWidth(Size.RAIL)
        self._build_ui()
        theme.changed.connect(self.update)

    def add(self, key: str, icon: str, text: str, bottom: bool = False) -> RailButton:
        """Add a page; `bottom` puts it at the foot of the rail. The first one added is current."""
        button = RailButton(self._theme, icon, text)
        (self._bottom if bottom else self._top).addWidget(button)
        self._arrows.add(button)
        self._group.addButton(button, len(self._keys))
        self._keys.append(key)
        if len(self._keys) == 1:
            button.setChecked(True)
        return button

    def button(self, key: str) -> RailButton:
        button = self._group.button(self._keys.index(key))
        assert isinstance(button, RailButton)
        return button

    def current(self) -> str:
        return self._keys[self._group.checkedId()]

    def set_current(self, key: str) -> None:
        self.button(key).setChecked(True)

    def _build_ui(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.S, Space.M, Space.S, Space.S)
        layout.setSpacing(Space.XS)
        layout.addWidget(Logo(self._theme, _LOGO), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(Space.M)
        self._top, self._bottom = QVBoxLayout(), QVBoxLayout()
        for part in (self._top, self._bottom):
            part.setSpacing(Space.XS)
        layout.addLayout(self._top)
        layout.addStretch(1)
        layout.addLayout(self._bottom)

    def _on_id_toggled(self, number: int, checked: bool) -> None:
        if checked and number < len(self._keys):
            self.chosen.emit(self._keys[number])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color(Token.SURFACE))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), self._theme.color(Token.LINE))
        painter.end()
