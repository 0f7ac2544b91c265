"""The journal of one profile: its rows in the tables of a database that several profiles share."""

import logging
import sqlite3

from mosaic_desktop.core.asset import Asset, AssetId
from mosaic_desktop.core.content import KnownContent
from mosaic_desktop.core.output import Output, OutputId
from mosaic_desktop.core.ports import Recorded
from mosaic_desktop.core.run import Run, RunId
from mosaic_desktop.storage import contents
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.rows import ASSETS, OUTPUTS, RUNS
from mosaic_desktop.storage.table import R, SqlValue, Table

log = logging.getLogger(__name__)


class SqliteJournal:
    """Implements the Journal port. ``database`` is open, and is closed by whoever opened it."""

    def __init__(self, database: SqliteDatabase, profile: str) -> None:
        self._database = database
        self._profile = profile

    async def load(self) -> Recorded:
        """A row that this version cannot understand is left out here and stays untouched in the file."""
        return await self._database.run(
            lambda sql: Recorded(self._rows(sql, ASSETS), self._rows(sql, RUNS), self._rows(sql, OUTPUTS))
        )

    async def save(self, rows: tuple[Asset | Run | Output, ...]) -> None:
        """The rows are turned into values beside the event loop too, for there may be many."""

        def write(sql: sqlite3.Connection) -> None:
            for row in rows:
                sql.execute(*_upsert(self._profile, row))

        await self._database.run(write)

    async def delete(self, ids: tuple[AssetId | RunId | OutputId, ...]) -> None:
        keys = [(self._profile, str(row_id)) for row_id in ids]

        def write(sql: sqlite3.Connection) -> None:
            for table in (ASSETS, RUNS, OUTPUTS):
                sql.executemany(table.delete, keys)

        await self._database.run(write)

    async def remember(self, content: KnownContent) -> None:
        row = contents.to_values(self._profile, content)
        await self._database.run(lambda sql: sql.execute(contents.UPSERT, row).close())

    async def known(self, sample: str) -> tuple[KnownContent, ...]:
        return await self._database.run(lambda sql: contents.find(sql, self._profile, sample))

    async def forget(self, file_id: str) -> None:
        await self._database.run(lambda sql: sql.execute(contents.DELETE, (self._profile, file_id)).close())

    def _rows(self, sql: sqlite3.Connection, table: Table[R]) -> tuple[R, ...]:
        rows, reasons = table.rows(_selected(sql, table.select, self._profile))
        if reasons:
            log.warning("%d of the %s were left out; the first: %s", len(reasons), table.name, reasons[0])
        return tuple(rows)


def _selected(sql: sqlite3.Connection, select: str, profile: str) -> list[tuple[SqlValue, ...]]:
    """SQLite's own way with texts is the fastest, but stops at a damaged letter; then the connection's is taken."""
    careful = sql.text_factory
    sql.text_factory = str
    try:
        return sql.execute(select, (profile,)).fetchall()
    except sqlite3.OperationalError:
        sql.text_factory = careful
        return sql.execute(select, (profile,)).fetchall()
    finally:
        sql.text_factory = careful


def _upsert(profile: str, row: Asset | Run | Output) -> tuple[str, tuple[SqlValue, ...]]:
    match row:
        case Asset():
            return ASSETS.upsert, ASSETS.values(profile, row)
        case Run():
            return RUNS.upsert, RUNS.values(profile, row)
        case Output():
            return OUTPUTS.upsert, OUTPUTS.values(profile, row)
