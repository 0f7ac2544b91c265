"""A number as slider and spin box with its unit. Both show the same value; the ends are exact."""

import math

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QWidget

from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.widgets.number_spin import NumberSpin

_MAX_POSITIONS = 1000
_SHORTEST_SLIDER = 40


class NumberField(QWidget):
    """Whole numbers with `decimals=0`; `unset` as in `NumberSpin`. `value_changed` (a float or None) is emitted once
    for every change.
    """

    value_changed = Signal(object)

    def __init__(
        self,
        name: str,
        minimum: float,
        maximum: float,
        step: float = 1.0,
        decimals: int = 0,
        unit: str = "",
        unset: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._minimum, self._maximum = minimum, maximum
        self._positions = max(1, min(_MAX_POSITIONS, math.ceil((maximum - minimum) / step)))
        self.setAccessibleName(name)
        self._slider = self._make_slider(name)
        self.spin = NumberSpin(name, minimum, maximum, step, decimals, unit, unset)
        self.spin.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.spin.valueChanged.connect(lambda: self.value_changed.emit(self.value()))
        self.spin.remarked.connect(self._follow)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(self._slider, 1)
        row.addWidget(self.spin)

    def value(self) -> float | None:
        """What is typed counts, also while the field still has the focus: not every button takes it when clicked."""
        return self.spin.number()

    def set_value(self, value: float | None) -> None:
        """Values beyond the ends become the nearest end."""
        self.spin.set_number(value)

    def _make_slider(self, name: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setAccessibleName(f"{name}, slider")
        slider.setRange(0, self._positions)
        slider.setPageStep(max(1, self._positions // 10))
        slider.setFixedHeight(Size.CONTROL)
        slider.setMinimumWidth(_SHORTEST_SLIDER)
        slider.valueChanged.connect(self._on_slider_value_changed)
        slider.installEventFilter(self)
        return slider

    def _on_slider_value_changed(self, position: int) -> None:
        span = self._maximum - self._minimum
        value = self._maximum if position == self._positions else self._minimum + span * position / self._positions
        step = self.spin.singleStep()
        if 0 < position < self._positions:
            value = self._minimum + round((value - self._minimum) / step) * step
        self.spin.set_number(value)

    def _follow(self) -> None:
        span = self._maximum - self._minimum
        value = self.value()
        share = (value - self._minimum) / span if span and value is not None else 0.0
        with QSignalBlocker(self._slider):
            self._slider.setValue(round(share * self._positions))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Scrolling a form must not change the value under the mouse.
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)
