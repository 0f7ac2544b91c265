"""One SQLite file on one thread of its own, for one process at a time.

Owns opening, locking, setting a damaged file aside, and the one conversion of sqlite3's errors.
"""

import asyncio
import itertools
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from mosaic_desktop.core.errors import Code, JournalError
from mosaic_desktop.storage.migrations import is_newer, migrate

T = TypeVar("T")
log = logging.getLogger(__name__)

_BUSY_SECONDS = 1.0
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_TABLES_OF_PROFILES = """
    SELECT t.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c
    WHERE t.type = 'table' AND c.name = 'profile'
"""
_PRAGMAS = (
    # With the file locked for good, WAL needs no shared memory, which network folders do not offer.
    "locking_mode = EXCLUSIVE",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
)


class SqliteDatabase:
    """Created by the application with the data folder; ``open`` before use, ``aclose`` at the end.

    ``set_aside`` names the damaged file that ``open`` found and put out of the way, or is None; ``is_newer`` tells that
    a newer version of the application wrote the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, "journal")
        self._connection: sqlite3.Connection | None = None
        self._lock: sqlite3.Connection | None = None
        self.set_aside: Path | None = None
        self.is_newer = False

    async def open(self) -> None:
        """Raises JournalError: IN_USE where another process has it open, JOURNAL where it cannot be used."""
        try:
            await self._off_loop(self._open)
        except BaseException:
            await self.aclose()
            raise

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """``work`` as one transaction, durable when this returns. Raises JournalError."""
        return await self._off_loop(lambda: self._transaction(work))

    async def forget_profile(self, profile: str) -> None:
        """Deletes everything of one profile, also what only a newer version keeps. Raises JournalError."""
        await self.run(lambda sql: _forget_profile(sql, profile))

    async def aclose(self) -> None:
        """May be repeated. What was begun is finished first."""
        if self._lock is not None:
            await self._off_loop(self._close)
        self._thread.shutdown(wait=False)

    async def _off_loop(self, work: Callable[[], T]) -> T:
        def converted() -> T:
            with _converted():
                return work()

        try:
            future = self._thread.submit(converted)
        except RuntimeError as error:
            raise JournalError(Code.JOURNAL, "the journal is closed") from error
        return await asyncio.wrap_future(future)

    # On the thread

    def _transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._connection is None:
            raise JournalError(Code.JOURNAL, "the journal is not open")
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            return work(self._connection)

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A lock beside the file holds while a damaged file is renamed and another begun in its place.
        self._lock = _connect(self._path.with_suffix(".lock"))
        self._lock.execute("BEGIN EXCLUSIVE")
        try:
            self._connection = _open_sound(self._path)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            self.set_aside = _set_aside(self._path)
            log.warning("the journal was damaged (%s); it was kept as %s", error, self.set_aside.name)
            self._connection = _open_sound(self._path)
        self.is_newer = is_newer(self._connection)

    def _close(self) -> None:
        for connection in (self._connection, self._lock):
            if connection is not None:
                connection.close()
        self._connection = self._lock = None


def _connect(path: Path) -> sqlite3.Connection:
    """A connection whose file only this user can read; SQLite gives its side files the same mode."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    # One damaged letter must not keep every other row from being read.
    connection.text_factory = lambda raw: raw.decode(errors="replace")
    return connection


def _open_sound(path: Path) -> sqlite3.Connection:
    """An open journal of this version; raises sqlite3.DatabaseError where it is damaged."""
    connection = _connect(path)
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise _Damaged(verdict)
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _forget_profile(connection: sqlite3.Connection, profile: str) -> None:
    for (table,) in connection.execute(_TABLES_OF_PROFILES).fetchall():
        connection.execute(f'DELETE FROM "{table}" WHERE profile = ?', (profile,))


class _Damaged(sqlite3.DatabaseError):
    """What ``quick_check`` found, beside the damage that sqlite3 itself trips over."""


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return isinstance(error, _Damaged) or _primary(error) in _DAMAGE


def _primary(error: sqlite3.Error) -> int:
    """SQLite's primary result code, without the extension."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _set_aside(path: Path) -> Path:
    """Renames the file and its log to ``journal.corrupt-<n>.sqlite``; nothing is deleted."""
    names = (path.with_name(f"{path.stem}.corrupt-{n}{path.suffix}") for n in itertools.count(1))
    target = next(name for name in names if not name.exists())
    for side in ("-wal", ""):
        source = path.with_name(path.name + side)
        if source.exists():
            source.rename(target.with_name(target.name + side))
    return target


@contextmanager
def _converted() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        busy = _primary(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        raise JournalError(Code.IN_USE if busy else Code.JOURNAL, str(error), retryable=not busy) from error
    except OverflowError as error:  # a number that is larger than any the file can hold
        raise JournalError(Code.JOURNAL, str(error)) from error
    except OSError as error:
        raise JournalError(Code.JOURNAL, error.strerror or str(error)) from error
