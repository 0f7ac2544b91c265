"""An account at work: its engine with everything that the engine reaches the world through."""

from collections.abc import Callable
from pathlib import Path

from mosaic_desktop.app.account_side import AccountSide, SideParts
from mosaic_desktop.app.accounts import Account
from mosaic_desktop.app.awake import StayAwake, SystemWakeLock
from mosaic_desktop.core.clock import SystemClock
from mosaic_desktop.core.ports import SecretStore, Settings
from mosaic_desktop.core.retry import RetryPolicy
from mosaic_desktop.jobs.engine import Engine
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.media.probe import AvProbe
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.journal import SqliteJournal
from mosaic_desktop.transfers.process import TransferProcess


class Workspace:
    """Built once an account is chosen; ``close`` ends it in order. Database and vault are the caller's.

    ``settings`` is asked at the time of use, since the user may change it. ``side_parts``: None where nobody looks at
    the account itself.
    """

    def __init__(
        self,
        account: Account,
        database: SqliteDatabase,
        thumbnails: Path,
        settings: Callable[[], Settings],
        vault: SecretStore,
        retry: RetryPolicy,
        side_parts: SideParts | None = None,
    ) -> None:
        self.account = account
        self._transfers = TransferProcess()
        self._probe = AvProbe()
        self._awake: StayAwake | None = None
        self.engine = Engine(
            EngineParts(
                service=account.service,
                journal=SqliteJournal(database, account.profile.id),
                transfers=self._transfers,
                probe=self._probe,
                clock=SystemClock(),
                thumbnails=thumbnails,
                output_folder=lambda: account.profile.output_folder or settings().output_folder,
                pace=account.pace,
                naming=lambda: settings().naming,
                links=vault if account.key_in_keyring else None,
                limits=settings().limits,
                retry=retry,
            )
        )

        self.side = AccountSide(account, self.engine, side_parts) if side_parts is not None else None

    async def open(self) -> None:
        """Raises JournalError."""
        self._awake = StayAwake(self.engine, SystemWakeLock(), SystemClock())
        await self.engine.start()
        if self.side is not None:
            await self.side.open()

    async def close(self) -> None:
        if self.side is not None:
            await self.side.close()
        if self._awake is not None:
            await self._awake.aclose()
        await self.engine.stop()
        await self._transfers.aclose()
        await self._probe.aclose()
        await self.account.aclose()
