"""Times as the API writes them: ISO 8601, UTC."""

from datetime import UTC, datetime


def now() -> str:
    """The current time, like `2025-06-01T12:00:00.123Z`."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
