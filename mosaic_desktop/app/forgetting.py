"""What goes with an account that is taken away: its rows in the journal and the upload sessions in the keyring."""

from contextlib import suppress

from mosaic_desktop.core.asset import Keeps
from mosaic_desktop.core.errors import VaultError
from mosaic_desktop.core.ports import SecretStore
from mosaic_desktop.jobs.sessions import link_name
from mosaic_desktop.storage.database import SqliteDatabase
from mosaic_desktop.storage.journal import SqliteJournal


async def forget_rows(database: SqliteDatabase, vault: SecretStore, profile_id: str) -> None:
    """Raises JournalError. A link that stays in the keyring runs out by itself."""
    rows = await SqliteJournal(database, profile_id).load()
    for asset in rows.assets:
        if asset.keeps is Keeps.ACROSS_RESTARTS:
            with suppress(VaultError):
                await vault.delete(link_name(asset.id))
    await database.forget_profile(profile_id)
