"""Arrow keys among buttons that belong together: Left and Up go back, Right and Down go on."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class ArrowKeys(QObject):
    """Filters the keys of every added button; Qt's own handling goes by place on screen and stops at the ends of a row.
    Disabled buttons are passed over.

    `on_move` is called with the button that gets the focus: exclusive ones check it, others leave it at that.
    """

    def __init__(self, parent: QWidget, on_move: Callable[[QAbstractButton], None] | None = None) -> None:
        super().__init__(parent)
        self._on_move = on_move
        self._buttons: list[QAbstractButton] = []

    def add(self, button: QAbstractButton) -> None:
        self._buttons.append(button)
        button.installEventFilter(self)

    def remove(self, button: QAbstractButton) -> None:
        self._buttons.remove(button)
        button.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if not step or watched not in self._buttons:
            return False
        reachable = [button for button in self._buttons if button.isEnabled() or button is watched]
        number = reachable.index(watched) + step
        if 0 <= number < len(reachable):
            self._move_to(reachable[number])
        return True

    def _move_to(self, button: QAbstractButton) -> None:
        button.setFocus(Qt.FocusReason.TabFocusReason)
        if self._on_move is not None:
            self._on_move(button)


def check(button: QAbstractButton) -> None:
    """For exclusive buttons: the choice follows the focus."""
    button.setChecked(True)
