"""One editor for every kind of parameter, all behind the same few things a form needs."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from mosaic_desktop.core.parameters import Field, FieldKind, typed_text, typed_value
from mosaic_desktop.core.run import ParameterValue
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.pages.studio.choices import make_choice
from mosaic_desktop.gui.pages.studio.editor import Editor, unset_words
from mosaic_desktop.gui.pages.studio.long_text import make_long_text
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.color_field import HOW_TO_WRITE, ColorField
from mosaic_desktop.gui.widgets.number_field import NumberField
from mosaic_desktop.gui.widgets.number_spin import NumberSpin
from mosaic_desktop.gui.widgets.remark import Remark
from mosaic_desktop.gui.widgets.switch import Switch

_WIDE_SPAN = 200
_NARROW_SPAN = 2
_MOST_DECIMALS = 6
_MOST_STEPS = 10_000
"""Of a slider: beyond, as for moments of a whole day, a pixel of it is more than anybody means."""
_A_NUMBER = "A number"


def make_editor(theme: Theme, field: Field, scope: TaskScope) -> Editor:
    """An editor that shows the field's default, or where it has none, that nothing is set. `scope` is for files."""
    long = field.kind is FieldKind.LONG_TEXT
    editor = make_long_text(theme, field, scope) if long else _MAKERS[field.kind](theme, field)
    editor.write(field.default)
    return editor


def _number(theme: Theme, field: Field) -> Editor:
    """With slider and box, where a slider can be of use."""
    step, decimals = _step(field)
    if field.minimum is None or field.maximum is None or not 0 < field.maximum - field.minimum <= _MOST_STEPS * step:
        spin = NumberSpin(field.title, field.minimum, field.maximum, step, decimals, field.unit, unset_words(field))
        spin.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return _number_editor(field, spin, spin)
    number = NumberField(field.title, field.minimum, field.maximum, step, decimals, field.unit, unset_words(field))
    return _number_editor(field, number, number.spin)


def _number_editor(field: Field, widget: QWidget, spin: NumberSpin) -> Editor:
    def read() -> ParameterValue | None:
        number = spin.number()
        return round(number) if number is not None and field.kind is FieldKind.INTEGER else number

    def write(value: ParameterValue | None) -> None:
        spin.set_number(float(value) if isinstance(value, int | float) else None)

    def hindrance() -> str:
        return "" if spin.fits else spin.bounds_words() or _A_NUMBER

    return Editor(widget, read, write, spin.remarked, lambda: spin.remark, hindrance)


def _step(field: Field) -> tuple[float, int]:
    """The step, and as many digits behind the point as the field's own numbers have."""
    if field.kind is FieldKind.INTEGER:
        return max(1.0, round(field.step or 1.0)), 0
    known = [n for n in (field.default, field.minimum, field.maximum) if isinstance(n, int | float)]
    told = max((_decimals(float(number)) for number in known), default=0)
    if field.step is not None:
        return field.step, max(told, _decimals(field.step))
    if field.minimum is None or field.maximum is None:
        return 1.0, max(told, 3)
    span = field.maximum - field.minimum
    step, decimals = (0.05, 2) if span <= _NARROW_SPAN else (0.5, 1) if span <= _WIDE_SPAN else (1.0, 1)
    return step, max(told, decimals)


def _decimals(number: float) -> int:
    return len(f"{number:.{_MOST_DECIMALS}f}".rstrip("0").partition(".")[2])


def _switch(theme: Theme, field: Field) -> Editor:
    switch = Switch(theme, field.title)
    off = False if field.required or field.default is not None else None

    def write(value: ParameterValue | None) -> None:
        switch.setChecked(bool(value))

    return Editor(switch, lambda: switch.isChecked() or off, write, switch.toggled)


def _color(theme: Theme, field: Field) -> Editor:
    color = ColorField(theme, field.title, "", unset_words(field))

    def write(value: ParameterValue | None) -> None:
        color.set_color(value if isinstance(value, str) else "")

    def hindrance() -> str:
        return "" if color.fits else HOW_TO_WRITE

    return Editor(color, lambda: color.color() or None, write, color.remarked, lambda: color.remark, hindrance)


def _text(theme: Theme, field: Field) -> Editor:
    return _line_editor(field, str, str)


def _value(theme: Theme, field: Field) -> Editor:
    return _line_editor(field, typed_value, typed_text)


def _line_editor(
    field: Field, meaning: Callable[[str], ParameterValue], shown: Callable[[ParameterValue], str]
) -> Editor:
    line = QLineEdit()
    line.setAccessibleName(field.title)
    line.setPlaceholderText(unset_words(field))

    def read() -> ParameterValue | None:
        # An emptied text that had a default is a choice; one without says nothing.
        return meaning(line.text()) if line.text() or field.default is not None else None

    def write(value: ParameterValue | None) -> None:
        line.setText("" if value is None else shown(value))

    def hindrance() -> str:
        return field.excess(line.text())

    return Editor(line, read, write, line.textChanged, lambda: Remark(words := hindrance(), bool(words)), hindrance)


_MAKERS: dict[FieldKind, Callable[[Theme, Field], Editor]] = {
    FieldKind.INTEGER: _number,
    FieldKind.NUMBER: _number,
    FieldKind.CHOICE: make_choice,
    FieldKind.SWITCH: _switch,
    FieldKind.COLOR: _color,
    FieldKind.TEXT: _text,
    FieldKind.VALUE: _value,
}
