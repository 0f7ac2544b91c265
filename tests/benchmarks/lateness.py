"""How late the UI thread's event loop comes to what is due."""

import time
from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, QTimer

_INTERVAL = 0.004


class Lateness(QObject):
    """Looks every 4 ms from its making to ``stop``. A loop that stands still for long misses many looks at once, and
    each of them counts with its own lateness.
    """

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self._due = time.monotonic() + _INTERVAL
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._look)
        self._timer.start(round(_INTERVAL * 1000))

    def stop(self) -> Mapping[str, float]:
        """Milliseconds, and seconds that were looked at."""
        self._look()
        self._timer.stop()
        late = sorted(self.late) or [0.0]
        return {
            "median_ms": _ms(late[len(late) // 2]),
            "p99_ms": _ms(late[int(len(late) * 0.99)]),
            "p999_ms": _ms(late[int(len(late) * 0.999)]),
            "worst_ms": _ms(late[-1]),
            "seconds": round(len(late) * _INTERVAL, 2),
        }

    def _look(self) -> None:
        now = time.monotonic()
        while self._due <= now:
            self.late.append(now - self._due)
            self._due += _INTERVAL


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
