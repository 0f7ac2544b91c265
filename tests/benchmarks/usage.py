"""What this process takes of the machine, by the kernel's account."""

import resource
import time
from pathlib import Path

_STATUS = Path("/proc/self/status")
_RESET_PEAK = "5"


def forget_peak() -> None:
    """From here on the most memory counts anew."""
    Path("/proc/self/clear_refs").write_text(_RESET_PEAK, encoding="ascii")


def memory() -> tuple[int, int]:
    """Bytes in memory now, and at most."""
    fields = dict(line.split(":", 1) for line in _STATUS.read_text(encoding="utf-8").splitlines())
    now, most = (int(fields[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))
    return now, most


class Processor:
    """Share of one core that all threads of this process took since this was made."""

    def __init__(self) -> None:
        self._began, self._used = time.monotonic(), _seconds()

    def share(self) -> float:
        return (_seconds() - self._used) / (time.monotonic() - self._began)


def _seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
