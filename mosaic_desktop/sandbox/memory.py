"""How much memory a worker may use, so that a hostile video takes the worker down and not the computer."""

import os
import sys

_LEAST = 2 * 1024**3


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
