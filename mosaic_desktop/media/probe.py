"""Looking into video files on threads of their own. PyAV is loaded there, with the first file, not at start-up."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from mosaic_desktop.core.errors import LocalFileError
from mosaic_desktop.core.video import MediaInfo

T = TypeVar("T")

_THREADS = 2
_SECONDS_A_FILE = 20.0

Limit = Callable[[], bool]


class AvProbe:
    """Implements the MediaProbe port. Created by the application; ``aclose`` ends it within moments.

    FFmpeg runs in this process: its containers are limited to those that stand alone, and each file to
    ``seconds`` of reading.
    """

    def __init__(self, *, seconds: float = _SECONDS_A_FILE) -> None:
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(_THREADS, "probe")
        self._closing = threading.Event()

    async def probe(self, path: Path) -> MediaInfo:
        """Raises LocalFileError: FILE_MISSING, FILE_EMPTY, FILE_UNREADABLE, NOT_A_VIDEO."""
        return await self._off_loop(lambda limit: _probe(path, limit))

    async def thumbnail(self, path: Path, target: Path) -> Path | None:
        """A JPEG of at most 336 x 188 pixels, as the film is shown; None where no picture can be read or kept."""
        return await self._off_loop(lambda limit: _thumbnail(path, target, limit))

    async def aclose(self) -> None:
        """May be repeated. Files being read are given up."""
        self._closing.set()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _off_loop(self, work: Callable[[Limit], T]) -> T:
        given_up = threading.Event()

        def run() -> T:
            deadline = time.monotonic() + self._seconds
            return work(lambda: not (self._closing.is_set() or given_up.is_set() or time.monotonic() > deadline))

        try:
            return await asyncio.wrap_future(self._threads.submit(run))
        finally:
            given_up.set()


def _probe(path: Path, limit: Limit) -> MediaInfo:
    from mosaic_desktop.media import film

    with film.open_film(path, limit) as (container, picture):
        return film.describe(container, picture)


def _thumbnail(path: Path, target: Path, limit: Limit) -> Path | None:
    from mosaic_desktop.media import film, thumbnail

    try:
        with film.open_film(path, limit) as (container, picture):
            jpeg = thumbnail.picture_of(container, picture)
            if jpeg is None:
                return None
            thumbnail.write(jpeg, target)
    except LocalFileError:
        return None
    return target
