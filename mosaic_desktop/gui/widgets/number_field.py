"""A number as slider and spin box with its unit. Both show the same value; the ends are exact."""

import math

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QHBoxLayout, QSizePolicy, QSlider, QWidget

from mosaic_desktop.gui.theme.metrics import Size, Space

_MAX_POSITIONS = 1000
_TEXT_MARGIN = 7


def prepare_spin_box(spin: QAbstractSpinBox, name: str) -> None:
    """Give a bare spin box its name and the text margin that the style sheet cannot reach."""
    spin.setAccessibleName(name)
    spin.lineEdit().setTextMargins(_TEXT_MARGIN, 0, 0, 0)
    spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


class NumberField(QWidget):
    """Whole numbers with `decimals=0`. `value_changed(float)` is emitted once for every change."""

    value_changed = Signal(float)

    def __init__(
        self,
        name: str,
        minimum: float,
        maximum: float,
        step: float = 1.0,
        decimals: int = 0,
        unit: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._minimum, self._maximum = minimum, maximum
        self._positions = max(1, min(_MAX_POSITIONS, math.ceil((maximum - minimum) / step)))
        self.setAccessibleName(name)
        self._slider = self._make_slider(name)
        self._spin = self._make_spin(name, step, decimals, unit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(self._slider, 1)
        row.addWidget(self._spin)
        self.setFocusProxy(self._spin)

    def value(self) -> float:
        """What is typed counts, also while the field still has the focus: not every button takes it when clicked."""
        self._spin.interpretText()
        return self._spin.value()

    def set_value(self, value: float) -> None:
        """Values beyond the ends become the nearest end."""
        self._spin.setValue(value)
        self._follow()

    def _make_slider(self, name: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setAccessibleName(f"{name}, slider")
        slider.setRange(0, self._positions)
        slider.setPageStep(max(1, self._positions // 10))
        slider.setFixedHeight(Size.CONTROL)
        slider.setMinimumWidth(64)
        slider.valueChanged.connect(self._on_slider_value_changed)
        slider.installEventFilter(self)
        return slider

    def _make_spin(self, name: str, step: float, decimals: int, unit: str) -> QDoubleSpinBox:
        spin = QDoubleSpinBox()
        prepare_spin_box(spin, name)
        spin.setDecimals(decimals)
        spin.setRange(self._minimum, self._maximum)
        spin.setSingleStep(step)
        spin.setSuffix(f" {unit}" if unit else "")
        spin.setKeyboardTracking(False)
        spin.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        spin.setMinimumWidth(92)
        spin.valueChanged.connect(self._on_spin_value_changed)
        spin.installEventFilter(self)
        return spin

    def _on_slider_value_changed(self, position: int) -> None:
        span = self._maximum - self._minimum
        value = self._maximum if position == self._positions else self._minimum + span * position / self._positions
        step = self._spin.singleStep()
        if 0 < position < self._positions:
            value = self._minimum + round((value - self._minimum) / step) * step
        self._spin.setValue(value)

    def _on_spin_value_changed(self, value: float) -> None:
        self._follow()
        self.value_changed.emit(value)

    def _follow(self) -> None:
        span = self._maximum - self._minimum
        share = (self._spin.value() - self._minimum) / span if span else 0.0
        with QSignalBlocker(self._slider):
            self._slider.setValue(round(share * self._positions))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Scrolling a form must not change the value under the mouse.
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)
