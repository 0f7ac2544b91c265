"""What was not added, and why, in few lines."""

from collections.abc import Iterable, Sequence

from mosaic_desktop.core.errors import Problem
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.core.units import plural

_NAME_LENGTH = 48


def refused_words(refused: Iterable[tuple[str, Problem]], names: int = 3, reasons: int = 6) -> str:
    """Why things were not added: one in a sentence; several by their reasons, the first few of each by name."""
    by_reason: dict[str, list[str]] = {}
    for offered, problem in refused:
        by_reason.setdefault(sentence(problem), []).append(_short(offered))
    lines = [f"{_first(offered, names)}: {reason}" for reason, offered in by_reason.items()]
    count = sum(map(len, by_reason.values()))
    if count == 1:
        return f"Not added. {lines[0]}"
    unsaid = sum(map(len, list(by_reason.values())[reasons:]))
    listed = [*lines[:reasons], f"… and {unsaid:,} more"] if unsaid else lines
    return "\n".join([f"{plural(count, 'thing')} were not added.", *listed])


def _first(names: Sequence[str], shown: int) -> str:
    """`a, b, c and 4 more`"""
    listed = ", ".join(names[:shown])
    return f"{listed} and {len(names) - shown:,} more" if len(names) > shown else listed


def _short(name: str) -> str:
    """`name` on one line. Both ends tell files apart, so the middle is left out."""
    line = " ".join(name.split())
    half = _NAME_LENGTH // 2
    return line if len(line) <= _NAME_LENGTH else f"{line[:half].rstrip()}…{line[-half:].lstrip()}"
