"""Stretches of time and how long they last together. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime

Span = tuple[float, float]
"""From and to, in seconds since the epoch."""


def span_between(start: str | None, end: str | None, now: float | None = None) -> Span | None:
    """Between two times as a service writes them (ISO 8601); ``now`` in place of an ``end`` that is not there. None
    where that cannot be said.
    """
    began, ended = _read(start), _read(end)
    if end is None and now is not None:
        ended = datetime.fromtimestamp(now, UTC)
    if began is None or ended is None or (began.tzinfo is None) is not (ended.tzinfo is None):
        return None
    seconds = _seconds(began), _seconds(ended)
    return seconds[0], max(seconds)


def covered(spans: Iterable[Span]) -> float:
    """Seconds that lie in at least one of ``spans``."""
    total, reached = 0.0, float("-inf")
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _read(text: str | None) -> datetime | None:
    try:
        return None if text is None else datetime.fromisoformat(text)
    except ValueError:
        return None


def _seconds(time: datetime) -> float:
    return (time if time.tzinfo is not None else time.replace(tzinfo=UTC)).timestamp()
