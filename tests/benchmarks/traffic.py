"""Videos that move through the engine, inside the application's process."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path

from mosaic_desktop.core.asset import Asset, AssetId, AssetState
from mosaic_desktop.core.events import Event, RowChanged
from mosaic_desktop.core.output import Output, OutputId, OutputState
from mosaic_desktop.core.pace import TransferLimits
from mosaic_desktop.core.run import RunSpec, RunState
from mosaic_desktop.jobs.engine import Engine
from tests.benchmarks import films, usage
from tests.benchmarks.lateness import Lateness
from tests.faults.talk import AGENT
from tests.support.waiting import until_async

_SPEC = RunSpec(agent_id=AGENT["id"], agent_name=AGENT["name"])
_BEGUN = {AssetState.SIGNING, OutputState.DOWNLOADING}
_OVER = {AssetState.READY, AssetState.FAILED, OutputState.SAVED, OutputState.FAILED}
_PATIENCE = 600.0


class Traffic:
    """Every answer is plain data. A transfer is timed from its first call to the service to its confirmed end."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._serial = count(time.time_ns())
        self._links = count()
        self._began: dict[str, float] = {}
        self._ended: dict[str, asyncio.Future[float]] = {}
        engine.subscribe(self._hear)

    async def upload(self, path: str) -> Mapping[str, object]:
        """A file that was never sent before. Its row is gone again at the end."""
        return await self._measured(self._send(Path(path)))

    async def output(self) -> str:
        """A finished run's output, fetched for a first time."""
        link = f"https://www.youtube.com/watch?v=bench{next(self._links):06}"
        (asset,) = await self._engine.add([link])
        (run,) = self._engine.run([asset], _SPEC)
        saved = {OutputState.SAVED}
        await until_async(lambda: {output.state for output in self._engine.outputs_of(run)} == saved, _PATIENCE)
        (output,) = self._engine.outputs_of(run)
        _discard(output)
        return output.id

    async def download(self, output: str) -> Mapping[str, object]:
        """That output once more. The file is gone again at the end."""
        return await self._measured(self._fetch(OutputId(output)))

    async def crowd(self, paths: Sequence[str], outputs: Sequence[str], seconds: float) -> Mapping[str, float]:
        """All of them at the same time, and again until the time is over; lateness meanwhile."""
        slots = max(len(paths), len(outputs))
        self._engine.set_limits(TransferLimits(slots, slots))
        end, moved = time.monotonic() + seconds, 0

        async def again(transfer: Callable[[], Awaitable[float]]) -> None:
            nonlocal moved
            while time.monotonic() < end:
                await transfer()
                moved += 1

        sending = [again(partial(self._send, Path(path))) for path in paths]
        fetching = [again(partial(self._fetch, OutputId(output))) for output in outputs]
        lateness = Lateness()
        await asyncio.gather(*sending, *fetching)
        return {**lateness.stop(), "transfers": moved}

    async def watch(self, runs: int) -> int:
        """Starts runs and returns how many go on."""
        first = [f"https://www.youtube.com/watch?v=watch{next(self._links):06}" for _ in range(runs)]
        started = self._engine.run(await self._engine.add(first), _SPEC)
        self._engine.watch(())
        going_on = self._engine.store.runs_in
        await until_async(lambda: len(list(going_on(RunState.RUNNING))) == len(started), _PATIENCE)
        return len(started)

    # Inside

    async def _measured(self, transfer: Awaitable[float]) -> Mapping[str, object]:
        usage.forget_peak()
        before, _ = usage.memory()
        used = usage.Processor()
        seconds = await transfer
        _, most = usage.memory()
        return {"seconds": seconds, "grown_bytes": most - before, "core_share": used.share()}

    async def _send(self, path: Path) -> float:
        await asyncio.to_thread(films.renew, path, next(self._serial))
        (asset,) = await self._engine.add([path])
        seconds = await self._end_of(asset)
        row = self._engine.store.asset(AssetId(asset))
        assert row is not None
        assert row.state is AssetState.READY, row
        assert row.reused_from is None, row
        self._engine.remove([row.id])
        return seconds

    async def _fetch(self, output: OutputId) -> float:
        self._engine.download_again(output)
        seconds = await self._end_of(output)
        row = self._engine.store.output(output)
        assert row is not None
        assert row.state is OutputState.SAVED, row
        await asyncio.to_thread(_discard, row)
        return seconds

    async def _end_of(self, row_id: str) -> float:
        self._ended[row_id] = asyncio.get_running_loop().create_future()
        return await asyncio.wait_for(self._ended[row_id], _PATIENCE)

    def _hear(self, event: Event) -> None:
        if not isinstance(event, RowChanged) or not isinstance(row := event.row, Asset | Output):
            return
        if row.state in _BEGUN:
            self._began.setdefault(row.id, time.monotonic())
        elif row.state in _OVER and row.id in self._began:
            seconds = time.monotonic() - self._began.pop(row.id)
            if (ended := self._ended.pop(row.id, None)) is not None:
                ended.set_result(seconds)


def _discard(output: Output) -> None:
    assert output.path is not None
    output.path.unlink()
