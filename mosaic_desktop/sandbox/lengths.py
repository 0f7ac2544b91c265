"""How long videos are, which a worker finds out once for each of them."""

import asyncio

from mosaic_desktop.sandbox.database import Database
from mosaic_desktop.sandbox.objects import Objects
from mosaic_desktop.sandbox.rendering import Job, StepError, Workers

_LIMIT_SECONDS = 20.0
_AT_ONCE = 3
# A file may claim any length, and some are too long for the database.
_LONGEST_MS = 366 * 24 * 3600 * 1000


class Lengths:
    """Shares its workers with the scheduler: the one that measured goes on with the first step."""

    def __init__(self, database: Database, objects: Objects, workers: Workers) -> None:
        self._database = database
        self._objects = objects
        self._workers = workers
        self._measuring = asyncio.Semaphore(_AT_ONCE)

    async def of_file(self, file_id: str) -> int | None:
        """Milliseconds; None for a YouTube video and for a file that cannot be read."""
        async with self._measuring:
            file = self._database.row("SELECT * FROM files WHERE id = ?", file_id)
            if file is None or file["duration_ms"] is not None:
                return None if file is None else int(file["duration_ms"])
            path = self._objects.path(file["object_key"])
            try:
                async with asyncio.timeout(_LIMIT_SECONDS):
                    seen = await self._workers.render(Job("measure", path, path.parent), lambda *_: None)
            except (StepError, TimeoutError):
                return None
            duration_ms = min(seen.duration_ms, _LONGEST_MS)
            self._database.write("UPDATE files SET duration_ms = ? WHERE id = ?", duration_ms, file_id)
            return duration_ms
