"""One output from its signed link to a file under its final name.

A fresh link for every try, bytes behind those that are there already, a check, and the name in one step.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from mosaic_desktop.core.errors import Code, IntegrityError, MosaicError
from mosaic_desktop.core.events import Events, ServiceReached
from mosaic_desktop.core.output import BUSY_OUTPUT_STATES, Output, OutputId, OutputState
from mosaic_desktop.core.ports import RemoteOutput
from mosaic_desktop.core.progress import RateMeter
from mosaic_desktop.core.video import MediaInfo
from mosaic_desktop.jobs import files
from mosaic_desktop.jobs.parts import EngineParts
from mosaic_desktop.jobs.placing import Placing, target_of
from mosaic_desktop.jobs.store import Store
from mosaic_desktop.jobs.threads import to_the_end

_SECONDS_BETWEEN_NOTES = 1.0
_KEEPING = frozenset({OutputState.DOWNLOADING, OutputState.PAUSED})


class OutputFetch:
    """Each step is in the journal before it is taken, so that any of them may be the last."""

    def __init__(self, parts: EngineParts, store: Store, events: Events) -> None:
        self._store = store
        self._events = events
        self._service = parts.service
        self._transfers = parts.transfers
        self._probe = parts.probe
        self._clock = parts.clock
        self._thumbnails = parts.thumbnails
        self._placing = Placing(store)

    async def fetch(self, output_id: OutputId) -> None:
        """Raises MosaicError. However it ends, the row tells what the partial file holds."""
        try:
            if not await self._was_whole(self._need(output_id)):
                await self._steps(output_id)
        finally:
            self._tell_rest(output_id)

    async def _was_whole(self, output: Output) -> bool:
        """Whether an earlier process gave the whole file its name but ended before writing that down."""
        if output.path is None or output.part is None or not output.bytes_done:
            return False
        if not await to_the_end(files.is_in_place, output.part, output.path, output.bytes_done):
            return False
        await self._step(output.id, state=OutputState.DOWNLOADING)
        await self._saved(output.id, output.path, await self._media(output.path))
        return True

    async def _steps(self, output_id: OutputId) -> None:
        output = await self._step(output_id, state=OutputState.DOWNLOADING, path=None)
        remote = await self._fresh_link(output)
        assert remote.url is not None
        size = remote.size or output.size or None
        output = await self._placing.claim(self._need(output_id))
        partial = await self._placing.kept_of(output)
        kept = partial.kept if partial is not None else 0
        await asyncio.to_thread(files.prepare_folder, output.folder, max(0, (size or 0) - kept))
        etag = partial.etag if partial is not None else None
        output = await self._step(output_id, size=size or 0, etag=etag, bytes_kept=kept, bytes_done=kept, problem=None)
        assert output.part is not None
        fetched = await self._transfers.get(
            remote.url,
            output.part,
            size,
            self._progress(output_id),
            partial=partial,
            found=lambda etag: self._found(output_id, etag),
            kept=self._kept(output_id),
        )
        if not await asyncio.to_thread(files.has_size, output.part, fetched.size):
            raise IntegrityError(Code.WRONG_SIZE, retryable=True)
        media = await self._checked(output.part, remote.duration or output.duration)
        await self._name(output_id, output.part, fetched.size, media)

    async def _fresh_link(self, output: Output) -> RemoteOutput:
        run = self._store.run(output.run_id)
        if run is None or run.remote_id is None:
            raise MosaicError(Code.NOT_FOUND)
        listed = await self._service.run_outputs(run.remote_id)
        self._events.publish(ServiceReached(None))
        for remote in listed:
            if remote.key == output.key and remote.url is not None:
                return remote
        raise MosaicError(Code.NOT_FOUND, retryable=output.attempt < 2)

    # While bytes come

    def _progress(self, output_id: OutputId) -> Callable[[int, int], None]:
        meter = RateMeter()

        def progress(done: int, total: int) -> None:
            output = self._store.output(output_id)
            if output is not None and output.state is OutputState.DOWNLOADING:
                size = output.size or total
                pace = meter.add(self._clock.monotonic(), done, size)
                self._store.show_progress(replace(output, bytes_done=done, size=size, rate=pace.rate, eta=pace.eta))

        return progress

    def _found(self, output_id: OutputId, etag: str) -> None:
        """The object's validator, and with another one nothing of it yet: both in one row, so that no crash mixes
        bytes of two objects.
        """
        output = self._store.output(output_id)
        if output is not None and output.state is OutputState.DOWNLOADING and etag != output.etag:
            self._store.put(replace(output, etag=etag, bytes_kept=0))

    def _kept(self, output_id: OutputId) -> Callable[[int], None]:
        noted_at = self._clock.monotonic()

        def kept(count: int) -> None:
            nonlocal noted_at
            output = self._store.output(output_id)
            if output is None or output.etag is None or output.state not in _KEEPING:
                return  # without a validator nothing can be gone on with
            flushed, now = replace(output, bytes_kept=count), self._clock.monotonic()
            if now - noted_at >= _SECONDS_BETWEEN_NOTES:
                noted_at = now
                self._store.put(flushed)
            else:
                self._store.show_progress(flushed)

        return kept

    def _tell_rest(self, output_id: OutputId) -> None:
        """What is there if it goes on later; also at a shutdown, where the row reaches the journal last."""
        output = self._store.output(output_id)
        if output is None or output.state is OutputState.SAVED or output.path is not None:
            return
        if (rest := replace(output, bytes_done=output.bytes_kept, rate=None, eta=None)) != output:
            self._store.put(rest)

    # When all came

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

    async def _name(self, output_id: OutputId, part: Path, size: int, media: MediaInfo | None) -> None:
        target = target_of(part)
        while True:
            await self._step(output_id, path=target, bytes_done=size, size=size)
            if await to_the_end(files.put_in_place, part, target):
                break
            target = await self._placing.free_target(self._need(output_id))
        await self._saved(output_id, target, media)

    async def _saved(self, output_id: OutputId, path: Path, media: MediaInfo | None) -> None:
        thumbnail = await self._probe.thumbnail(path, self._thumbnails / f"{output_id}.jpg") if media else None
        await self._step(
            output_id,
            state=OutputState.SAVED,
            path=path,
            part=None,
            etag=None,
            bytes_kept=0,
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

    async def _step(self, output_id: OutputId, **changes: Any) -> Output:
        output = self._store.put(replace(self._need(output_id), **changes))
        await self._store.saved()
        return output

    def _need(self, output_id: OutputId) -> Output:
        output = self._store.output(output_id)
        if output is None or output.state not in BUSY_OUTPUT_STATES:
            raise asyncio.CancelledError  # taken back by the user between two steps
        return output
