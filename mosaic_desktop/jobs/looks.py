"""Looking into videos that were added: what they are, a picture of them, and what tells them apart at a glance."""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.errors import Code, LocalFileError, MosaicError
from mosaic_desktop.core.events import Events, Refused
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs import files
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.setbacks import wait
from mosaic_desktop.jobs.store import Store

_AT_ONCE = 2


class Looks:
    """``on_ready`` is called when a row may go on to its upload. A file that is no video leaves the queue again."""

    def __init__(
        self, parts: EngineParts, store: Store, events: Events, scope: TaskScope, on_ready: Callable[[], None]
    ) -> None:
        self._store = store
        self._events = events
        self._scope = scope
        self._probe = parts.probe
        self._clock = parts.clock
        self._retry = parts.retry
        self._thumbnails = parts.thumbnails
        self._on_ready = on_ready
        self._waiting: deque[AssetId] = deque()
        self._away: dict[Path, list[AssetId]] = {}
        self._going = 0

    def look_into(self, asset_id: AssetId) -> None:
        """For a row that is in PROBING."""
        self._waiting.append(asset_id)
        self._next()

    def _next(self) -> None:
        while self._waiting and self._going < _AT_ONCE and not self._scope.closed:
            asset_id = self._waiting.popleft()
            asset = self._probing(asset_id)
            if asset is not None and asset.path is not None and asset.path.parent in self._away:
                self._away[asset.path.parent].append(asset_id)  # tried out by one of them
            elif asset is not None:
                self._going += 1
                self._scope.start(self._look(asset_id), f"probe {asset_id}").add_done_callback(self._ended)

    def _ended(self, _task: asyncio.Task[None]) -> None:
        self._going -= 1
        self._next()

    async def _look(self, asset_id: AssetId) -> None:
        asset = self._probing(asset_id)
        if asset is None or asset.path is None:
            return
        try:
            media = await self._probe.probe(asset.path)
            thumbnail = await self._probe.thumbnail(asset.path, self._thumbnails / f"{asset_id}.jpg")
            sample = await asyncio.to_thread(files.sample_of, asset.path, asset.size)
        except MosaicError as error:
            away = await asyncio.to_thread(files.comes_back, asset.path, error.code)
            self._settle_failure(asset_id, LocalFileError(Code.FILE_AWAY, retryable=True) if away else error)
            return
        if (asset := self._probing(asset_id)) is not None:
            seen = replace(asset, media=media, thumbnail=thumbnail, sample=sample, problem=None, attempt=0)
            self._store.put(replace(seen, state=AssetState.QUEUED))
            self._on_ready()

    def _settle_failure(self, asset_id: AssetId, error: MosaicError) -> None:
        asset = self._probing(asset_id)
        if asset is None or asset.path is None:
            return
        attempt = asset.attempt + 1
        seconds = wait(self._retry, error, attempt, random.random()) if error.code == Code.FILE_AWAY else None
        if seconds is not None:
            self._store.put(replace(asset, problem=error.problem, attempt=attempt))
            self._wait_for(asset.path.parent, asset_id, seconds)
            return
        self._store.put(replace(asset, state=AssetState.FAILED, problem=error.problem))
        if error.code == Code.NOT_A_VIDEO:
            self._store.remove(asset_id)
            self._events.publish(Refused(asset.name, error.problem))
        self._on_ready()

    def _wait_for(self, folder: Path, asset_id: AssetId, seconds: float) -> None:
        if folder in self._away:
            self._away[folder].append(asset_id)
        elif not self._scope.closed:
            self._away[folder] = [asset_id]
            self._scope.start(self._look_later(folder, seconds), "look later")

    async def _look_later(self, folder: Path, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._waiting.extend(self._away.pop(folder))
        self._next()

    def _probing(self, asset_id: AssetId) -> Asset | None:
        asset = self._store.asset(asset_id)
        return asset if asset is not None and asset.state is AssetState.PROBING else None
