"""Taking in what the user offers: files, folders and links become assets, or are refused with a reason."""

import asyncio
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.errors import Code, LocalFileError, MosaicError, Problem
from mosaic_desktop.core.events import Events, Refused
from mosaic_desktop.core.links import youtube_file_id, youtube_id
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs import files
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.store import Store

_PROBES_AT_ONCE = 2


class Intake:
    """Adds rows and looks into their files. ``on_ready`` is called when a row may go on to its upload."""

    def __init__(
        self, parts: EngineParts, store: Store, events: Events, scope: TaskScope, on_ready: Callable[[], None]
    ) -> None:
        self._store = store
        self._events = events
        self._probe = parts.probe
        self._clock = parts.clock
        self._scope = scope
        self._thumbnails = parts.thumbnails
        self._on_ready = on_ready
        self._slots = asyncio.Semaphore(_PROBES_AT_ONCE)

    async def add(self, offered: Sequence[Path | str]) -> tuple[AssetId, ...]:
        """Takes files, folders (with everything below) and links. Returns the rows, those already there included."""
        added: list[AssetId] = []
        for thing in offered:
            try:
                added += self._add_link(thing) if isinstance(thing, str) else await self._add_path(thing)
            except MosaicError as error:
                self._refuse(str(thing), error.problem)
        return tuple(dict.fromkeys(added))

    def look_into(self, asset_id: AssetId) -> None:
        """Starts probing a row that is in PROBING."""
        self._scope.start(self._look(asset_id), f"probe {asset_id}")

    # Inside

    def _add_link(self, link: str) -> list[AssetId]:
        video = youtube_id(link)
        if video is None:
            raise LocalFileError(Code.UNKNOWN_LINK)
        file_id = youtube_file_id(video)
        if (known := self._store.asset_from(file_id)) is not None:
            self._refuse(link, Problem(Code.ALREADY_QUEUED))
            return [known.id]
        row = self._new(f"YouTube {video}")
        return [self._store.put(replace(row, link=link.strip(), file_id=file_id, state=AssetState.READY)).id]

    async def _add_path(self, path: Path) -> list[AssetId]:
        path = files.absolute(path)
        if not await asyncio.to_thread(files.is_folder, path):
            return [await self._add_file(path)]
        found = await asyncio.to_thread(files.videos_in, path)
        if not found:
            raise LocalFileError(Code.NO_VIDEOS_IN_FOLDER)
        added = []
        for video in found:
            try:
                added.append(await self._add_file(video))
            except MosaicError as error:
                self._refuse(str(video), error.problem)
        return added

    async def _add_file(self, path: Path) -> AssetId:
        found = await asyncio.to_thread(files.sendable, path)
        known = self._store.asset_from(path)
        if known is not None and (known.size, known.modified_ns) == (found.size, found.modified_ns):
            self._refuse(str(path), Problem(Code.ALREADY_QUEUED))
            return known.id
        row = replace(self._new(path.name), path=path, size=found.size, modified_ns=found.modified_ns)
        self._store.put(row)
        self.look_into(row.id)
        return row.id

    def _new(self, name: str) -> Asset:
        now, position = self._clock.now(), self._store.next_position()
        return Asset(AssetId(uuid.uuid4().hex), name, created_at=now, position=position)

    async def _look(self, asset_id: AssetId) -> None:
        async with self._slots:
            asset = self._store.asset(asset_id)
            if asset is None or asset.path is None or asset.state is not AssetState.PROBING:
                return
            try:
                media = await self._probe.probe(asset.path)
                thumbnail = await self._probe.thumbnail(asset.path, self._thumbnails / f"{asset_id}.jpg")
            except MosaicError as error:
                self._settle_failure(asset_id, error)
                return
        asset = self._store.asset(asset_id)
        if asset is not None and asset.state is AssetState.PROBING:
            self._store.put(replace(asset, media=media, thumbnail=thumbnail, state=AssetState.QUEUED))
            self._on_ready()

    def _settle_failure(self, asset_id: AssetId, error: MosaicError) -> None:
        asset = self._store.asset(asset_id)
        if asset is None or asset.state is not AssetState.PROBING:
            return
        if error.code == Code.NOT_A_VIDEO:
            self._store.put(replace(asset, state=AssetState.FAILED, problem=error.problem))
            self._store.remove(asset_id)
            self._refuse(asset.name, error.problem)
        else:
            self._store.put(replace(asset, state=AssetState.FAILED, problem=error.problem))
        self._on_ready()

    def _refuse(self, offered: str, problem: Problem) -> None:
        self._events.publish(Refused(offered, problem))
