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
from mosaic_desktop.jobs.reach import holds_for_all, reached
from mosaic_desktop.jobs.sending import Sending
from mosaic_desktop.jobs.sessions import Sessions
from mosaic_desktop.jobs.store import Store

_UPLOAD_UNKNOWN = frozenset({Code.NOT_FOUND, Code.VALIDATION, Code.INVALID_STATE})
_BROKE = frozenset({Code.INTERRUPTED, Code.UNREACHABLE, Code.STORAGE})
_SECONDS_TO_NEXT_LOOK_FOR_DISK = 5.0
_NOT_SENDING_YET = frozenset({AssetState.QUEUED, AssetState.COMPARING, AssetState.SIGNING})


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
        self._not_before: dict[AssetId, float] = {}
        self._none_before = 0.0
        self._waits_for_key = False

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
            if _costs_nothing_to_stop(asset) and is_overfull(left.values(), slots):
                del left[asset.id]
                self._tasks[asset.id].cancel()
                self._store.put(replace(_stopped(asset), state=AssetState.QUEUED))
        self.pump()

    def hurry(self) -> None:
        """What waits for its next try is tried now."""
        self._not_before.clear()
        self._none_before = 0.0
        self._waits_for_key = False
        self.pump()

    def _may_start(self) -> bool:
        return (
            not self._scope.closed
            and not self._rests
            and not self._waits_for_key
            and self._none_before <= self._clock.monotonic()
            and has_room(self._going.values(), self._slots)
        )

    def _waiting(self) -> Iterator[Asset]:
        now = self._clock.monotonic()
        for asset in self._store.queue_of(AssetState.QUEUED):
            if asset.id not in self._tasks and self._not_before.get(asset.id, 0.0) <= now:
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
        self._store.put(replace(_stopped(asset), state=AssetState.PAUSED, problem=None))
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
        return _stopped(replace(asset, keeps=Keeps.NOTHING, bytes_kept=0))

    def _halted(self, asset_id: AssetId) -> Asset | None:
        asset = self._store.asset(asset_id)
        if asset is None or (asset.state not in BUSY_ASSET_STATES and asset.state is not AssetState.PAUSED):
            return None
        if (task := self._tasks.get(asset_id)) is not None:
            task.cancel()
        self._not_before.pop(asset_id, None)
        return asset

    # One upload

    async def _send(self, asset_id: AssetId) -> None:
        try:
            await self._sending.send(asset_id)
        except MosaicError as error:
            self._settle_failure(asset_id, error)
        else:
            self._not_before.pop(asset_id, None)
            self._on_ready()

    def _settle_failure(self, asset_id: AssetId, error: MosaicError) -> None:
        asset = self._store.asset(asset_id)
        if asset is None or asset.state not in BUSY_ASSET_STATES:
            return
        of_service = isinstance(error, ServiceError) or error.code in {Code.UNREACHABLE, Code.TLS}
        if of_service and (event := reached(error)) is not None:
            self._events.publish(event)
        asset, error = self._after(asset, error)
        attempt = asset.attempt + 1
        wait = self._wait(asset, error, attempt)
        state = AssetState.FAILED if wait is None else AssetState.QUEUED
        self._store.put(replace(asset, state=state, problem=error.problem, attempt=attempt))
        if wait is not None:
            self._try_again(asset_id, error, wait)
        else:
            self._on_ready()

    def _after(self, asset: Asset, error: MosaicError) -> tuple[Asset, MosaicError]:
        """The row with what is left, and the error as it is to be told."""
        if asset.content_sent:
            if error.code not in _UPLOAD_UNKNOWN:
                return _stopped(asset), error
            # The service no longer knows this upload (or never got all of it): the bytes go again.
            again = MosaicError(error.code, error.detail, retryable=asset.attempt < 2, status=error.status)
            return self.anew(replace(asset, content_sent=False)), again
        if error.code in {Code.LINK_EXPIRED, Code.FILE_CHANGED}:  # also a session that the storage does not have
            return self.anew(asset), error
        if error.code in _BROKE and asset.keeps is Keeps.NOTHING and asset.bytes_done:
            error = MosaicError(Code.STARTS_OVER, str(error), retryable=error.retryable, retry_after=error.retry_after)
        return _stopped(asset), error

    def _wait(self, asset: Asset, error: MosaicError, attempt: int) -> float | None:
        """Seconds to the next try, None for none."""
        if error.code == Code.INVALID_KEY:
            return 0.0  # once a key is taken
        wait = self._retry.wait(error, attempt, random.random())
        if wait is not None and error.code == Code.LINK_EXPIRED and attempt == 1:
            return 0.0
        if wait is not None and error.code == Code.FILE_AWAY:
            return min(wait, _SECONDS_TO_NEXT_LOOK_FOR_DISK)
        return wait

    def _try_again(self, asset_id: AssetId, error: MosaicError, wait: float) -> None:
        until = self._clock.monotonic() + wait
        self._not_before[asset_id] = until
        if error.code == Code.INVALID_KEY:
            self._waits_for_key = True  # until ``hurry``
        elif holds_for_all(error):
            self._none_before = max(self._none_before, until)
        if not self._scope.closed:
            self._scope.start(self._pump_after(wait), f"retry {asset_id}")

    async def _pump_after(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self.pump()

    def _ended(self, asset_id: AssetId, _task: asyncio.Task[None]) -> None:
        self._tasks.pop(asset_id, None)
        self._going.pop(asset_id, None)
        self.pump()


def _costs_nothing_to_stop(asset: Asset) -> bool:
    if asset.state is AssetState.UPLOADING:
        return asset.keeps is not Keeps.NOTHING or not asset.bytes_done
    return asset.state in _NOT_SENDING_YET


def _stopped(asset: Asset) -> Asset:
    """What is kept where an upload stops: all of it, what a session confirmed, or nothing of a plain signed PUT."""
    still = replace(asset, rate=None, eta=None)
    if asset.content_sent:
        return still
    if asset.keeps is Keeps.NOTHING:
        return replace(still, bytes_done=0, bytes_kept=0, video_id=None)
    return replace(still, bytes_done=asset.bytes_kept)
