"""Upload sessions: links under which the storage goes on with what it has. Bearer secrets, so they lie in the keyring.

Without a keyring they last as long as the process.
"""

import asyncio
import logging

from mosaic_desktop.core.asset import Asset, AssetId, Keeps
from mosaic_desktop.core.errors import Code, VaultError
from mosaic_desktop.core.links import is_session
from mosaic_desktop.core.ports import SecretStore
from mosaic_desktop.core.secrets import Secret

log = logging.getLogger(__name__)


class Sessions:
    """Kept before the first byte, forgotten after the last."""

    def __init__(self, links: SecretStore | None) -> None:
        self._links = links
        self._in_memory: dict[AssetId, Secret] = {}
        self._in_order = asyncio.Lock()  # what is forgotten is not the next session of the same upload

    async def keep(self, asset_id: AssetId, link: Secret) -> Keeps:
        """What an upload to ``link`` keeps if it stops."""
        if not is_session(link):
            return Keeps.NOTHING
        self._in_memory[asset_id] = link
        if self._links is None:
            return Keeps.UNTIL_EXIT
        try:
            async with self._in_order:
                await self._links.write(link_name(asset_id), link)
        except VaultError as error:
            log.warning("an upload session is kept in memory only: %s", error)
            return Keeps.UNTIL_EXIT
        return Keeps.ACROSS_RESTARTS

    async def find(self, asset: Asset) -> Secret | None:
        """The session that holds the beginning of ``asset``; asks nothing of the user.

        Raises VaultError where a keyring that does not answer now may do so later, since much was sent already.
        """
        if asset.video_id is None or asset.keeps is Keeps.NOTHING:
            return None
        if (link := self._in_memory.get(asset.id)) is not None:
            return link
        if self._links is None or asset.keeps is not Keeps.ACROSS_RESTARTS:
            return None
        try:
            return await self._links.peek(link_name(asset.id))
        except VaultError as error:
            if asset.bytes_kept and error.code != Code.KEYRING_GONE:
                raise VaultError(error.code, error.detail, retryable=True) from error
            log.warning("an upload session was not found: %s", error)
            return None

    async def forget(self, asset_id: AssetId) -> None:
        link = self._in_memory.pop(asset_id, None)
        if self._links is None:
            return
        async with self._in_order:
            if self._in_memory.get(asset_id) not in {None, link}:
                return
            try:
                await self._links.delete(link_name(asset_id))
            except VaultError as error:
                log.warning("an upload session stays in the keyring until it runs out: %s", error)


def link_name(asset_id: AssetId) -> str:
    """Under which the keyring has the upload session of a video."""
    return f"upload-{asset_id}"
