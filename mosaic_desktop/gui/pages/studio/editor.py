"""What a form needs of an editor, whatever it looks like."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from mosaic_desktop.core.parameters import Field, FieldKind
from mosaic_desktop.core.run import ParameterValue
from mosaic_desktop.gui.widgets.remark import NOTHING, Remark


@dataclass(frozen=True, slots=True)
class Editor:
    """`changed` is emitted with every change of what is entered. `read` and `write` know None as "not set"; what is
    written must be of the field's type. `hindrance` says what has to be entered before `read` can be used; empty where
    it can.
    """

    widget: QWidget
    read: Callable[[], ParameterValue | None]
    write: Callable[[ParameterValue | None], None]
    changed: SignalInstance
    remark: Callable[[], Remark] = lambda: NOTHING
    hindrance: Callable[[], str] = lambda: ""


def unset_words(field: Field) -> str:
    """What an editor shows while nothing is set; empty for a field that always has a value."""
    if field.default is not None:
        return ""
    if not field.required:
        return "Not set"
    return "Choose…" if field.kind is FieldKind.CHOICE else "Required"
