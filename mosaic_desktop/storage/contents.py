"""The journal's memory of what was sent before: statements and their values."""

import sqlite3

from mosaic_desktop.core.content import KnownContent

_NAMES = "content, sample, size, file_id, name, sent_at"
UPSERT = (
    f"INSERT INTO contents (profile, {_NAMES}) VALUES (?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (profile, content) DO UPDATE SET sample = excluded.sample, size = excluded.size, "
    "file_id = excluded.file_id, name = excluded.name, sent_at = excluded.sent_at"
)
DELETE = "DELETE FROM contents WHERE profile = ? AND file_id = ?"
_SELECT = f"SELECT {_NAMES} FROM contents WHERE profile = ? AND sample = ? ORDER BY sent_at DESC"


def to_values(profile: str, known: KnownContent) -> tuple[str | int | float, ...]:
    """In the order of ``UPSERT``. A name that is no Unicode is only shown, so it need not be kept to the letter."""
    name = known.name.encode(errors="replace").decode()
    return (profile, known.content, known.sample, known.size, known.file_id, name, known.sent_at)


def find(sql: sqlite3.Connection, profile: str, sample: str) -> tuple[KnownContent, ...]:
    return tuple(KnownContent(*values) for values in sql.execute(_SELECT, (profile, sample)))
