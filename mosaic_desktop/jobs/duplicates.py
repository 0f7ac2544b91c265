"""What was sent before: its file id serves every row with the same content."""

import asyncio
import logging

from mosaic_desktop.core.asset import Asset
from mosaic_desktop.core.content import KnownContent
from mosaic_desktop.core.errors import JournalError, LocalFileError
from mosaic_desktop.core.ports import Clock, Journal
from mosaic_desktop.jobs import files

log = logging.getLogger(__name__)


class Duplicates:
    """A memory that fails costs a second upload, never the first one."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    async def alike(self, asset: Asset) -> tuple[KnownContent, ...]:
        """Earlier uploads that look the same, the latest first."""
        if asset.sample is None:
            return ()
        try:
            return await self._journal.known(asset.sample)
        except JournalError as error:
            log.warning("earlier uploads are not known: %s", error)
            return ()

    async def remember(self, asset: Asset) -> None:
        """``asset`` was sent and confirmed."""
        if asset.content is None or asset.file_id is None or asset.path is None:
            return
        try:
            sample = asset.sample
            if sample is None:
                sample = await asyncio.to_thread(files.sample_of, asset.path, asset.size)
            await self._journal.remember(
                KnownContent(asset.content, sample, asset.size, asset.file_id, asset.name, self._clock.now())
            )
        except (JournalError, LocalFileError) as error:
            log.warning("an upload is not remembered: %s", error)
