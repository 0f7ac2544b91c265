"""A run whose video the service does not have any more: it is sent once more."""

import logging
from collections.abc import Callable
from dataclasses import replace

from mosaic_desktop.core.asset import Asset, AssetState
from mosaic_desktop.core.errors import Code, MosaicError
from mosaic_desktop.core.run import Run, RunId, RunSpec, RunState
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.setbacks import unsent
from mosaic_desktop.jobs.store import Store

log = logging.getLogger(__name__)


class LostVideos:
    """``on_upload_needed``: an asset is in the queue again."""

    def __init__(self, parts: EngineParts, store: Store, on_upload_needed: Callable[[], None]) -> None:
        self._service = parts.service
        self._journal = parts.journal
        self._store = store
        self._on_upload_needed = on_upload_needed
        self._sent_again: set[RunId] = set()

    async def sends_again(self, run: Run, asset: Asset, error: MosaicError) -> bool:
        """Whether ``error`` means that: the run then waits for the upload. Not twice for one run."""
        if error.code not in {Code.NOT_FOUND, Code.FORBIDDEN} or asset.is_link or run.id in self._sent_again:
            return False
        if asset.file_id is None or not await self._knows_agent(run.spec):
            return False
        try:
            await self._journal.forget(asset.file_id)
        except MosaicError as journal_error:
            log.warning("a file that the service does not have is still remembered: %s", journal_error)
        self._sent_again.add(run.id)
        current = self._store.asset(asset.id)
        if current is not None and current.state is AssetState.READY and current.file_id == asset.file_id:
            self._store.put(replace(unsent(current), state=AssetState.QUEUED, file_id=None, reused_from=None))
        self._store.put(replace(run, state=RunState.WAITING))
        self._on_upload_needed()
        return True

    async def _knows_agent(self, spec: RunSpec) -> bool:
        """False also where the service cannot be asked: then what it said stands."""
        if spec.agent_id is None:
            return True
        try:
            return any(agent.id == spec.agent_id for agent in await self._service.list_agents())
        except MosaicError:
            return False
