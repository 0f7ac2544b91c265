"""Garbage is looked for on the window's thread alone: Qt's objects must not be ended on another one.

Python looks for it on whichever thread happens to make the next object.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 1000
_OLDEST = 2


class WindowGarbage(QObject):
    """From its making to the end of ``parent`` Python's own search is off; each second this one does what was due."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(collect_what_is_due)
        self._timer.start(_INTERVAL_MS)


def collect_what_is_due() -> None:
    """The oldest generation whose count has passed its threshold, as Python itself would choose."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in range(_OLDEST, -1, -1):
        if counts[generation] > thresholds[generation] > 0:
            gc.collect(generation)
            return
