"""A form made from an agent's schema."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mosaic_desktop.core.parameters import Field
from mosaic_desktop.core.run import ParameterValue
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.pages.studio.editors import make_editor
from mosaic_desktop.gui.pages.studio.field_row import FieldRow
from mosaic_desktop.gui.pages.studio.form_layout import fields_start
from mosaic_desktop.gui.pages.studio.refusal import Refusal
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme


class ParameterForm(QWidget):
    """What is sent depends on `auto`: where Mosaic chooses, only what the user changed; else everything that is shown,
    so that a run is what the form said even if the agent's defaults change meanwhile. `start`: where fields begin, in
    pixels from the left.
    """

    changed = Signal()

    def __init__(self, theme: Theme, fields: Sequence[Field], scope: TaskScope) -> None:
        super().__init__()
        self._auto = False
        self._rows = {field.name: FieldRow(theme, field, make_editor(theme, field, scope)) for field in fields}
        self.start = fields_start([row.needs for row in self._rows.values()])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        for row in self._rows.values():
            row.place(self.start)
            row.changed.connect(self.changed)
            column.addWidget(row)

    def row(self, name: str) -> FieldRow | None:
        return self._rows.get(name)

    def tab_stops(self) -> list[QWidget]:
        return [stop for row in self._rows.values() for stop in row.tab_stops()]

    @property
    def missing(self) -> str:
        """What has to be entered or corrected first; empty when nothing."""
        return next((words for row in self._rows.values() if (words := row.hindrance)), "")

    def parameters(self) -> dict[str, ParameterValue]:
        """What a run should be given."""
        if self._auto:
            return self.changes()
        return {name: value for name, row in self._rows.items() if (value := row.value) is not None}

    def changes(self) -> dict[str, ParameterValue]:
        """What differs from the defaults."""
        changed = {name: row.value for name, row in self._rows.items() if row.is_changed}
        return {name: value for name, value in changed.items() if value is not None}

    def set_changes(self, values: Mapping[str, ParameterValue]) -> None:
        for name, value in values.items():
            if (row := self._rows.get(name)) is not None:
                row.set_value(value)

    def reset(self) -> None:
        for row in self._rows.values():
            row.reset()

    def set_auto(self, auto: bool) -> None:
        self._auto = auto
        for row in self._rows.values():
            row.set_auto(auto)

    def show_refusal(self, refusal: Refusal) -> FieldRow | None:
        """The row that shows it; None where there is no such field, or its value is another by now."""
        row = self._rows.get(refusal.name)
        if row is None or refusal.value not in (None, row.value):
            return None
        row.show_problem(refusal.sentence)
        return row
