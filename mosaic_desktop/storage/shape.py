"""Whose rows the journal holds, and how many: for whoever helps without seeing them, or looks for lost accounts."""

import sqlite3
from collections.abc import Mapping

from mosaic_desktop.storage.database import SqliteDatabase


async def journal_shape(database: SqliteDatabase) -> Mapping[str, object]:
    """Rows of each table, by profile and, where it has one, by state. Raises JournalError."""
    return await database.run(_shape)


async def profiles_with_work(database: SqliteDatabase) -> tuple[str, ...]:
    """The ids of profiles that have rows. Raises JournalError."""
    tables = ("assets", "runs", "outputs")
    query = " UNION ".join(f"SELECT profile FROM {table}" for table in tables)  # each once
    rows = await database.run(lambda sql: sql.execute(query).fetchall())
    return tuple(sorted(profile for (profile,) in rows))


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
