"""Taking in what the user offers: files, folders and links become assets, or are refused with a reason."""

import asyncio
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.errors import Code, LocalFileError, MosaicError, Problem
from mosaic_desktop.core.events import Events, Refused
from mosaic_desktop.core.links import youtube_file_id, youtube_id
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs import files
from mosaic_desktop.jobs.looks import Looks
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.store import Store
from mosaic_desktop.jobs.turns import ROWS_A_TURN

T = TypeVar("T")


class Intake:
    """Adds rows and has their files looked into. ``on_ready`` is called when a row may go on to its upload."""

    def __init__(
        self, parts: EngineParts, store: Store, events: Events, scope: TaskScope, on_ready: Callable[[], None]
    ) -> None:
        self._store = store
        self._events = events
        self._clock = parts.clock
        self._looks = Looks(parts, store, events, scope, on_ready)

    async def add(self, offered: Sequence[Path | str]) -> tuple[AssetId, ...]:
        """Takes files, folders (with everything below) and links. Returns the rows, those already there included."""
        added: list[AssetId] = []
        for batch in _batches(offered):
            paths = [files.absolute(thing) for thing in batch if isinstance(thing, Path)]
            found = zip(paths, await asyncio.to_thread(files.survey, paths), strict=True)
            for thing in batch:
                try:
                    added += self._add_link(thing) if isinstance(thing, str) else await self._add_path(*next(found))
                except MosaicError as error:
                    self._refuse(str(thing), error.problem)
        return tuple(dict.fromkeys(added))

    def look_into(self, asset_id: AssetId) -> None:
        """Starts probing a row that is in PROBING."""
        self._looks.look_into(asset_id)

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

    async def _add_path(self, path: Path, found: files.Survey) -> list[AssetId]:
        if not isinstance(found, files.Folder):
            return [self._add_file(path, found)]
        videos = await asyncio.to_thread(files.videos_in, path)
        if not videos:
            raise LocalFileError(Code.NO_VIDEOS_IN_FOLDER)
        added = []
        for batch in _batches(videos):
            for video, fact in zip(batch, await asyncio.to_thread(files.survey, batch), strict=True):
                try:
                    added.append(self._add_file(video, fact, below=path))
                except MosaicError as error:
                    self._refuse(str(video), error.problem)
        return added

    def _add_file(self, path: Path, found: files.Survey, below: Path | None = None) -> AssetId:
        if isinstance(found, LocalFileError):
            raise found
        if isinstance(found, files.Folder):  # it was a file a moment ago
            raise LocalFileError(Code.NOT_A_VIDEO)
        known = self._store.asset_from(path)
        if known is not None and (known.size, known.modified_ns) == (found.size, found.modified_ns):
            self._refuse(str(path), Problem(Code.ALREADY_QUEUED))
            return known.id
        subfolder = path.parent.relative_to(below) if below is not None and path.parent != below else None
        row = self._new(path.name)
        self._store.put(replace(row, path=path, size=found.size, modified_ns=found.modified_ns, subfolder=subfolder))
        self.look_into(row.id)
        return row.id

    def _new(self, name: str) -> Asset:
        now, position = self._clock.now(), self._store.next_position()
        return Asset(AssetId(uuid.uuid4().hex), name, created_at=now, position=position)

    def _refuse(self, offered: str, problem: Problem) -> None:
        self._events.publish(Refused(offered, problem))


def _batches(things: Sequence[T]) -> Iterator[Sequence[T]]:
    """Few enough rows for one turn of the event loop."""
    return (things[start : start + ROWS_A_TURN] for start in range(0, len(things), ROWS_A_TURN))
