"""What an account had and what its runs cost, in tables of the journal's database."""

import sqlite3

from mosaic_desktop.core.account import BalanceReading, RunCost
from mosaic_desktop.storage.database import SqliteDatabase

_COST = "run_id, agent, seconds, credits, approximate, at"
_ADD_COST = f"INSERT OR REPLACE INTO costs (profile, {_COST}) VALUES (?, ?, ?, ?, ?, ?, ?)"
_COSTS = f"SELECT {_COST} FROM costs WHERE profile = ? AND at >= ? ORDER BY at, rowid"
_ADD_READING = "INSERT OR REPLACE INTO readings (profile, at, credits) VALUES (?, ?, ?)"
_READINGS = "SELECT at, credits FROM readings WHERE profile = ? AND at >= ? ORDER BY at"
_TWO_BEFORE = "SELECT at, credits FROM readings WHERE profile = ? AND at < ? ORDER BY at DESC LIMIT 2"
_DROP_READING = "DELETE FROM readings WHERE profile = ? AND at = ?"


class SqliteLedger:
    """Implements the Ledger port for one profile. ``database`` is open, and is closed by whoever opened it.

    A balance that stays the same is kept as two readings, the first and the last of that stretch: read once a minute
    for years, an account at rest takes two rows.
    """

    def __init__(self, database: SqliteDatabase, profile: str) -> None:
        self._database = database
        self._profile = profile

    async def add_reading(self, reading: BalanceReading) -> None:
        await self._database.run(lambda sql: _add_reading(sql, self._profile, reading))

    async def readings(self, since: float = 0.0) -> tuple[BalanceReading, ...]:
        """Of a stretch that began before ``since``, only its last reading."""
        rows = await self._database.run(lambda sql: sql.execute(_READINGS, (self._profile, since)).fetchall())
        return tuple(BalanceReading(*row) for row in rows)

    async def add_cost(self, cost: RunCost) -> None:
        row = (cost.run_id, cost.agent, cost.seconds, cost.credits, cost.approximate, cost.at)
        await self._database.run(lambda sql: sql.execute(_ADD_COST, (self._profile, *row)).close())

    async def costs(self, since: float = 0.0) -> tuple[RunCost, ...]:
        rows = await self._database.run(lambda sql: sql.execute(_COSTS, (self._profile, since)).fetchall())
        return tuple(
            RunCost(run_id, agent, seconds, credits_, bool(approximate), at)
            for run_id, agent, seconds, credits_, approximate, at in rows
        )


def _add_reading(sql: sqlite3.Connection, profile: str, reading: BalanceReading) -> None:
    before = sql.execute(_TWO_BEFORE, (profile, reading.at)).fetchall()
    if len(before) == 2 and all(credits_ == reading.credits for _, credits_ in before):
        sql.execute(_DROP_READING, (profile, before[0][0]))
    sql.execute(_ADD_READING, (profile, reading.at, reading.credits))
