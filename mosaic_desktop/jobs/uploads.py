"""The upload queue: which video is sent when, and the three steps of sending one: sign, send, finalize.

Each step is in the journal before its call. ``READY`` is said only after the service confirmed.
"""

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from mosaic_desktop.core.asset import BUSY_ASSET_STATES, SENDING_ASSET_STATES, Asset, AssetId, AssetState
from mosaic_desktop.core.errors import Code, MosaicError, ServiceError
from mosaic_desktop.core.events import Events, ServiceReached
from mosaic_desktop.core.limits import content_type
from mosaic_desktop.core.progress import RateMeter
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs import files
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.store import Store

_UPLOAD_UNKNOWN = frozenset({Code.NOT_FOUND, Code.VALIDATION, Code.INVALID_STATE})


class UploadQueue:
    """Sends queued assets, ``slots`` at a time, in queue order."""

    def __init__(
        self,
        parts: EngineParts,
        store: Store,
        events: Events,
        scope: TaskScope,
        on_ready: Callable[[], None],
    ) -> None:
        self._store = store
        self._events = events
        self._service = parts.service
        self._transfers = parts.transfers
        self._clock = parts.clock
        self._scope = scope
        self._retry = parts.retry
        self._on_ready = on_ready
        self._slots = parts.limits.upload_slots
        self._rests = 0
        self._tasks: dict[AssetId, asyncio.Task[None]] = {}
        self._not_before: dict[AssetId, float] = {}

    def pump(self) -> None:
        """Starts what may start. Cheap to call after any change."""
        if self._scope.closed or self._rests:
            return
        now = self._clock.monotonic()
        if len(self._tasks) >= self._slots:
            return
        for asset in self._store.assets_in(AssetState.QUEUED):
            if len(self._tasks) >= self._slots:
                return
            if asset.id in self._tasks:
                continue
            if self._not_before.get(asset.id, 0.0) <= now:
                task = self._scope.start(self._send(asset.id), f"upload {asset.id}")
                self._tasks[asset.id] = task
                task.add_done_callback(partial(self._ended, asset.id))

    def set_slots(self, slots: int) -> None:
        """How many may be sent at a time; holds at once."""
        self._slots = slots
        self.pump()

    def hurry(self) -> None:
        """What waits for its next try is tried now."""
        self._not_before.clear()
        self.pump()

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Within, no upload is started in the place of those that are halted."""
        self._rests += 1
        try:
            yield
        finally:
            self._rests -= 1

    def pause(self, asset_id: AssetId) -> bool:
        """Whether there was anything to pause."""
        return self._halt(asset_id, AssetState.PAUSED)

    def cancel(self, asset_id: AssetId) -> bool:
        """Whether there was anything to cancel."""
        return self._halt(asset_id, AssetState.CANCELLED)

    def anew(self, asset: Asset) -> Asset:
        """As if nothing of it had been sent, unless all of it was."""
        return _unsent(asset)

    def _halt(self, asset_id: AssetId, state: AssetState) -> bool:
        asset = self._store.asset(asset_id)
        if asset is None or asset.state is state:
            return False
        if asset.state not in BUSY_ASSET_STATES and asset.state is not AssetState.PAUSED:
            return False
        if (task := self._tasks.get(asset_id)) is not None:
            task.cancel()
        self._store.put(replace(_unsent(asset), state=state, problem=None))
        return True

    # One upload

    async def _send(self, asset_id: AssetId) -> None:
        try:
            await self._steps(asset_id)
        except MosaicError as error:
            self._settle_failure(asset_id, error)
        else:
            self._not_before.pop(asset_id, None)
            self._on_ready()

    async def _steps(self, asset_id: AssetId) -> None:
        asset = self._need(asset_id)
        assert asset.path is not None, "links are ready without an upload"
        if not asset.content_sent:
            await asyncio.to_thread(files.check_unchanged, asset.path, asset.size, asset.modified_ns)
            await self._content(asset_id)
        asset = await self._step(asset_id, state=AssetState.FINALIZING, content_sent=True, rate=None, eta=None)
        assert asset.video_id is not None
        remote = await self._service.finalize_upload(asset.video_id)
        self._events.publish(ServiceReached(None))
        await self._step(asset_id, state=AssetState.READY, file_id=remote.file_id, problem=None, attempt=0)

    async def _content(self, asset_id: AssetId) -> None:
        asset = await self._step(asset_id, state=AssetState.SIGNING, bytes_done=0, video_id=None)
        kind = content_type(asset.name)
        ticket = await self._service.request_upload(asset.name, asset.size, kind)
        self._events.publish(ServiceReached(None))
        asset = await self._step(asset_id, state=AssetState.UPLOADING, video_id=ticket.video_id, problem=None)
        assert asset.path is not None
        meter = RateMeter()

        def progress(done: int, _total: int) -> None:
            current = self._store.asset(asset_id)
            if current is not None and current.state is AssetState.UPLOADING:
                pace = meter.add(self._clock.monotonic(), done, current.size)
                moved = replace(current, bytes_done=done, rate=pace.rate, eta=pace.eta)
                self._store.show_progress(moved)

        await self._transfers.put(ticket.url, asset.path, asset.size, kind, progress)
        await asyncio.to_thread(files.check_unchanged, asset.path, asset.size, asset.modified_ns)
        self._store.show_progress(replace(self._need(asset_id), bytes_done=asset.size))

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

    def _settle_failure(self, asset_id: AssetId, error: MosaicError) -> None:
        asset = self._store.asset(asset_id)
        if asset is None or asset.state not in BUSY_ASSET_STATES:
            return
        # A plain PUT starts over, so bytes that moved are no progress and do not begin the count anew.
        attempt = asset.attempt + 1
        if asset.content_sent and error.code in _UPLOAD_UNKNOWN:
            # The service no longer knows this upload (or never got all of it): the bytes go again.
            error = MosaicError(error.code, error.detail, retryable=asset.attempt < 2, status=error.status)
            asset = _unsent(replace(asset, content_sent=False))
        elif not asset.content_sent:
            asset = _unsent(asset)
        wait = self._retry.wait(error, attempt, random.random())
        if error.code == Code.LINK_EXPIRED and wait is not None and attempt == 1:
            wait = 0.0
        state = AssetState.FAILED if wait is None else AssetState.QUEUED
        self._store.put(replace(asset, state=state, problem=error.problem, attempt=attempt, rate=None, eta=None))
        if isinstance(error, ServiceError) or error.code in {Code.UNREACHABLE, Code.TLS}:
            self._events.publish(ServiceReached(error.problem))
        if wait is not None:
            self._not_before[asset_id] = self._clock.monotonic() + wait
            self._scope.start(self._pump_after(wait), f"retry {asset_id}")
        else:
            self._on_ready()

    async def _pump_after(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self.pump()

    def _ended(self, asset_id: AssetId, _task: asyncio.Task[None]) -> None:
        self._tasks.pop(asset_id, None)
        self.pump()


def _unsent(asset: Asset) -> Asset:
    """What is kept when a plain signed PUT stops: nothing of the bytes, unless all of them had arrived."""
    if asset.content_sent:
        return replace(asset, rate=None, eta=None)
    return replace(asset, bytes_done=0, video_id=None, rate=None, eta=None)
