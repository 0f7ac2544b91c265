"""A color as swatch and hex text. The swatch opens the color dialog; the text takes #RRGGBB."""

from PySide6.QtCore import QRect, QRegularExpression, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QRegularExpressionValidator
from PySide6.QtWidgets import QColorDialog, QHBoxLayout, QLineEdit, QWidget

from mosaic_desktop.gui.theme.metrics import Radius, Size, Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.painted_button import PaintedButton


class ColorField(QWidget):
    """`color_changed("#RRGGBB")` is emitted for every valid new color, in capitals."""

    color_changed = Signal(str)

    def __init__(self, theme: Theme, name: str, color: str = "#FFFFFF", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._color = color.upper()
        self._swatch = _Swatch(theme, f"{name}: pick a color")
        self._swatch.clicked.connect(self._open_dialog)
        self._edit = QLineEdit(self._color)
        self._edit.setAccessibleName(f"{name}, hex")
        self._edit.setMaximumWidth(96)
        self._edit.setValidator(QRegularExpressionValidator(QRegularExpression("#?[0-9A-Fa-f]{6}"), self._edit))
        self._edit.textEdited.connect(self._on_text_edited)
        self._edit.editingFinished.connect(self._show_color)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(self._swatch)
        row.addWidget(self._edit)
        row.addStretch(1)
        self.setAccessibleName(name)
        self._show_color()

    def color(self) -> str:
        """`#RRGGBB` in capitals."""
        return self._color

    def set_color(self, color: str) -> None:
        """Raises ValueError when `color` is not `#rrggbb`."""
        value = QColor(color)
        if len(color) != 7 or not value.isValid():
            raise ValueError(f"Not a color: {color!r}")
        self._set(value)
        self._show_color()

    def _set(self, value: QColor) -> None:
        name = value.name().upper()
        if name != self._color:
            self._color = name
            self._swatch.set_color(value)
            self.color_changed.emit(name)

    def _show_color(self) -> None:
        self._edit.setText(self._color)
        self._swatch.set_color(QColor(self._color))

    def _on_text_edited(self, text: str) -> None:
        if self._edit.hasAcceptableInput():
            self._set(QColor("#" + text.removeprefix("#")))

    def _open_dialog(self) -> None:
        dialog = QColorDialog(QColor(self._color), self)
        dialog.setWindowTitle(self._name)
        dialog.colorSelected.connect(lambda value: self.set_color(value.name()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class _Swatch(PaintedButton):
    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, name)
        self._color = QColor()
        self.setFixedSize(self.sizeHint())

    def set_color(self, color: QColor) -> None:
        self._color = color
        self.setAccessibleDescription(color.name())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(Size.CONTROL, Size.CONTROL)

    def paint(self, painter: QPainter, rect: QRect) -> None:
        line = self.theme.color(Token.FAINT if self.hovered else Token.LINE)
        paint.fill_round(painter, rect.adjusted(1, 1, -1, -1), Radius.CONTROL, self._color, line)
        if self.hasFocus():
            paint.focus_ring(painter, rect, Radius.CONTROL, self.theme, Token.ACCENT)
