"""What an account had and what its runs cost, in tables of the journal's database."""

import sqlite3
from typing import Any

from mosaic_desktop.core.account import BalanceReading, RunCost
from mosaic_desktop.storage.database import SqliteDatabase

_COST = "run_id, agent, seconds, credits, approximate, at"
_WHOSE = "profile = ? AND person = ?"
_ADD_COST = f"INSERT OR REPLACE INTO costs (profile, person, {_COST}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_COSTS = f"SELECT {_COST} FROM costs WHERE {_WHOSE} AND at >= ? ORDER BY at, rowid"
_ADD_READING = "INSERT OR REPLACE INTO readings (profile, person, at, credits) VALUES (?, ?, ?, ?)"
_READINGS = f"SELECT at, credits FROM readings WHERE {_WHOSE} AND at >= ? ORDER BY at"
_TWO_BEFORE = f"SELECT at, credits FROM readings WHERE {_WHOSE} AND at < ? ORDER BY at DESC LIMIT 2"
_DROP_READING = f"DELETE FROM readings WHERE {_WHOSE} AND at = ?"
_TAKE_OVER = "UPDATE OR IGNORE {} SET person = ? WHERE profile = ? AND person = ''"


class SqliteLedger:
    """Implements the Ledger port for one profile. ``database`` is open, and is closed by whoever opened it.

    ``person``: who is signed in, by email; what two people see is never mixed. Empty where that is not known: what was
    kept so far becomes that of the next person who is.

    A balance that stays the same is kept as two readings, the first and the last of that stretch: read once a minute
    for years, an account at rest takes two rows.
    """

    def __init__(self, database: SqliteDatabase, profile: str, person: str = "") -> None:
        self._database = database
        self._whose = (profile, person)

    async def add_reading(self, reading: BalanceReading) -> None:
        await self._database.run(lambda sql: _add_reading(sql, self._whose, reading))

    async def readings(self, since: float = 0.0) -> tuple[BalanceReading, ...]:
        """Of a stretch that began before ``since``, only its last reading."""
        rows = await self._rows("readings", _READINGS, since)
        return tuple(BalanceReading(*row) for row in rows)

    async def add_cost(self, cost: RunCost) -> None:
        row = (*self._whose, cost.run_id, cost.agent, cost.seconds, cost.credits, cost.approximate, cost.at)
        await self._database.run(lambda sql: sql.execute(_ADD_COST, row).close())

    async def costs(self, since: float = 0.0) -> tuple[RunCost, ...]:
        rows = await self._rows("costs", _COSTS, since)
        return tuple(
            RunCost(run_id, agent, seconds, credits_, bool(approximate), at)
            for run_id, agent, seconds, credits_, approximate, at in rows
        )

    async def _rows(self, table: str, query: str, since: float) -> list[tuple[Any, ...]]:
        profile, person = self._whose

        def look(sql: sqlite3.Connection) -> list[tuple[Any, ...]]:
            if person:
                sql.execute(_TAKE_OVER.format(table), (person, profile))
            return sql.execute(query, (*self._whose, since)).fetchall()

        return await self._database.run(look)


def _add_reading(sql: sqlite3.Connection, whose: tuple[str, str], reading: BalanceReading) -> None:
    before = sql.execute(_TWO_BEFORE, (*whose, reading.at)).fetchall()
    if len(before) == 2 and all(credits_ == reading.credits for _, credits_ in before):
        sql.execute(_DROP_READING, (*whose, before[0][0]))
    sql.execute(_ADD_READING, (*whose, reading.at, reading.credits))
