"""The button that chooses which states the list shows."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from mosaic_desktop.core.run import GOING_RUN_STATES, RunState
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.buttons import Button, ButtonKind

ALL = "All states"
_CHOICES: dict[str, frozenset[RunState] | None] = {
    ALL: None,
    "Going": GOING_RUN_STATES,
    "Waiting": frozenset({RunState.WAITING}),
    "Unconfirmed": frozenset({RunState.UNCONFIRMED}),
    "Finished": frozenset({RunState.FINISHED}),
    "Failed": frozenset({RunState.FAILED}),
    "Set aside": frozenset({RunState.DROPPED}),
}


class StateFilterButton(Button):
    """`chosen(states)` carries a frozenset of run states, or None for all."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, ALL, ButtonKind.QUIET, parent=parent)
        menu = QMenu(self)
        menu.setAccessibleName("Which runs to show")
        group = QActionGroup(self)
        for word in _CHOICES:
            action = menu.addAction(word)
            action.setCheckable(True)
            group.addAction(action)
        self._actions = menu.actions()
        group.triggered.connect(lambda action: self.choose(action.text()))
        self.attach_menu(menu)
        self.choose(ALL)

    def choose(self, word: str) -> None:
        for action in self._actions:
            action.setChecked(action.text() == word)
        self.setText(word)
        self.setAccessibleName(f"Shown: {word}")
        self.updateGeometry()
        self.chosen.emit(_CHOICES[word])
