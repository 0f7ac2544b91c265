"""Names and values typed by hand, for agents that do not say what can be set."""

import json
from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mosaic_desktop.core.parameters import typed_text, typed_value
from mosaic_desktop.core.run import ParameterValue
from mosaic_desktop.gui.pages.studio.refusal import Refusal
from mosaic_desktop.gui.pages.studio.words import shortened
from mosaic_desktop.gui.theme.fonts import TextStyle
from mosaic_desktop.gui.theme.metrics import Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import icon_button, quiet_button
from mosaic_desktop.gui.widgets.labels import Tone, text_label
from mosaic_desktop.gui.widgets.remark import announce, mark_wrong

_HINT = "This agent does not list its settings. Add those you know by name."


class TypedRows(QWidget):
    """`changed` for every change. `texts` is the form in which rows are remembered: values as JSON."""

    changed = Signal()

    def __init__(self, theme: Theme, texts: Mapping[str, str]) -> None:
        super().__init__()
        self._theme = theme
        self._rows: list[_TypedRow] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.S)
        self._add = quiet_button(theme, "Add a setting", "plus")
        self._add.clicked.connect(self.add_row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(text_label(theme, _HINT, TextStyle.SMALL, Tone.SECONDARY, wrap=True))
        column.addLayout(self._list)
        foot = QHBoxLayout()
        foot.addWidget(self._add)
        foot.addStretch(1)
        column.addLayout(foot)
        for name, text in texts.items():
            self._append(name, _as_typed(text))

    def tab_stops(self) -> list[QWidget]:
        return [*(stop for row in self._rows for stop in row.tab_stops()), self._add]

    @property
    def missing(self) -> str:
        """What has to be completed first; empty when nothing."""
        names = [row.name for row in self._rows if row.name]
        for row in self._rows:
            if row.value and not row.name:
                return f"Name the setting with the value “{shortened(row.value)}”"
            if row.name and not row.value:
                return f"Give “{shortened(row.name)}” a value, or remove it"
        twice = next((name for name in names if names.count(name) > 1), "")
        return f"“{shortened(twice)}” is set twice: remove one" if twice else ""

    def values(self) -> dict[str, ParameterValue]:
        return {row.name: typed_value(row.value) for row in self._rows if row.name and row.value}

    def texts(self) -> dict[str, str]:
        return {name: json.dumps(value, ensure_ascii=False) for name, value in self.values().items()}

    def add_row(self) -> None:
        self._append("", "").take_focus()

    def clear(self) -> None:
        for row in tuple(self._rows):
            self._remove(row)

    def show_refusal(self, refusal: Refusal) -> QWidget | None:
        """The row that shows it; None where there is no such row, or its value is another by now."""
        for row in self._rows:
            if row.name == refusal.name and refusal.value in (None, typed_value(row.value)):
                row.show_problem(refusal.sentence)
                return row
        return None

    def take_focus(self, name: str) -> None:
        for row in self._rows:
            if row.name == name:
                row.take_focus(value=True)

    def _append(self, name: str, value: str) -> "_TypedRow":
        row = _TypedRow(self._theme, name, value)
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self._remove(row))
        self._rows.append(row)
        self._list.addWidget(row)
        return row

    def _remove(self, row: "_TypedRow") -> None:
        self._rows.remove(row)
        self._list.removeWidget(row)
        focused = QApplication.focusWidget()
        if isinstance(focused, QWidget) and row.isAncestorOf(focused):
            self._add.setFocus()
        row.hide()
        row.deleteLater()
        self.changed.emit()


class _TypedRow(QWidget):
    changed = Signal()
    removed = Signal()

    def __init__(self, theme: Theme, name: str, value: str) -> None:
        super().__init__()
        self._name, self._value = QLineEdit(name), QLineEdit(value)
        self._problem = text_label(theme, "", TextStyle.SMALL, Tone.BAD, wrap=True)
        self._problem.hide()
        self._remove = icon_button(theme, "x", "Remove this setting")
        self._remove.clicked.connect(self.removed)
        for edit, word in ((self._name, "Name"), (self._value, "Value")):
            edit.setPlaceholderText(word)
            edit.setAccessibleName(f"Setting: {word.lower()}")
            edit.textChanged.connect(self._on_text_changed)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(self._name, 2)
        row.addWidget(self._value, 3)
        row.addWidget(self._remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._problem)

    @property
    def name(self) -> str:
        return self._name.text().strip()

    @property
    def value(self) -> str:
        return self._value.text().strip()

    def tab_stops(self) -> list[QWidget]:
        return [self._name, self._value, self._remove]

    def take_focus(self, *, value: bool = False) -> None:
        (self._value if value else self._name).setFocus()

    def show_problem(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        mark_wrong(self._value, bool(sentence))
        self._value.setAccessibleDescription(sentence)
        if sentence:
            announce(self._value, f"{self.name}: {sentence}")

    def _on_text_changed(self) -> None:
        self.show_problem("")
        self.changed.emit()


def _as_typed(remembered: str) -> str:
    """JSON as it is kept, or what stands there instead."""
    try:
        return typed_text(json.loads(remembered))
    except ValueError:
        return remembered
