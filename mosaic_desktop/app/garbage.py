"""Garbage is looked for on the window's thread alone: Qt's objects must not be ended on another one.

Python looks for it on whichever thread happens to make the next object.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer

_INTERVAL_MS = 1000
_OLDEST = 2


@contextmanager
def garbage_kept_to_this_thread() -> Iterator[None]:
    """Meanwhile Python's own search is off; each second the event loop of this thread does what was due."""
    gc.disable()
    timer = QTimer()
    timer.timeout.connect(collect_what_is_due)
    timer.start(_INTERVAL_MS)
    try:
        yield
    finally:
        timer.stop()
        gc.enable()


def collect_what_is_due() -> None:
    """The oldest generation whose count has passed its threshold, as Python itself would choose."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in range(_OLDEST, -1, -1):
        if counts[generation] > thresholds[generation] > 0:
            gc.collect(generation)
            return
