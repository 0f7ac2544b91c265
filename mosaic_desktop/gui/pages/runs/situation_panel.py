"""What the selected run's state means for the user, with a button for each way on."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mosaic_desktop.core.actions import Action
from mosaic_desktop.gui.pages.runs.situation import Situation
from mosaic_desktop.gui.theme.metrics import Size, Space
from mosaic_desktop.gui.theme.theme import Theme
from mosaic_desktop.gui.widgets.banner import Banner, BannerKind
from mosaic_desktop.gui.widgets.buttons import Button, secondary_button

_BUTTONS_A_ROW = 2


class SituationPanel(QWidget):
    """`wanted(action)` by one of its buttons. `id_entered` carries the service's id of a run, as the user typed it."""

    wanted = Signal(object)
    id_entered = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._banner = Banner(theme, BannerKind.INFO, "")
        self._buttons: dict[Action, Button] = {
            Action.RETRY_STEP: secondary_button(theme, "Retry failed steps", "refresh-cw"),
            Action.LOOK_AGAIN: secondary_button(theme, "Look again", "search"),
            Action.START_AGAIN: secondary_button(theme, "Start again…", "rotate-ccw"),
            Action.ENTER_RUN_ID: secondary_button(theme, "Enter the run’s id…"),
            Action.FORGET: secondary_button(theme, "Forget it…"),
            Action.DROP: secondary_button(theme, "Don’t run", "x"),
        }
        for action, button in self._buttons.items():
            button.clicked.connect(lambda _=False, action=action: self.wanted.emit(action))
        self._field = QLineEdit()
        self._field.setAccessibleName("The run’s id")
        self._field.setPlaceholderText("The run’s id, as Mosaic shows it")
        self._field.setMinimumHeight(Size.CONTROL)
        self._field.installEventFilter(self)
        self._use = secondary_button(theme, "Use this id")
        self._entry = QWidget()
        self._grid = QGridLayout()
        self._field.returnPressed.connect(self._on_use)
        self._field.textChanged.connect(self._on_text_changed)
        self._use.clicked.connect(self._on_use)
        self._build_ui()
        self.reset()

    def show_situation(self, situation: Situation | None) -> None:
        """None hides the panel."""
        self.setVisible(situation is not None)
        if situation is None:
            return
        self._banner.set_message(situation.kind, situation.text)
        for action, button in self._buttons.items():
            button.setVisible(action in situation.actions)
            self._grid.removeWidget(button)
        for number, action in enumerate(situation.actions):
            self._grid.addWidget(self._buttons[action], *divmod(number, _BUTTONS_A_ROW), Qt.AlignmentFlag.AlignLeft)
        if Action.ENTER_RUN_ID not in situation.actions:
            self.reset()

    def ask_for_id(self) -> None:
        self._entry.setVisible(True)
        self._field.setFocus()

    def reset(self) -> None:
        """Forget what was typed: another run is shown, or the user thought better of it."""
        self._field.clear()
        self._entry.setVisible(False)
        self._use.setEnabled(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if watched is self._field and escape and event.type() == QEvent.Type.KeyPress:
            self.reset()
            self._buttons[Action.ENTER_RUN_ID].setFocus()
            return True
        return super().eventFilter(watched, event)

    def _build_ui(self) -> None:
        self._grid.setSpacing(Space.S)
        self._grid.setColumnStretch(_BUTTONS_A_ROW, 1)
        entry = QHBoxLayout(self._entry)
        entry.setContentsMargins(0, 0, 0, 0)
        entry.setSpacing(Space.S)
        entry.addWidget(self._field, 1)
        entry.addWidget(self._use)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addWidget(self._banner)
        column.addLayout(self._grid)
        column.addWidget(self._entry)
        for button in self._buttons.values():
            button.setParent(self)

    def _on_text_changed(self, text: str) -> None:
        self._use.setEnabled(bool(text.strip()))

    def _on_use(self) -> None:
        if text := self._field.text().strip():
            self.id_entered.emit(text)
