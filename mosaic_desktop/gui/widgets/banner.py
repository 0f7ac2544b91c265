"""A message inside a page: icon, sentence, perhaps one action and a close button."""

from enum import Enum

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from mosaic_desktop.gui.theme.metrics import Radius, Size, Space
from mosaic_desktop.gui.theme.palette import StateKind
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.buttons import icon_button, secondary_button
from mosaic_desktop.gui.widgets.labels import text_label


class BannerKind(Enum):
    """(icon, state kind, word read before the sentence)"""

    INFO = ("info", StateKind.ACTIVE, "Note")
    WARNING = ("triangle-alert", StateKind.WARNING, "Warning")
    BAD = ("circle-alert", StateKind.BAD, "Problem")


class Banner(QWidget):
    """`acted` when the action is pressed; `closed` when the user closes it, which also hides it."""

    acted = Signal()
    closed = Signal()

    def __init__(
        self,
        theme: Theme,
        kind: BannerKind,
        text: str,
        action: str = "",
        closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._label = text_label(theme, text, wrap=True)
        self._action = secondary_button(theme, action)
        self._action.setVisible(bool(action))
        self._action.clicked.connect(self.acted)
        self._close = icon_button(theme, "x", "Close this message")
        self._close.setVisible(closable)
        self._close.clicked.connect(self._on_close_clicked)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(Space.M + Size.ICON + Space.S, Space.S, Space.S, Space.S)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        row.setSpacing(Space.S)
        row.addWidget(self._label, 1)
        row.addWidget(self._action, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.set_message(kind, text)
        theme.changed.connect(self.update)

    def set_message(self, kind: BannerKind, text: str) -> None:
        self._kind = kind
        self._label.setText(text)
        self._fit()
        self.setAccessibleName(f"{kind.value[2]}: {text}")
        self.update()

    def text(self) -> str:
        return self._label.text()

    def _fit(self) -> None:
        """Keep all lines in sight: layouts squeeze wrapped labels unless the least height says otherwise."""
        self.setMinimumHeight(max(0, self._row.heightForWidth(self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _on_close_clicked(self) -> None:
        self.hide()
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icon, kind, _ = self._kind.value
        paint.fill_round(painter, self.rect(), Radius.CONTROL, self._theme.color(kind.wash))
        spot = QRect(Space.M, (self.height() - Size.ICON) // 2, Size.ICON, Size.ICON)
        self._theme.icons.paint(painter, spot, icon, kind.text)
        painter.end()
