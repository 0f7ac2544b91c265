"""Webhook deliveries and the fingerprints by which a repeated one is known, in tables of the journal's database."""

import sqlite3

from mosaic_desktop.core.account import Delivery, Verdict
from mosaic_desktop.storage.database import SqliteDatabase

KEPT = 500
"""Deliveries of one profile."""

_SECONDS_KEPT = 8 * 24 * 3600.0
_FINGERPRINTS_KEPT = 1000  # however old they seem to be: a clock that is wrong for an hour forgets nothing

_NAMES = "at, verdict, event, remote_run_id, size"
_ADD = f"INSERT INTO deliveries (profile, {_NAMES}) VALUES (?, ?, ?, ?, ?, ?)"
_LATEST = f"SELECT {_NAMES} FROM deliveries WHERE profile = ? ORDER BY number DESC LIMIT {KEPT}"
_DROP = """
    DELETE FROM deliveries WHERE profile = :profile AND number <= (
        SELECT number FROM deliveries WHERE profile = :profile ORDER BY number DESC LIMIT 1 OFFSET :kept
    )
"""
_ADD_FINGERPRINT = "INSERT OR IGNORE INTO fingerprints (profile, fingerprint, at) VALUES (?, ?, ?)"
_DROP_FINGERPRINTS = """
    DELETE FROM fingerprints WHERE profile = :profile AND at < :since AND number <= (
        SELECT number FROM fingerprints WHERE profile = :profile ORDER BY number DESC LIMIT 1 OFFSET :kept
    )
"""


class SqliteDeliveries:
    """Implements the DeliveryLog port for one profile. ``database`` is open, and is closed by whoever opened it.

    Keeps the latest 500 deliveries, and the fingerprints of at least the last eight days.
    """

    def __init__(self, database: SqliteDatabase, profile: str) -> None:
        self._database = database
        self._profile = profile

    async def is_new(self, fingerprint: str, at: float) -> bool:
        def write(sql: sqlite3.Connection) -> bool:
            is_new = sql.execute(_ADD_FINGERPRINT, (self._profile, fingerprint, at)).rowcount == 1
            limits = {"profile": self._profile, "since": at - _SECONDS_KEPT, "kept": _FINGERPRINTS_KEPT}
            sql.execute(_DROP_FINGERPRINTS, limits)
            return is_new

        return await self._database.run(write)

    async def add(self, delivery: Delivery) -> None:
        row = (delivery.at, str(delivery.verdict), delivery.event, delivery.remote_run_id, delivery.size)

        def write(sql: sqlite3.Connection) -> None:
            sql.execute(_ADD, (self._profile, *row))
            sql.execute(_DROP, {"profile": self._profile, "kept": KEPT})

        await self._database.run(write)

    async def latest(self) -> tuple[Delivery, ...]:
        """Newest first. Those with a verdict of a newer version are left out."""
        rows = await self._database.run(lambda sql: sql.execute(_LATEST, (self._profile,)).fetchall())
        return tuple(
            Delivery(at, Verdict(verdict), event, remote_run_id, size)
            for at, verdict, event, remote_run_id, size in rows
            if verdict in Verdict._value2member_map_
        )
