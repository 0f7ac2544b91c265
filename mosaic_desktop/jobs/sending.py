"""One upload from the file to the service's confirmation: compare, sign, send, finalize.

Each step is in the journal before its call. ``READY`` is said only after the service confirmed.
"""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from mosaic_desktop.core.asset import SENDING_ASSET_STATES, Asset, AssetId, AssetState, Keeps
from mosaic_desktop.core.errors import Code, LocalFileError, MosaicError
from mosaic_desktop.core.events import Events, ServiceReached
from mosaic_desktop.core.limits import content_type
from mosaic_desktop.core.ports import Kept, Progress
from mosaic_desktop.core.progress import RateMeter
from mosaic_desktop.core.retry import is_passing
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs import files
from mosaic_desktop.jobs.duplicates import Duplicates
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.sessions import Sessions
from mosaic_desktop.jobs.store import Store

_SECONDS_BETWEEN_LOOKS = 2.0
_SECONDS_BETWEEN_NOTES = 1.0


class Sending:
    def __init__(self, parts: EngineParts, store: Store, events: Events, scope: TaskScope, sessions: Sessions) -> None:
        self._store = store
        self._events = events
        self._scope = scope
        self._sessions = sessions
        self._service = parts.service
        self._transfers = parts.transfers
        self._clock = parts.clock
        self._duplicates = Duplicates(parts.journal, parts.clock)
        self._faults: dict[AssetId, MosaicError] = {}

    async def send(self, asset_id: AssetId) -> None:
        """Raises MosaicError; the row tells how far it came."""
        try:
            await self._until_fault(asset_id)
        except LocalFileError as error:
            asset = self._store.asset(asset_id)
            if asset is not None and await asyncio.to_thread(files.comes_back, _path(asset), error.code):
                raise LocalFileError(Code.FILE_AWAY, retryable=True) from error
            raise

    async def _until_fault(self, asset_id: AssetId) -> None:
        self._faults.pop(asset_id, None)
        try:
            await self._steps(asset_id)
        except asyncio.CancelledError:
            if (fault := self._faults.pop(asset_id, None)) is None:
                raise
            if (task := asyncio.current_task()) is not None:
                task.uncancel()  # ended by the look at its file, not by whoever owns it
            raise fault from None

    async def _steps(self, asset_id: AssetId) -> None:
        asset = self._need(asset_id)
        if not asset.content_sent:
            await self._check_unchanged(asset)
            if await self._was_sent_before(asset):
                return
            await self._content(asset_id)
        await self._finalize(asset_id)

    # Compare

    async def _was_sent_before(self, asset: Asset) -> bool:
        if asset.video_id is not None or not (alike := await self._duplicates.alike(asset)):
            return False
        content = asset.content
        if content is None:
            await self._step(asset.id, state=AssetState.COMPARING, bytes_done=0, problem=None)
            progress = self._progress(asset.id, AssetState.COMPARING)
            content = await self._transfers.digest(_path(asset), asset.size, progress)
            await self._check_unchanged(asset)
        same = next((known for known in alike if known.content == content), None)
        found = {"content": content, "bytes_done": 0, "rate": None, "eta": None}
        if same is None:
            await self._step(asset.id, **found)
            return False
        found |= {"file_id": same.file_id, "reused_from": same.name, "problem": None, "attempt": 0}
        await self._step(asset.id, state=AssetState.COMPARING, **found)
        await self._step(asset.id, state=AssetState.READY)
        return True

    # Sign and send

    async def _content(self, asset_id: AssetId) -> None:
        asset = self._need(asset_id)
        link = await self._sessions.find(asset)
        if link is None:
            link = await self._signed(asset_id)
        asset = self._need(asset_id)
        attempt = 0 if asset.problem is not None and is_passing(asset.problem.code) else asset.attempt
        asset = await self._step(asset_id, state=AssetState.UPLOADING, problem=None, attempt=attempt)
        sent = await self._transfers.put(
            link,
            _path(asset),
            asset.size,
            content_type(asset.name),
            self._progress(asset_id, AssetState.UPLOADING, asyncio.current_task()),
            self._kept(asset_id) if asset.keeps is not Keeps.NOTHING else None,
        )
        await self._check_unchanged(asset)
        await self._step(
            asset_id,
            state=AssetState.FINALIZING,
            content=sent.content,
            content_sent=True,
            bytes_done=asset.size,
            rate=None,
            eta=None,
        )

    async def _signed(self, asset_id: AssetId) -> Secret:
        """A fresh link. A session is kept before its first byte."""
        asset = await self._step(
            asset_id, state=AssetState.SIGNING, keeps=Keeps.NOTHING, bytes_kept=0, bytes_done=0, video_id=None
        )
        ticket = await self._service.request_upload(asset.name, asset.size, content_type(asset.name))
        self._events.publish(ServiceReached(None))
        try:
            keeps = await self._sessions.keep(asset_id, ticket.url)
            await self._step(asset_id, video_id=ticket.video_id, keeps=keeps)
        except asyncio.CancelledError:
            self._forget_unless_noted(asset_id)
            raise
        return ticket.url

    def _forget_unless_noted(self, asset_id: AssetId) -> None:
        """A session of which the row knows nothing would lie in the keyring for good."""
        asset = self._store.asset(asset_id)
        if (asset is None or asset.video_id is None) and not self._scope.closed:
            self._scope.start(self._sessions.forget(asset_id), f"forget {asset_id}")

    async def _finalize(self, asset_id: AssetId) -> None:
        asset = await self._step(asset_id, state=AssetState.FINALIZING)
        assert asset.video_id is not None, "all of it was sent under an id"
        if asset.keeps is not Keeps.NOTHING:  # a link with nothing left to send
            await self._sessions.forget(asset_id)
            await self._step(asset_id, keeps=Keeps.NOTHING, bytes_kept=0)
        remote = await self._service.finalize_upload(asset.video_id)
        self._events.publish(ServiceReached(None))
        asset = await self._step(asset_id, state=AssetState.READY, file_id=remote.file_id, problem=None, attempt=0)
        await self._duplicates.remember(asset)

    # While bytes move

    def _progress(self, asset_id: AssetId, state: AssetState, task: asyncio.Task[Any] | None = None) -> Progress:
        """With ``task``, the file is looked at from time to time; one that changed ends it."""
        meter = RateMeter()
        looked_at = self._clock.monotonic()

        def progress(done: int, _total: int) -> None:
            nonlocal looked_at
            asset, now = self._store.asset(asset_id), self._clock.monotonic()
            if asset is None or asset.state is not state:
                return
            pace = meter.add(now, done, asset.size)
            self._store.show_progress(replace(asset, bytes_done=done, rate=pace.rate, eta=pace.eta))
            if task is not None and now - looked_at >= _SECONDS_BETWEEN_LOOKS and not self._scope.closed:
                looked_at = now
                self._scope.start(self._look(asset, task), f"look at {asset_id}")

        return progress

    async def _look(self, asset: Asset, task: asyncio.Task[Any]) -> None:
        try:
            await self._check_unchanged(asset)
        except MosaicError as error:
            current = self._store.asset(asset.id)
            if not task.done() and current is not None and current.state is AssetState.UPLOADING:
                self._faults[asset.id] = error
                task.cancel()

    def _kept(self, asset_id: AssetId) -> Kept:
        noted_at = self._clock.monotonic()

        def kept(count: int) -> None:
            nonlocal noted_at
            asset, now = self._store.asset(asset_id), self._clock.monotonic()
            if asset is None or asset.state is not AssetState.UPLOADING:
                return
            # What gets on begins the count of failures anew.
            changed = replace(asset, bytes_kept=count, attempt=0 if count > asset.bytes_kept else asset.attempt)
            if now - noted_at >= _SECONDS_BETWEEN_NOTES:
                noted_at = now
                self._store.put(changed)
            else:
                self._store.show_progress(changed)

        return kept

    # Inside

    async def _check_unchanged(self, asset: Asset) -> None:
        await asyncio.to_thread(files.check_unchanged, _path(asset), asset.size, asset.modified_ns)

    async def _step(self, asset_id: AssetId, **changes: Any) -> Asset:
        """Writes the next step down before it is taken."""
        asset = self._store.put(replace(self._need(asset_id), **changes))
        await self._store.saved()
        return asset

    def _need(self, asset_id: AssetId) -> Asset:
        asset = self._store.asset(asset_id)
        if asset is None or (asset.state not in SENDING_ASSET_STATES and asset.state is not AssetState.QUEUED):
            raise asyncio.CancelledError  # taken back by the user between two steps
        return asset


def _path(asset: Asset) -> Path:
    assert asset.path is not None, "links are ready without an upload"
    return asset.path
