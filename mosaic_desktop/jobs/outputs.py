"""Fetching outputs: a fresh link, bytes into ``name.part``, a check, and the final name in one step."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from mosaic_desktop.core.errors import Code, IntegrityError, LocalFileError, MosaicError
from mosaic_desktop.core.output import BUSY_OUTPUT_STATES, Output, OutputId, OutputState
from mosaic_desktop.core.ports import RemoteOutput
from mosaic_desktop.core.progress import RateMeter
from mosaic_desktop.core.run import RunState
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.core.video import MediaInfo
from mosaic_desktop.jobs import files
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.store import Store


class OutputFetcher:
    """Downloads waiting outputs, ``slots`` at a time."""

    def __init__(self, parts: EngineParts, store: Store, scope: TaskScope, slots: int = 2) -> None:
        self._store = store
        self._service = parts.service
        self._transfers = parts.transfers
        self._probe = parts.probe
        self._clock = parts.clock
        self._scope = scope
        self._retry = parts.retry
        self._thumbnails = parts.thumbnails
        self._folder = parts.output_folder
        self._slots = slots
        self._tasks: dict[OutputId, asyncio.Task[None]] = {}
        self._not_before: dict[OutputId, float] = {}
        self._naming = asyncio.Lock()

    def pump(self) -> None:
        """Starts what may start. Cheap to call after any change."""
        if self._scope.closed:
            return
        now = self._clock.monotonic()
        for output in self._store.outputs_in(OutputState.WAITING):
            if len(self._tasks) >= self._slots:
                return
            if output.id in self._tasks:
                continue
            if self._not_before.get(output.id, 0.0) <= now:
                task = self._scope.start(self._fetch(output.id), f"download {output.id}")
                self._tasks[output.id] = task
                task.add_done_callback(partial(self._ended, output.id))

    def cancel(self, output_id: OutputId) -> None:
        output = self._store.output(output_id)
        if output is None or output.state not in BUSY_OUTPUT_STATES:
            return
        if (task := self._tasks.get(output_id)) is not None:
            task.cancel()
        else:
            self._discard(output)
        self._store.put(replace(output, state=OutputState.CANCELLED, problem=None, rate=None, eta=None, bytes_done=0))

    def again(self, output_id: OutputId) -> None:
        """Fetches once more, into the folder of today, beside what is there."""
        output = self._store.output(output_id)
        if output is not None and output.state not in BUSY_OUTPUT_STATES:
            self._not_before.pop(output_id, None)
            self._discard(output)
            self._store.put(
                replace(
                    output,
                    state=OutputState.WAITING,
                    folder=self._folder(),
                    path=None,
                    part=None,
                    bytes_done=0,
                    attempt=0,
                    problem=None,
                )
            )
            self.pump()

    # One download

    async def _fetch(self, output_id: OutputId) -> None:
        output = self._store.output(output_id)
        if output is None:
            return
        try:
            if not await self._was_whole(output):
                await self._steps(output_id)
        except MosaicError as error:
            await self._settle_failure(output_id, error)

    async def _was_whole(self, output: Output) -> bool:
        """Whether an earlier process gave the whole file its name but ended before writing that down."""
        if output.path is None or output.part is None or not output.bytes_done:
            return False
        if await asyncio.to_thread(output.part.exists):
            return False
        if not await asyncio.to_thread(files.has_size, output.path, output.bytes_done):
            return False
        await self._step(output.id, state=OutputState.DOWNLOADING)
        await self._saved(output.id, output.path, await self._media(output.path))
        return True

    async def _steps(self, output_id: OutputId) -> None:
        output = self._need(output_id)
        await asyncio.to_thread(files.discard, output.part)
        await asyncio.to_thread(files.prepare_folder, output.folder, output.size)
        async with self._naming:  # two outputs of one name must not choose it at the same time
            target = await self._free_name(output)
            part = files.part_of(target)
            self._store.put(replace(self._need(output_id), state=OutputState.DOWNLOADING, part=part, path=None))
        try:
            await self._content(output_id, part, target)
        except asyncio.CancelledError:
            current = self._store.output(output_id)
            if current is None or current.state is OutputState.CANCELLED:
                files.discard(part)  # the user wants it no more; at a shutdown the next start deals with it
            raise

    async def _content(self, output_id: OutputId, part: Path, target: Path) -> None:
        output = await self._step(output_id, bytes_done=0)
        remote = await self._fresh_link(output)
        size = remote.size or output.size or None
        await self._step(output_id, size=size or 0, problem=None)
        assert remote.url is not None
        fetched = await self._transfers.get(remote.url, part, size, self._progress(output_id))
        if not await asyncio.to_thread(files.has_size, part, fetched.size):
            raise IntegrityError(Code.WRONG_SIZE, retryable=True)
        media = await self._checked(part, remote.duration or output.duration)
        await self._name(output_id, part, target, fetched.size, media)

    def _progress(self, output_id: OutputId) -> Callable[[int, int], None]:
        meter = RateMeter()

        def progress(done: int, total: int) -> None:
            output = self._store.output(output_id)
            if output is not None and output.state is OutputState.DOWNLOADING:
                size = output.size or total
                pace = meter.add(self._clock.monotonic(), done, size)
                self._store.show_progress(replace(output, bytes_done=done, size=size, rate=pace.rate, eta=pace.eta))

        return progress

    async def _fresh_link(self, output: Output) -> RemoteOutput:
        run = self._store.run(output.run_id)
        if run is None or run.remote_id is None:
            raise LocalFileError(Code.NOT_FOUND)
        for remote in await self._service.run_outputs(run.remote_id):
            if remote.key == output.key and remote.url is not None:
                return remote
        raise IntegrityError(Code.NOT_FOUND, retryable=run.state is RunState.FINISHED and output.attempt < 2)

    async def _checked(self, part: Path, announced: float | None) -> MediaInfo | None:
        """Looks into the file. Where a duration was announced, the file must be a video of that length."""
        try:
            media = await self._probe.probe(part)
        except MosaicError:
            if announced is not None:
                raise IntegrityError(Code.WRONG_CONTENT, retryable=True) from None
            return None
        if announced is not None and media.duration is not None:
            allowed = max(1.0, announced * 0.02)
            if abs(media.duration - announced) > allowed:
                raise IntegrityError(Code.WRONG_CONTENT, retryable=True)
        return media

    async def _name(self, output_id: OutputId, part: Path, target: Path, size: int, media: MediaInfo | None) -> None:
        while True:
            await self._step(output_id, path=target, bytes_done=size, size=size)
            if await asyncio.to_thread(files.put_in_place, part, target):
                break
            async with self._naming:
                target = await self._free_name(self._need(output_id))
        await self._saved(output_id, target, media)

    async def _saved(self, output_id: OutputId, path: Path, media: MediaInfo | None) -> None:
        thumbnail = await self._probe.thumbnail(path, self._thumbnails / f"{output_id}.jpg") if media else None
        await self._step(
            output_id,
            state=OutputState.SAVED,
            path=path,
            part=None,
            media=media,
            thumbnail=thumbnail,
            rate=None,
            eta=None,
            attempt=0,
            problem=None,
            finished_at=self._clock.now(),
        )

    async def _media(self, path: Path) -> MediaInfo | None:
        try:
            return await self._probe.probe(path)
        except MosaicError:
            return None

    async def _free_name(self, output: Output) -> Path:
        taken = {other.path for other in self._store.outputs() if other.path is not None and other.id != output.id}
        taken |= {
            other.part.with_suffix("")
            for other in self._store.outputs()
            if other.part is not None and other.id != output.id
        }
        return await asyncio.to_thread(files.free_name, output.folder, output.name, taken)

    async def _step(self, output_id: OutputId, **changes: Any) -> Output:
        output = self._store.put(replace(self._need(output_id), **changes))
        await self._store.saved()
        return output

    def _need(self, output_id: OutputId) -> Output:
        output = self._store.output(output_id)
        if output is None or output.state not in BUSY_OUTPUT_STATES:
            raise asyncio.CancelledError  # taken back by the user between two steps
        return output

    def _discard(self, output: Output) -> None:
        if output.part is not None:
            self._scope.start(asyncio.to_thread(files.discard, output.part), f"discard {output.id}")

    async def _settle_failure(self, output_id: OutputId, error: MosaicError) -> None:
        output = self._store.output(output_id)
        if output is None or output.state not in BUSY_OUTPUT_STATES:
            return
        await asyncio.to_thread(files.discard, output.part)
        attempt = output.attempt + 1
        if isinstance(error, IntegrityError):
            error.retryable = error.retryable and attempt < 3
        wait = self._retry.wait(error, attempt, random.random())
        state = OutputState.FAILED if wait is None else OutputState.WAITING
        self._store.put(
            replace(
                output,
                state=state,
                problem=error.problem,
                attempt=attempt,
                part=None,
                path=None,
                bytes_done=0,
                rate=None,
                eta=None,
            )
        )
        if wait is not None:
            self._not_before[output_id] = self._clock.monotonic() + wait
            self._scope.start(self._pump_after(wait), f"retry {output_id}")

    async def _pump_after(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self.pump()

    def _ended(self, output_id: OutputId, _task: asyncio.Task[None]) -> None:
        self._tasks.pop(output_id, None)
        self.pump()
