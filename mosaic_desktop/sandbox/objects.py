"""The bytes: files of the data folder under storage keys, each with what storage knows about it.

An object appears whole or not at all: it is written beside its place, as a `.part`, and moved there when complete.
"""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from mosaic_desktop.sandbox.checksums import Checksums
from mosaic_desktop.sandbox.database import Database


@dataclass(frozen=True, slots=True)
class StoredObject:
    """`path` is where the bytes are, `created_at` seconds since 1970."""

    path: Path
    size: int
    checksums: Checksums
    content_type: str
    created_at: float


class Objects:
    """Keys are paths below `root`. They are made by this server and never by a client."""

    def __init__(self, database: Database, root: Path) -> None:
        self._database = database
        self._root = root
        self._forget_parts()

    def _forget_parts(self) -> None:
        """What a server that was killed had begun to write."""
        for part in (*self._root.glob("uploads/*.part"), *self._root.glob("nodes/*.part")):
            if part.is_dir():
                shutil.rmtree(part, ignore_errors=True)
            else:
                part.unlink()

    def path(self, key: str) -> Path:
        """Where the object lies or will lie; its folder exists."""
        path = self._root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def find(self, key: str) -> StoredObject | None:
        row = self._database.row("SELECT * FROM objects WHERE key = ?", key)
        if row is None:
            return None
        checksums = Checksums(row["md5"], row["crc32c"])
        return StoredObject(self._root / key, row["size"], checksums, row["content_type"], row["created_at"])

    def record(self, key: str, size: int, checksums: Checksums, content_type: str) -> StoredObject:
        """Tell that the file at `path(key)` is complete."""
        created_at = time.time()
        self._database.write(
            "INSERT OR REPLACE INTO objects (key, size, md5, crc32c, content_type, created_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            key, size, checksums.md5, checksums.crc32c, content_type, created_at,
        )  # fmt: skip
        return StoredObject(self._root / key, size, checksums, content_type, created_at)
