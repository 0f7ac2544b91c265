"""How much the journal holds, in numbers: for whoever helps without seeing what it holds."""

import sqlite3
from collections.abc import Mapping

from mosaic_desktop.storage.database import SqliteDatabase


async def journal_shape(database: SqliteDatabase) -> Mapping[str, object]:
    """Rows of each table, by profile and, where it has one, by state. Raises JournalError."""
    return await database.run(_shape)


def _shape(sql: sqlite3.Connection) -> Mapping[str, object]:
    (version,) = sql.execute("PRAGMA user_version").fetchone()
    tables = [name for (name,) in sql.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {
        "sqlite": sqlite3.sqlite_version,
        "version": version,
        "tables": {table: _counts(sql, table) for table in tables},
    }


def _counts(sql: sqlite3.Connection, table: str) -> object:
    columns = {row[1] for row in sql.execute(f'PRAGMA table_info("{table}")')}
    by = ", ".join(column for column in ("profile", "state") if column in columns)
    if not by:
        (count,) = sql.execute(f'SELECT count(*) FROM "{table}"').fetchone()
        return count
    return [list(row) for row in sql.execute(f'SELECT {by}, count(*) FROM "{table}" GROUP BY {by} ORDER BY {by}')]
