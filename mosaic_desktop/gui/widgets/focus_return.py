"""Gives the keyboard back to a control that could not be used for a while."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget


class FocusReturn:
    """Qt passes the keyboard on when the control that has it is disabled, to whatever comes next. `place`: any widget
    of the window.
    """

    def __init__(self, place: QWidget) -> None:
        self._place = place
        self._had: QWidget | None = None
        self._went_to: QWidget | None = None

    def away(self, disable: Callable[[], None]) -> None:
        """Calls `disable`, and remembers what it took the keyboard from."""
        had = self._focused()
        disable()
        if had is not None and not had.isEnabled():
            self._had, self._went_to = had, self._focused()

    def back(self, enable: Callable[[], None]) -> None:
        """Calls `enable`. The keyboard stays where the user went with it meanwhile."""
        had, self._had = self._had, None
        stayed = self._focused() in (self._went_to, None)
        enable()
        if had is not None and stayed:
            had.setFocus()

    def _focused(self) -> QWidget | None:
        """Also while another program's window is in front."""
        return self._place.window().focusWidget()
