"""A headless command on an engine between small stand-ins, and what it printed."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, TypeVar

from mosaic_desktop.cli.patience import Patience
from mosaic_desktop.cli.report import Report
from mosaic_desktop.core.retry import RetryPolicy
from mosaic_desktop.jobs.engine import Engine
from tests.jobs.rig import Rig

T = TypeVar("T")


@dataclass
class Console:
    """``report`` prints one JSON object a line into memory."""

    rig: Rig
    text: StringIO = field(default_factory=StringIO)

    @property
    def report(self) -> Report:
        return Report(True, self.rig.clock.monotonic, out=self.text)

    @property
    def patience(self) -> Patience:
        return Patience(RetryPolicy(), self.rig.clock, self.report)

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.getvalue().splitlines()]

    def sentences(self, event: str) -> list[str]:
        return [record["sentence"] for record in self.records if record["event"] == event]

    async def carry_out(self, command: Callable[[Engine], Awaitable[T]], seconds: float = 600.0) -> T:
        """Starts an engine and turns the clock on until the command has ended; gives what it returned."""
        async with self.rig.engine() as engine:
            task = asyncio.ensure_future(command(engine))
            await self.rig.time_until(task.done, seconds)
            return await task
