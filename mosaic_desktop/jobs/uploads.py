"""The upload queue: which video is sent when, what stops it, and when it is tried again."""

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from mosaic_desktop.core.asset import BUSY_ASSET_STATES, Asset, AssetId, AssetState, Keeps
from mosaic_desktop.core.errors import Code, MosaicError, ServiceError
from mosaic_desktop.core.events import Events
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs.lanes import Going, going, has_room, is_overfull, next_upload
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.reach import reached
from mosaic_desktop.jobs.sending import Sending
from mosaic_desktop.jobs.sessions import Sessions
from mosaic_desktop.jobs.setbacks import begins_anew, costs_nothing_to_stop, stopped, told, wait
from mosaic_desktop.jobs.store import Store
from mosaic_desktop.jobs.waits import Waits


class UploadQueue:
    """Sends queued assets in queue order. ``on_ready`` is called when one of them is settled."""

    def __init__(
        self, parts: EngineParts, store: Store, events: Events, scope: TaskScope, on_ready: Callable[[], None]
    ) -> None:
        self._store = store
        self._events = events
        self._clock = parts.clock
        self._scope = scope
        self._retry = parts.retry
        self._on_ready = on_ready
        self._sessions = Sessions(parts.links)
        self._sending = Sending(parts, store, events, scope, self._sessions)
        self._slots = parts.limits.upload_slots
        self._rests = 0
        self._tasks: dict[AssetId, asyncio.Task[None]] = {}
        self._going: dict[AssetId, Going] = {}
        self._waits = Waits(parts.clock)

    # Starting

    def pump(self) -> None:
        """Starts what may start. Cheap to call after any change."""
        while self._may_start() and (asset := next_upload(self._waiting(), self._going.values(), self._slots)):
            task = self._scope.start(self._send(asset.id), f"upload {asset.id}")
            self._tasks[asset.id] = task
            self._going[asset.id] = going(asset)
            task.add_done_callback(partial(self._ended, asset.id))

    def set_slots(self, slots: int) -> None:
        """How many may be sent at a time; holds at once. Of those that are too many, the last in the queue go back to
        it, except where that would cost what was sent already: they are sent to their end.
        """
        self._slots = slots
        left = dict(self._going)
        rows = [asset for asset_id in left if (asset := self._store.asset(asset_id)) is not None]
        for asset in sorted(rows, key=lambda asset: asset.position, reverse=True):
            if costs_nothing_to_stop(asset) and is_overfull(left.values(), slots):
                del left[asset.id]
                self._tasks[asset.id].cancel()
                self._store.put(replace(stopped(asset), state=AssetState.QUEUED))
        self.pump()

    def hurry(self) -> None:
        """What waits for its next try is tried now."""
        self._waits.clear()
        self.pump()

    def _may_start(self) -> bool:
        return (
            not self._scope.closed
            and not self._rests
            and not self._waits.hold_all
            and has_room(self._going.values(), self._slots)
        )

    def _waiting(self) -> Iterator[Asset]:
        for asset in self._store.queue_of(AssetState.QUEUED):
            if asset.id not in self._tasks and not self._waits.hold(asset):
                yield asset

    # Stopping

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Within, no upload is started in the place of those that are halted."""
        self._rests += 1
        try:
            yield
        finally:
            self._rests -= 1

    def pause(self, asset_id: AssetId) -> bool:
        """Whether there was anything to pause. What a session holds is kept."""
        asset = self._halted(asset_id)
        if asset is None or asset.state is AssetState.PAUSED:
            return False
        self._store.put(replace(stopped(asset), state=AssetState.PAUSED, problem=None))
        return True

    def cancel(self, asset_id: AssetId) -> bool:
        """Whether there was anything to cancel. What was sent is given up."""
        asset = self._halted(asset_id)
        if asset is None:
            return False
        self._store.put(replace(self.anew(asset), state=AssetState.CANCELLED, problem=None))
        return True

    def anew(self, asset: Asset) -> Asset:
        """As if nothing of it had been sent, unless all of it was. Its session, if there is one, is forgotten."""
        if (asset.keeps is not Keeps.NOTHING or asset.id in self._tasks) and not self._scope.closed:
            self._scope.start(self._sessions.forget(asset.id), f"forget {asset.id}")
        return stopped(replace(asset, keeps=Keeps.NOTHING, bytes_kept=0))

    def _halted(self, asset_id: AssetId) -> Asset | None:
        asset = self._store.asset(asset_id)
        if asset is None or (asset.state not in BUSY_ASSET_STATES and asset.state is not AssetState.PAUSED):
            return None
        if (task := self._tasks.get(asset_id)) is not None:
            task.cancel()
        self._waits.forget(asset_id)
        return asset

    # One upload

    async def _send(self, asset_id: AssetId) -> None:
        try:
            await self._sending.send(asset_id)
        except MosaicError as error:
            self._settle_failure(asset_id, error)
        else:
            self._waits.forget(asset_id)
            self._on_ready()

    def _settle_failure(self, asset_id: AssetId, error: MosaicError) -> None:
        asset = self._store.asset(asset_id)
        if asset is None or asset.state not in BUSY_ASSET_STATES:
            return
        of_service = isinstance(error, ServiceError) or error.code in {Code.UNREACHABLE, Code.TLS}
        if of_service and (event := reached(error)) is not None:
            self._events.publish(event)
        left = self.anew(replace(asset, content_sent=False)) if begins_anew(asset, error) else stopped(asset)
        error, attempt = told(asset, error), asset.attempt + 1
        seconds = wait(self._retry, error, attempt, random.random())
        state = AssetState.FAILED if seconds is None else AssetState.QUEUED
        self._store.put(replace(left, state=state, problem=error.problem, attempt=attempt))
        if seconds is None:
            self._on_ready()
            return
        self._waits.note(asset, error, seconds)
        if not self._scope.closed:
            self._scope.start(self._pump_after(seconds), f"retry {asset_id}")

    async def _pump_after(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self.pump()

    def _ended(self, asset_id: AssetId, _task: asyncio.Task[None]) -> None:
        self._tasks.pop(asset_id, None)
        self._going.pop(asset_id, None)
        self.pump()
