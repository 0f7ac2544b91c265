"""One editor for every kind of parameter, all behind the same four things a form needs."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, SignalInstance
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QSizePolicy, QSlider, QWidget

from mosaic_desktop.core.parameters import Field, FieldKind
from mosaic_desktop.core.run import ParameterValue
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.color_field import ColorField
from mosaic_desktop.gui.widgets.number_field import NumberField
from mosaic_desktop.gui.widgets.segmented import SegmentedControl, SegmentStyle
from mosaic_desktop.gui.widgets.select import Select
from mosaic_desktop.gui.widgets.switch import Switch

_SEGMENTS_AT_MOST = 4
_SEGMENT_LETTERS = 24
_SHORTEST_SLIDER = 40
_FAR = 1e12
_WHITE = "#FFFFFF"


@dataclass(frozen=True, slots=True)
class Editor:
    """`changed` is emitted with every change; `write` shows a value, which must be of the field's type."""

    widget: QWidget
    read: Callable[[], ParameterValue]
    write: Callable[[ParameterValue], None]
    changed: SignalInstance


def make_editor(theme: Theme, field: Field) -> Editor:
    """An editor that shows the field's default, or where it has none the plainest value."""
    editor = _MAKERS[field.kind](theme, field)
    editor.widget.setAccessibleDescription(field.description)
    for part in editor.widget.findChildren(QWidget):
        part.setAccessibleDescription(part.accessibleDescription() or field.description)
    return editor


def _number(theme: Theme, field: Field) -> Editor:
    if field.minimum is None or field.maximum is None or field.maximum <= field.minimum:
        return _open_number(field)
    step, decimals = _step(field, field.maximum - field.minimum)
    number = NumberField(field.title, field.minimum, field.maximum, step, decimals, field.unit)
    for slider in number.findChildren(QSlider):
        slider.setMinimumWidth(_SHORTEST_SLIDER)
    write = _number_writer(number.set_value)
    write(field.default if field.default is not None else field.minimum)
    return Editor(number, _number_reader(field, number.value), write, number.value_changed)


def _open_number(field: Field) -> Editor:
    """A number without both ends: a slider would have nowhere to go."""
    spin = QDoubleSpinBox()
    step, decimals = _step(field, _FAR)
    spin.setAccessibleName(field.title)
    spin.setDecimals(decimals)
    spin.setRange(-_FAR if field.minimum is None else field.minimum, _FAR if field.maximum is None else field.maximum)
    spin.setSingleStep(step)
    spin.setSuffix(f" {field.unit}" if field.unit else "")
    spin.setKeyboardTracking(False)
    spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    spin.installEventFilter(_NoWheel(spin))
    write = _number_writer(spin.setValue)
    write(field.default if field.default is not None else 0)
    return Editor(spin, _number_reader(field, spin.value), write, spin.valueChanged)


def _step(field: Field, span: float) -> tuple[float, int]:
    """The step and the digits behind the point that suit a field whose ends are `span` apart."""
    if field.kind is FieldKind.INTEGER:
        return max(1.0, round(field.step or 1.0)), 0
    if field.step is not None:
        return field.step, min(6, len(f"{field.step:.6f}".rstrip("0").partition(".")[2]))
    if span >= _FAR:
        return 1.0, 3
    return (0.05, 2) if span <= 2 else (0.5, 1) if span <= 200 else (1.0, 0)


def _number_reader(field: Field, value: Callable[[], float]) -> Callable[[], ParameterValue]:
    return (lambda: round(value())) if field.kind is FieldKind.INTEGER else value


def _number_writer(set_value: Callable[[float], None]) -> Callable[[ParameterValue], None]:
    def write(value: ParameterValue) -> None:
        if isinstance(value, int | float):
            set_value(float(value))

    return write


def _choice(theme: Theme, field: Field) -> Editor:
    values = [value for value, _ in field.choices]
    options = [(str(number), title) for number, (_, title) in enumerate(field.choices)]
    letters = sum(len(title) for _, title in options)
    if 2 <= len(options) <= _SEGMENTS_AT_MOST and letters <= _SEGMENT_LETTERS:
        return _segments(theme, field, values, options)
    select = Select(field.title, options)
    # As wide as the form gives it; a long choice must not make the form wider than the card.
    select.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    select.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def write(value: ParameterValue) -> None:
        if value in values:
            select.set_current_key(str(values.index(value)))

    _write_default(field, write)
    return Editor(select, lambda: values[max(0, select.currentIndex())], write, select.currentIndexChanged)


def _segments(theme: Theme, field: Field, values: list[ParameterValue], options: list[tuple[str, str]]) -> Editor:
    segments = SegmentedControl(theme, field.title, options, SegmentStyle.JOINED)

    def write(value: ParameterValue) -> None:
        if value in values:
            segments.set_current(str(values.index(value)))

    _write_default(field, write)
    return Editor(segments, lambda: values[int(segments.current())], write, segments.chosen)


def _switch(theme: Theme, field: Field) -> Editor:
    switch = Switch(theme, field.title)

    def write(value: ParameterValue) -> None:
        switch.setChecked(bool(value))

    _write_default(field, write)
    return Editor(switch, switch.isChecked, write, switch.toggled)


def _color(theme: Theme, field: Field) -> Editor:
    color = ColorField(theme, field.title, _WHITE)

    def write(value: ParameterValue) -> None:
        if isinstance(value, str) and len(value) == len(_WHITE) and value.startswith("#"):
            color.set_color(value)

    _write_default(field, write)
    return Editor(color, color.color, write, color.color_changed)


def _text(theme: Theme, field: Field) -> Editor:
    line = QLineEdit()
    line.setAccessibleName(field.title)

    def write(value: ParameterValue) -> None:
        line.setText(str(value))

    _write_default(field, write)
    return Editor(line, line.text, write, line.textChanged)


def _write_default(field: Field, write: Callable[[ParameterValue], None]) -> None:
    if field.default is not None:
        write(field.default)


class _NoWheel(QObject):
    """Scrolling a form must not change the value under the mouse."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


_MAKERS: dict[FieldKind, Callable[[Theme, Field], Editor]] = {
    FieldKind.INTEGER: _number,
    FieldKind.NUMBER: _number,
    FieldKind.CHOICE: _choice,
    FieldKind.SWITCH: _switch,
    FieldKind.COLOR: _color,
    FieldKind.TEXT: _text,
}
