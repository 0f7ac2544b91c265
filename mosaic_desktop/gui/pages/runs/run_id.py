"""The run's id in a row of its own, copied with one click."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import icon_button
from mosaic_desktop.gui.widgets.labels import ElidedLabel, text_label

_HEIGHT = 40


class RunIdRow(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._id = ElidedLabel(theme, elide=Qt.TextElideMode.ElideMiddle)  # both ends tell ids apart
        copy = icon_button(theme, "copy", "Copy the run’s id")
        copy.clicked.connect(self.copy)
        self.setFixedHeight(_HEIGHT)
        # The icon ends where texts end, so its button reaches beyond that; the columns stay those of the facts.
        beyond = Space.L - Space.S
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, beyond, 0)
        row.setSpacing(Space.M)
        value = QWidget()
        cell = QHBoxLayout(value)
        cell.setContentsMargins(0, 0, Size.CONTROL - beyond + Space.XS, 0)
        cell.addWidget(self._id)
        self._name = text_label(theme, "Run id")
        for widget, share in ((self._name, 3), (value, 7)):
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            row.addWidget(widget, share)
        both = QGridLayout(self)
        both.setContentsMargins(Space.L, 0, Space.S, 1)
        both.addLayout(row, 0, 0)
        both.addWidget(copy, 0, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        theme.changed.connect(self.update)

    def text(self) -> str:
        return self._id.text()

    def set_name_width(self, width: int) -> None:
        """What the names above take at least, in pixels."""
        self._name.setMinimumWidth(width)

    def set_id(self, run_id: str) -> None:
        if run_id != self._id.text():
            self._id.set_text(run_id)
            self.setAccessibleName(f"Run id: {run_id}")

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self._id.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.color(Token.LINE))
        painter.end()
