"""The server's memory: one SQLite file that one server process holds at a time.

Rows live here; the bytes of videos lie beside it as files. All use is from the event-loop thread.
"""

import secrets
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mosaic_desktop.sandbox.errors import StartError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS accounts (
    id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, password TEXT NOT NULL, created_at TEXT NOT NULL,
    credits REAL);
CREATE TABLE IF NOT EXISTS sign_ins (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL REFERENCES accounts,
    created_at TEXT NOT NULL, turn INTEGER NOT NULL DEFAULT 0, used_at REAL);
CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts, digest TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL, last_used_at TEXT, webhook_url TEXT,
    printed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS agents (
    id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts, kind TEXT NOT NULL, created_at TEXT NOT NULL,
    UNIQUE (account_id, kind));
CREATE TABLE IF NOT EXISTS objects (
    key TEXT PRIMARY KEY, size INTEGER NOT NULL, md5 TEXT NOT NULL, content_type TEXT NOT NULL,
    created_at REAL NOT NULL, crc32c TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, object_key TEXT NOT NULL, size INTEGER NOT NULL, content_type TEXT NOT NULL,
    created_at REAL NOT NULL, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts, file_name TEXT NOT NULL, size INTEGER NOT NULL,
    object_key TEXT NOT NULL, project_id TEXT);
CREATE TABLE IF NOT EXISTS files (
    id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts, upload_id TEXT UNIQUE, file_name TEXT NOT NULL,
    object_key TEXT NOT NULL, project_id TEXT NOT NULL, duration_ms INTEGER);
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts, agent_id TEXT NOT NULL, kind TEXT NOT NULL,
    file_id TEXT NOT NULL, parameters TEXT NOT NULL, automatic TEXT NOT NULL, note TEXT NOT NULL,
    status TEXT NOT NULL, project_id TEXT NOT NULL, group_id TEXT NOT NULL, created_at TEXT NOT NULL,
    finished_at TEXT, key_id TEXT);
CREATE TABLE IF NOT EXISTS nodes (
    id TEXT PRIMARY KEY, run_id TEXT NOT NULL REFERENCES runs, position INTEGER NOT NULL, type TEXT NOT NULL,
    name TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'not_started', progress REAL NOT NULL DEFAULT 0,
    frames_done INTEGER, frames_total INTEGER, error TEXT, retrying INTEGER NOT NULL DEFAULT 0,
    started_at TEXT, finished_at TEXT, price REAL NOT NULL DEFAULT 0, paid INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS edges (
    run_id TEXT NOT NULL REFERENCES runs, source TEXT NOT NULL, target TEXT NOT NULL, PRIMARY KEY (source, target));
CREATE TABLE IF NOT EXISTS outputs (
    file_id TEXT PRIMARY KEY REFERENCES files, node_id TEXT NOT NULL REFERENCES nodes, thumbnail_key TEXT NOT NULL,
    duration_ms INTEGER NOT NULL, file_size INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL REFERENCES runs, key_id TEXT NOT NULL REFERENCES keys,
    status TEXT NOT NULL, error_message TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, due_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS nodes_of_run ON nodes (run_id);
CREATE INDEX IF NOT EXISTS edges_of_run ON edges (run_id);
CREATE INDEX IF NOT EXISTS edges_to_node ON edges (target);
CREATE INDEX IF NOT EXISTS outputs_of_node ON outputs (node_id);
CREATE INDEX IF NOT EXISTS runs_of_account ON runs (account_id, status);
"""

# For data folders of before these were there: table, column and what it is.
_ADDED = (
    ("objects", "crc32c", "TEXT NOT NULL DEFAULT ''"),
    ("accounts", "credits", "REAL"),
    ("sign_ins", "used_at", "REAL"),
    ("keys", "webhook_url", "TEXT"),
    ("keys", "printed", "INTEGER NOT NULL DEFAULT 0"),
    ("uploads", "project_id", "TEXT"),
    ("files", "duration_ms", "INTEGER"),
    ("runs", "key_id", "TEXT"),
    ("nodes", "price", "REAL NOT NULL DEFAULT 0"),
    ("nodes", "paid", "INTEGER NOT NULL DEFAULT 0"),
)

Value = str | int | float | None
Row = sqlite3.Row


class Database:
    """Owned by the server; created through `open_database`, closed last."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.row_factory = sqlite3.Row

    def row(self, sql: str, *values: Value) -> Row | None:
        found: Row | None = self._connection.execute(sql, values).fetchone()
        return found

    def rows(self, sql: str, *values: Value) -> list[Row]:
        return self._connection.execute(sql, values).fetchall()

    def count(self, sql: str, *values: Value) -> int:
        return int(self._connection.execute(sql, values).fetchone()[0])

    def write(self, sql: str, *values: Value) -> None:
        """One statement; its own transaction unless one is open."""
        self._connection.execute(sql, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Several writes that become true together."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def setting(self, name: str) -> str | None:
        found = self.row("SELECT value FROM settings WHERE name = ?", name)
        return None if found is None else str(found["value"])

    def secret(self, name: str) -> bytes:
        """32 random bytes under this name, the same for the life of the data folder."""
        known = self.setting(name)
        if known is None:
            known = secrets.token_hex(32)
            self.set_setting(name, known)
        return bytes.fromhex(known)

    def set_setting(self, name: str, value: str) -> None:
        self.write("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, value)

    def close(self) -> None:
        self._connection.close()


def open_database(path: Path, wait_seconds: float, cancelled: Callable[[], bool]) -> Database:
    """Open the file and lock it for this process, waiting for another server that is just ending.

    Raises StartError when the other server stays, or when the file cannot be used.
    """
    try:
        connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise StartError(f"The file {path} cannot be opened: {error}.") from error
    deadline = time.monotonic() + wait_seconds
    told = False
    while True:
        try:
            _take(connection)
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if busy and time.monotonic() < deadline and not cancelled():
                if not told:
                    sys.stderr.write(f"Another local Mosaic is using {path.parent}. Waiting for it to end.\n")
                    told = True
                time.sleep(0.1)
                continue
            connection.close()
            reason = "another local Mosaic is using it" if busy else str(error)
            raise StartError(f"The data folder {path.parent} cannot be used: {reason}.") from error
        except sqlite3.DatabaseError as error:
            connection.close()
            raise StartError(f"The file {path} is damaged: {error}.") from error
        return Database(connection)


def _take(connection: sqlite3.Connection) -> None:
    # The exclusive mode holds the lock from the first write until the process ends, however it ends.
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("COMMIT")
    connection.executescript(_SCHEMA)
    for table, column, kind in _ADDED:
        if not _has(connection, table, column):
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    if _has(connection, "keys", "revoked_at"):
        connection.execute("DELETE FROM keys WHERE revoked_at IS NOT NULL")
        connection.execute("ALTER TABLE keys DROP COLUMN revoked_at")


def _has(connection: sqlite3.Connection, table: str, column: str) -> bool:
    return any(known[1] == column for known in connection.execute(f"PRAGMA table_info({table})"))
