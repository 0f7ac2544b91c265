"""A color as swatch and hex text. The swatch opens the color dialog; the text takes #RRGGBB."""

import re

from PySide6.QtCore import QLineF, QRect, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QColorDialog, QHBoxLayout, QLineEdit, QWidget

from mosaic_desktop.gui.theme.metrics import Radius, Size, Space
from mosaic_desktop.gui.theme.palette import Token
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets import paint
from mosaic_desktop.gui.widgets.painted_button import PaintedButton
from mosaic_desktop.gui.widgets.remark import NOTHING, Remark

_HEX = re.compile(r"#?[0-9A-Fa-f]{6}")
_BEGUN = re.compile(r"#?[0-9A-Fa-f]{0,5}")
HOW_TO_WRITE = "Six hex digits, such as #FFD400"


class ColorField(QWidget):
    """`color_changed("#RRGGBB")` is emitted for every new color, in capitals. With `unset`, such as "Not set", there
    may be none, which is the color `""`. `remarked` when `remark` or `fits` may have changed.
    """

    color_changed = Signal(str)
    remarked = Signal()

    def __init__(
        self, theme: Theme, name: str, color: str = "#FFFFFF", unset: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._unset = unset
        self._color = color.upper()
        self._remark = NOTHING
        self._swatch = _Swatch(theme, f"{name}: pick a colour")
        self._swatch.clicked.connect(self._open_dialog)
        self._edit = QLineEdit(self._color)
        self._edit.setAccessibleName(f"{name}, hex")
        self._edit.setPlaceholderText(unset)
        self._edit.setMaximumWidth(96)
        self._edit.setMinimumWidth(60)
        self._edit.textEdited.connect(self._on_text_edited)
        self._edit.editingFinished.connect(self._settle)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(self._swatch)
        row.addWidget(self._edit)
        row.addStretch(1)
        self.setAccessibleName(name)
        self._show_color()

    @property
    def remark(self) -> Remark:
        """What to tell about what was typed."""
        return self._remark

    @property
    def fits(self) -> bool:
        """Whether what stands in the field is what `color` says."""
        text = self._edit.text()
        return bool(_HEX.fullmatch(text)) or (bool(self._unset) and not text)

    def color(self) -> str:
        """`#RRGGBB` in capitals; empty while unset."""
        return self._color

    def set_color(self, color: str) -> None:
        """Raises ValueError when `color` is neither `#rrggbb` nor, in a field that may be unset, empty."""
        if not (len(color) == 7 and _HEX.fullmatch(color)) and not (self._unset and not color):
            raise ValueError(f"Not a color: {color!r}")
        self._set(color.upper())
        self._show_color()

    # Inside

    def _set(self, color: str) -> None:
        changed, self._color = color != self._color, color
        self._swatch.set_color(color)
        self._say(NOTHING)
        if changed:
            self.color_changed.emit(color)

    def _say(self, remark: Remark) -> None:
        self._remark = remark
        self.remarked.emit()

    def _show_color(self) -> None:
        self._edit.setText(self._color)
        self._swatch.set_color(self._color)

    def _on_text_edited(self, text: str) -> None:
        if self.fits:
            self._set(f"#{text.removeprefix('#').upper()}" if text else "")
        else:
            self._say(NOTHING if _BEGUN.fullmatch(text) else Remark(HOW_TO_WRITE, wrong=True))

    def _settle(self) -> None:
        """The field is left: what is no color gives way to the last one, and the field says so."""
        typed, fits = self._edit.text(), self.fits
        self._show_color()
        if not fits:
            what = f"“{typed}” is no colour" if typed else "nothing was typed"
            self._say(Remark(f"{self._color or self._unset} stays: {what}."))

    def _open_dialog(self) -> None:
        dialog = QColorDialog(QColor(self._color or "#FFFFFF"), self)
        dialog.setWindowTitle(self._name)
        dialog.colorSelected.connect(lambda value: self.set_color(value.name()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class _Swatch(PaintedButton):
    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, name)
        self._color = ""
        self.setFixedSize(self.sizeHint())

    def set_color(self, color: str) -> None:
        """`#rrggbb`, or empty for none."""
        self._color = color
        self.setAccessibleDescription(color or "none yet")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(Size.CONTROL, Size.CONTROL)

    def paint(self, painter: QPainter, rect: QRect) -> None:
        line = self.theme.color(Token.FAINT if self.hovered else Token.LINE)
        fill = QColor(self._color) if self._color else self.theme.color(Token.RAISED)
        paint.fill_round(painter, rect.adjusted(1, 1, -1, -1), Radius.CONTROL, fill, line)
        if not self._color:
            painter.setPen(QPen(self.theme.color(Token.FAINT), 1.5))
            painter.drawLine(QLineF(rect.left() + 8, rect.bottom() - 7, rect.right() - 7, rect.top() + 8))
        if self.hasFocus():
            paint.focus_ring(painter, rect, Radius.CONTROL, self.theme, Token.ACCENT)
