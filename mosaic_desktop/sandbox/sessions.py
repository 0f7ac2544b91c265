"""Resumable upload sessions: each is a link that lives a week by itself and keeps what arrived, also over restarts.

A link is a secret, so only its digest is stored.
"""

import asyncio
import hashlib
import secrets
import time

from mosaic_desktop.sandbox.database import Database, Row
from mosaic_desktop.sandbox.growing import GrowingFile
from mosaic_desktop.sandbox.objects import Objects

GRAIN = 256 * 1024
"""A session tells of whole multiples of this many bytes, and takes chunks of such multiples."""

_LIFE_SECONDS = 7 * 24 * 3600


class NoSessionError(Exception):
    """There never was one, or it is older than a week."""


class SessionGoneError(Exception):
    """It was cancelled."""


class Session:
    """One upload of `size` bytes to the object `key`. `is_done`: the object is stored."""

    def __init__(self, row: Row, growing: GrowingFile) -> None:
        self.id: str = row["id"]
        self.key: str = row["object_key"]
        self.size: int = row["size"]
        self.content_type: str = row["content_type"]
        self.is_done: bool = row["state"] == "done"
        self.growing = growing
        self.finishing = asyncio.Lock()

    def has(self) -> int:
        """Bytes that are there for certain. Blocks."""
        length = self.growing.length
        return length if length == self.size else length // GRAIN * GRAIN


class Sessions:
    """The sessions over the database; the bytes of open ones lie beside the objects."""

    def __init__(self, database: Database, objects: Objects) -> None:
        self._database = database
        self._objects = objects
        self._used: dict[str, Session] = {}
        self._forget_old_ones()

    def start(self, key: str, size: int, content_type: str) -> str:
        """The secret id of a new session."""
        upload_id = secrets.token_urlsafe(48)
        self._database.write(
            "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, 'open')",
            _digest(upload_id), key, size, content_type, time.time(),
        )  # fmt: skip
        return upload_id

    def find(self, upload_id: str, key: str) -> Session:
        """Raises NoSessionError, SessionGoneError."""
        row = self._database.row("SELECT * FROM sessions WHERE id = ?", _digest(upload_id))
        if row is None or row["object_key"] != key or time.time() - row["created_at"] > _LIFE_SECONDS:
            raise NoSessionError
        if row["state"] == "cancelled":
            raise SessionGoneError
        return self._used.setdefault(row["id"], Session(row, self._growing(key)))

    async def finish(self, session: Session) -> None:
        """Make the object of a session that has all its bytes. May be repeated."""
        async with session.finishing:
            if session.is_done:
                return
            sums = await asyncio.to_thread(session.growing.keep, self._objects.path(session.key))
            with self._database.transaction():
                self._objects.record(session.key, session.size, sums, session.content_type)
                self._database.write("UPDATE sessions SET state = 'done' WHERE id = ?", session.id)
            session.is_done = True
            self._used.pop(session.id, None)

    async def cancel(self, session: Session) -> None:
        """Forget what arrived; the link is good for nothing then."""
        async with session.finishing:
            self._database.write("UPDATE sessions SET state = 'cancelled' WHERE id = ?", session.id)
            await asyncio.to_thread(session.growing.discard)
            self._used.pop(session.id, None)

    def _growing(self, key: str) -> GrowingFile:
        return GrowingFile(self._objects.path(f"{key}.session"))

    def _forget_old_ones(self) -> None:
        oldest = time.time() - _LIFE_SECONDS
        for row in self._database.rows("SELECT object_key FROM sessions WHERE created_at < ?", oldest):
            self._growing(row["object_key"]).discard()
        self._database.write("DELETE FROM sessions WHERE created_at < ?", oldest)


def _digest(upload_id: str) -> str:
    # It carries 384 random bits, so a plain hash cannot be turned back.
    return hashlib.sha256(upload_id.encode("utf-8", "surrogatepass")).hexdigest()
