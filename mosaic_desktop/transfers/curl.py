"""``core.ports.Transfers`` with libcurl: each transfer blocks a worker thread and never the event loop."""

import asyncio
import functools
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from mosaic_desktop.core.pace import MAX_SLOTS
from mosaic_desktop.core.ports import FetchedFile, Kept, Partial, Progress, SentFile
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.tasks import ended
from mosaic_desktop.transfers.digest import digest
from mosaic_desktop.transfers.download import Download
from mosaic_desktop.transfers.exchange import Settings
from mosaic_desktop.transfers.throttle import Throttle
from mosaic_desktop.transfers.trust import Trust
from mosaic_desktop.transfers.upload import upload
from mosaic_desktop.transfers.watch import Watch

T = TypeVar("T")

# A transfer at full speed keeps a core busy. One core is left to the window and the user's other programs, and what
# moves beyond that gives way to them.
_CORES = max(1, (os.cpu_count() or 2) - 1)
_GENTLE = 10  # of 19
_MOST_AT_ONCE = 4 * MAX_SLOTS  # both directions, their express lanes, and files that are compared


class CurlTransfers:
    """At most ``max_workers`` transfers move at a time; more wait. ``ca_file``: certificate authorities to believe
    instead of those that SSL_CERT_FILE names or the system has. Lives on one event loop.
    """

    def __init__(
        self, *, max_workers: int = _MOST_AT_ONCE, ca_file: Path | None = None, settings: Settings | None = None
    ) -> None:
        settings = settings or Settings()
        self._settings = replace(settings, trust=Trust(file=str(ca_file))) if ca_file else settings
        first = min(_CORES, max_workers)
        self._pool = self._crowd = ThreadPoolExecutor(first, thread_name_prefix="transfer")
        if max_workers > first:
            self._crowd = ThreadPoolExecutor(max_workers - first, thread_name_prefix="crowd", initializer=_give_way)
        self._uploads, self._downloads, self._reads = Throttle(), Throttle(), Throttle()
        self._active: dict[Watch, asyncio.Future[Any]] = {}

    def limit(self, upload_rate: int | None, download_rate: int | None) -> None:
        """Bytes a second over all transfers of each direction; holds at once, also for those under way."""
        self._uploads.set(upload_rate)
        self._downloads.set(download_rate)

    async def put(
        self, url: Secret, source: Path, size: int, content_type: str, progress: Progress, kept: Kept | None = None
    ) -> SentFile:
        """Sends exactly ``size`` bytes with that Content-Type; to a session those that it does not have yet.

        Raises StorageError, NetworkError, IntegrityError, LocalFileError (FILE_CHANGED, FILE_MISSING, FILE_UNREADABLE).
        """
        work = functools.partial(upload, url, source, size, content_type, self._telling(kept))
        sent = await self._run(work, progress, self._uploads)
        progress(size, size)
        return sent

    async def digest(self, source: Path, size: int, progress: Progress) -> str:
        """The content hash of a file of ``size`` bytes. Raises LocalFileError."""
        return await self._run(functools.partial(digest, source, size), progress, self._reads)

    async def get(
        self,
        url: Secret,
        target: Path,
        size: int | None,
        progress: Progress,
        *,
        partial: Partial | None = None,
        found: Callable[[str], None] | None = None,
        kept: Kept | None = None,
    ) -> FetchedFile:
        """Fetches into ``target``, behind what ``partial`` says is there; ``size`` in bytes where it is known. Checked
        and flushed to disk when it returns.

        Raises StorageError, NetworkError, IntegrityError, LocalFileError (DISK_FULL, FOLDER_UNWRITABLE).
        """
        work = Download(url, target, size, partial, self._telling(found), self._telling(kept))
        fetched = await self._run(work.run, progress, self._downloads)
        progress(fetched.size, fetched.size)
        return fetched

    async def aclose(self) -> None:
        """Ends what still moves and waits for the threads."""
        for watch in self._active:
            watch.abort()
        if self._active:
            await asyncio.wait(tuple(self._active.values()))
        self._pool.shutdown(wait=False)
        self._crowd.shutdown(wait=False)

    def _telling(self, hear: Callable[[T], None] | None) -> Callable[[T], None]:
        """For the worker thread: ``hear`` on the event loop, in the order in which things were told."""
        loop = asyncio.get_running_loop()
        return functools.partial(_deliver, loop, hear) if hear is not None else _nobody

    async def _run(self, work: Callable[[Watch, Settings], T], progress: Progress, throttle: Throttle) -> T:
        """Runs ``work`` in a thread, which has ended when this returns or raises, also after a cancellation."""
        loop = asyncio.get_running_loop()
        watch = Watch(functools.partial(_deliver, loop, progress), throttle)
        pool = self._pool if len(self._active) < _CORES else self._crowd
        submitted = pool.submit(work, watch, self._settings)
        future = asyncio.wrap_future(submitted)
        self._active[watch] = future
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            watch.abort()
            submitted.cancel()
            await ended(future)
            raise
        finally:
            del self._active[watch]


def _deliver(loop: asyncio.AbstractEventLoop, hear: Callable[..., None], *told: object) -> None:
    with suppress(RuntimeError):  # the loop was closed under the transfer
        loop.call_soon_threadsafe(hear, *told)


def _give_way() -> None:
    """Only on Linux has a thread a priority of its own that it may lower."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _GENTLE)


def _nobody(_told: object) -> None:
    """Hears nothing."""
