"""An account at work: its engine with everything that the engine reaches the world through."""

from collections.abc import Callable
from pathlib import Path

from mosaic_desktop.app.accounts import Account
from mosaic_desktop.core.clock import SystemClock
from mosaic_desktop.core.retry import RetryPolicy
from mosaic_desktop.jobs.engine import Engine
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.media.probe import AvProbe
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.journal import SqliteJournal
from mosaic_desktop.transfers.curl import CurlTransfers


class Workspace:
    """Built once an account is chosen; ``close`` ends it in order. The database is the caller's."""

    def __init__(
        self,
        account: Account,
        database: SqliteDatabase,
        thumbnails: Path,
        output_folder: Callable[[], Path],
        retry: RetryPolicy,
    ) -> None:
        self.account = account
        self._transfers = CurlTransfers()
        self._probe = AvProbe()
        self.engine = Engine(
            EngineParts(
                service=account.service,
                journal=SqliteJournal(database, account.profile.id),
                transfers=self._transfers,
                probe=self._probe,
                clock=SystemClock(),
                thumbnails=thumbnails,
                output_folder=output_folder,
                pace=account.pace,
                retry=retry,
            )
        )

    async def open(self) -> None:
        """Raises JournalError."""
        await self.engine.start()

    async def close(self) -> None:
        await self.engine.stop()
        await self._transfers.aclose()
        await self._probe.aclose()
        await self.account.aclose()
