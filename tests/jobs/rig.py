"""An engine between small stand-ins, for tests of the whole story of a job."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.events import Event, Refused
from mosaic_desktop.core.naming import Naming
from mosaic_desktop.core.pace import TransferLimits
from mosaic_desktop.core.ports import RemoteOutput
from mosaic_desktop.core.retry import RetryPolicy
from mosaic_desktop.core.run import RunSpec
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.jobs.engine import Engine
from mosaic_desktop.jobs.parts import EngineParts
from tests.support.fakes import FakeProbe, FakeService, FakeTransfers, ManualClock, MemoryJournal, MemoryVault
from tests.support.waiting import PAUSE, until_async

T = TypeVar("T")
SPEC = RunSpec(agent_id="agent-1", agent_name="Audio enhance", parameters={"target_lufs": -16})
OUTPUT = RemoteOutput("out-1", "node-1", Secret("https://storage.invalid/o?X-Goog-Signature=s"), 2048, 14.0)


class Threads(ThreadPoolExecutor):
    """Those of the event loop. ``at_work``: what they have yet to do."""

    def __init__(self) -> None:
        super().__init__()
        self.at_work: set[Future[Any]] = set()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future = super().submit(fn, *args, **kwargs)
        self.at_work.add(future)
        future.add_done_callback(self.at_work.discard)
        return future


@dataclass
class Rig:
    """What an engine is built of; it outlives the engine, as disk and service do."""

    folder: Path
    service: FakeService = field(
        default_factory=lambda: FakeService(agents=(Agent("agent-1", "Audio enhance"),), outputs=(OUTPUT,))
    )
    transfers: FakeTransfers = field(default_factory=lambda: FakeTransfers(content=b"v" * 2048))
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    probe: FakeProbe = field(default_factory=FakeProbe)
    clock: ManualClock = field(default_factory=ManualClock)
    events: list[Event] = field(default_factory=list)
    naming: Naming = field(default_factory=Naming)
    limits: TransferLimits = field(default_factory=TransferLimits)
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    links: MemoryVault | None = None
    loop: asyncio.AbstractEventLoop | None = None
    threads: Threads | None = None

    @property
    def outputs(self) -> Path:
        return self.folder / "outputs"

    def file(self, name: str = "talk.mp4", size: int = 4096) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((name.encode() + b"v" * size)[:size])
        return path

    @asynccontextmanager
    async def engine(self) -> AsyncIterator[Engine]:
        """Started, and stopped in order at the end."""
        loop = asyncio.get_running_loop()
        if loop is not self.loop:
            self.loop, self.threads = loop, Threads()
            loop.set_default_executor(self.threads)
        engine = Engine(
            EngineParts(
                service=self.service,
                journal=self.journal,
                transfers=self.transfers,
                probe=self.probe,
                clock=self.clock,
                thumbnails=self.folder,
                output_folder=lambda: self.outputs,
                naming=lambda: self.naming,
                limits=self.limits,
                links=self.links,
                retry=self.retry,
            )
        )
        engine.subscribe(self.events.append)
        await engine.start()
        try:
            yield engine
        finally:
            await engine.stop()

    async def time_until(self, condition: Callable[[], object], seconds: float = 600.0, step: float = 0.5) -> None:
        """Turns the clock on by ``step`` until ``condition`` holds; fails once ``seconds`` have passed on it."""
        end = self.clock.monotonic() + seconds
        while not condition():
            for _ in range(3):
                if condition():
                    return
                await asyncio.sleep(PAUSE)
                await self._threads_rest()  # on a busy machine, too, the clock goes no faster than the threads
            assert self.clock.monotonic() < end, "the time is up"
            self.clock.advance(step)

    async def pass_time(self, seconds: float) -> None:
        """Lets ``seconds`` go by with everything that becomes due in them."""
        for _ in range(int(seconds)):
            self.clock.advance(1.0)
            await asyncio.sleep(0)
        await asyncio.sleep(PAUSE)
        await self._threads_rest()

    async def _threads_rest(self) -> None:
        """Returns when they have nothing to do, and what waited for them wants nothing more of them."""
        turns = 0
        while self.threads is not None and turns < 20:
            turns = 0 if self.threads.at_work else turns + 1
            await asyncio.sleep(PAUSE if self.threads.at_work else 0)

    def refusals(self) -> list[str]:
        return [event.problem.code for event in self.events if isinstance(event, Refused)]


async def until(condition: Callable[[], object]) -> None:
    await until_async(condition)
