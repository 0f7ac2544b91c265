"""How much memory a worker may use, so that a hostile video takes the worker down and not the computer."""

import os
import re
import sys
from pathlib import Path

_LEAST = 2 * 1024**3
_NEARLY_ALL = 0.85


def default_memory_bytes() -> int:
    """Three quarters of the computer's memory, which is enough for 8K where there is that much."""
    try:
        return max(_LEAST, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 3 // 4)
    except (AttributeError, ValueError, OSError):  # Windows has no such call
        return _LEAST


def limit_memory(count: int) -> None:
    """From here on this process gets no more address space than that. Where the system knows no such limit, nothing."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (count, count))


def was_exhausted(count: int) -> bool:
    """Whether this process came so close to its limit that what failed did so for lack of memory.

    Libraries say that in many ways: as an error of their own, as a thread that cannot be started, as nothing at all.
    """
    if sys.platform != "linux":
        return False
    peak = re.search(r"VmPeak:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii", errors="replace"))
    return peak is not None and int(peak[1]) * 1024 > _NEARLY_ALL * count
