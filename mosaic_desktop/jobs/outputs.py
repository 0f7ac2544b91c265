"""Which output is fetched when, and what the user decides about them."""

import asyncio
import random
from dataclasses import replace
from functools import partial
from pathlib import Path

from mosaic_desktop.core.errors import Code, IntegrityError, MosaicError
from mosaic_desktop.core.events import Events
from mosaic_desktop.core.output import BUSY_OUTPUT_STATES, Output, OutputId, OutputState
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.jobs import files
from mosaic_desktop.jobs.fetching import OutputFetch
from mosaic_desktop.jobs.key import KeyGate
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.reach import reached
from mosaic_desktop.jobs.setbacks import wait
from mosaic_desktop.jobs.store import Store
from mosaic_desktop.jobs.threads import to_the_end

_RESUMABLE = frozenset({OutputState.PAUSED, OutputState.FAILED})
_WRONG_AT_MOST = 3  # files that were not what was announced, until the output is given up


class OutputFetcher:
    """Downloads waiting outputs, as many at a time as the user allows."""

    def __init__(self, parts: EngineParts, store: Store, events: Events, scope: TaskScope, key: KeyGate) -> None:
        self._store = store
        self._events = events
        self._clock = parts.clock
        self._scope = scope
        self._retry = parts.retry
        self._folder_for = parts.folder_for
        self._key = key
        self._slots = parts.limits.download_slots
        self._fetch = OutputFetch(parts, store, events)
        self._tasks: dict[OutputId, asyncio.Task[None]] = {}
        self._not_before: dict[OutputId, float] = {}
        self._wrong: dict[OutputId, int] = {}
        self._unwanted: dict[OutputId, Path] = {}

    def take_up(self) -> None:
        """At start-up: an earlier process may have ended before it took away what nobody wants."""
        for output in self._store.outputs_in(OutputState.CANCELLED):
            if output.part is not None:
                self._take_away(output.id, output.part)

    def set_slots(self, slots: int) -> None:
        """How many may be fetched at a time; those under way are not stopped."""
        self._slots = slots
        self.pump()

    def pump(self) -> None:
        """Starts what may start. Cheap to call after any change."""
        if self._scope.closed or self._key.closed or len(self._tasks) >= self._slots:
            return
        now = self._clock.monotonic()
        for output in self._store.outputs_in(OutputState.WAITING):
            if len(self._tasks) >= self._slots:
                return
            if output.id not in self._tasks and self._not_before.get(output.id, 0.0) <= now:
                self._begin(output.id)

    def hurry(self) -> None:
        """What waits for its next try is tried now."""
        self._not_before.clear()
        self.pump()

    # The user's decisions

    def pause(self, output_id: OutputId) -> None:
        output = self._store.output(output_id)
        if output is not None and output.state in BUSY_OUTPUT_STATES:
            self._stop(output_id)
            self._store.put(replace(output, state=OutputState.PAUSED, problem=None, rate=None, eta=None))

    def resume(self, output_id: OutputId) -> None:
        """Goes on behind what is there; a failed one is tried again where it stopped."""
        output = self._store.output(output_id)
        if output is not None and output.state in _RESUMABLE:
            self._want(replace(output, state=OutputState.WAITING, problem=None, attempt=0))

    def cancel(self, output_id: OutputId) -> None:
        """Also gives up what a paused or failed one had fetched."""
        output = self._store.output(output_id)
        if output is None or output.state not in BUSY_OUTPUT_STATES | _RESUMABLE:
            return
        self._store.put(replace(_emptied(output), state=OutputState.CANCELLED, problem=None))
        self._stop(output_id)
        if output.part is not None:
            self._take_away(output_id, output.part)

    def again(self, output_id: OutputId) -> None:
        """Fetches once more from the beginning, into the folder of today, beside what is there."""
        output = self._store.output(output_id)
        if output is not None and output.state not in BUSY_OUTPUT_STATES:
            folder = self._folder_of_today(output)
            wanted = replace(_emptied(output), state=OutputState.WAITING, folder=folder, problem=None, attempt=0)
            self._want(wanted)

    # Inside

    def _begin(self, output_id: OutputId) -> None:
        task = self._scope.start(self._work(output_id), f"download {output_id}")
        self._tasks[output_id] = task
        task.add_done_callback(partial(self._ended, output_id))

    def _stop(self, output_id: OutputId) -> None:
        if (task := self._tasks.get(output_id)) is not None:
            task.cancel()

    def _want(self, output: Output) -> None:
        self._not_before.pop(output.id, None)
        self._wrong.pop(output.id, None)
        self._store.put(output)
        self.pump()

    def _folder_of_today(self, output: Output) -> Path:
        run = self._store.run(output.run_id)
        asset = self._store.asset(run.asset_id) if run is not None else None
        return self._folder_for(asset.subfolder if asset is not None else None)

    async def _work(self, output_id: OutputId) -> None:
        output = self._store.output(output_id)
        kept = output.bytes_kept if output is not None else 0
        try:
            if output_id not in self._unwanted:
                await self._fetch.fetch(output_id)
        except MosaicError as error:
            await self._settle_failure(output_id, error, kept)
        finally:
            await self._discard_unwanted(output_id)

    def _take_away(self, output_id: OutputId, part: Path) -> None:
        """Once nobody writes to it any more: whoever works on this output does it at the end."""
        self._unwanted[output_id] = part
        if output_id not in self._tasks and not self._scope.closed:
            self._begin(output_id)

    async def _discard_unwanted(self, output_id: OutputId) -> None:
        if (part := self._unwanted.pop(output_id, None)) is None:
            return
        await to_the_end(files.discard, part)
        output = self._store.output(output_id)
        if output is not None and output.state is OutputState.CANCELLED and output.part == part:
            self._store.put(replace(output, part=None))

    async def _settle_failure(self, output_id: OutputId, error: MosaicError, kept_before: int) -> None:
        output = self._store.output(output_id)
        if output is None or output.state not in BUSY_OUTPUT_STATES:
            return
        if isinstance(error, IntegrityError):
            await to_the_end(files.discard, output.part)
            output = _emptied(output)
            self._wrong[output_id] = wrong = self._wrong.get(output_id, 0) + 1
            error.retryable = wrong < _WRONG_AT_MOST  # a proxy's page in its place is wrong for a while only
        attempt = 1 if output.bytes_kept > kept_before else output.attempt + 1  # what came counts as a new beginning
        if error.code == Code.INVALID_KEY:
            attempt = output.attempt  # the gate closes with the event and says when to go on
        seconds = wait(self._retry, error, attempt, random.random())
        if seconds is None and not output.bytes_kept:
            await to_the_end(files.discard, output.part)  # nothing in it can be gone on with
            output = replace(output, part=None)
        state = OutputState.FAILED if seconds is None else OutputState.WAITING
        self._store.put(replace(output, state=state, problem=error.problem, attempt=attempt))
        if (event := reached(error)) is not None:
            self._events.publish(event)
        if seconds:
            self._not_before[output_id] = self._clock.monotonic() + seconds
            self._scope.start(self._pump_after(seconds), f"retry {output_id}")

    async def _pump_after(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self.pump()

    def _ended(self, output_id: OutputId, _task: asyncio.Task[None]) -> None:
        self._tasks.pop(output_id, None)
        if output_id in self._unwanted and not self._scope.closed:
            self._begin(output_id)  # it was stopped before it had begun
        self.pump()


def _emptied(output: Output) -> Output:
    """Nothing of it has come. The partial file stays its own: it is taken away, or written from its beginning."""
    return replace(output, path=None, etag=None, bytes_kept=0, bytes_done=0, rate=None, eta=None)
