"""A form made from an agent's schema."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mosaic_desktop.core.parameters import Field
from mosaic_desktop.core.run import ParameterValue
from mosaic_desktop.gui.pages.studio.field_row import FieldRow
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme


class ParameterForm(QWidget):
    """What is sent depends on `auto`: where Mosaic chooses, only what the user changed; else everything that is shown,
    so that a run is what the form said even if the agent's defaults change meanwhile.
    """

    changed = Signal()

    def __init__(self, theme: Theme, fields: Sequence[Field]) -> None:
        super().__init__()
        self._auto = False
        self._rows = {field.name: FieldRow(theme, field) for field in fields}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        for row in self._rows.values():
            row.changed.connect(self.changed)
            column.addWidget(row)

    def row(self, name: str) -> FieldRow | None:
        return self._rows.get(name)

    def tab_stops(self) -> list[QWidget]:
        return [stop for row in self._rows.values() for stop in row.tab_stops()]

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
            row.show_problem("")

    def set_auto(self, auto: bool) -> None:
        self._auto = auto
        for row in self._rows.values():
            row.set_auto(auto)

    def show_problem(self, name: str, sentence: str) -> bool:
        """Whether there is such a field."""
        row = self._rows.get(name)
        if row is None:
            return False
        row.show_problem(sentence)
        return True
