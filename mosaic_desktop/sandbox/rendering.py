"""Running steps in processes of their own, so that a hostile file cannot hurt the server.

A job goes in as one line of JSON, progress and result come back as JSON lines. A worker ends when its input closes,
so it cannot outlive the server, however that ends.
"""

import asyncio
import json
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mosaic_desktop.core.program import ChildWord, child_environment, own_command
from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.memory import default_memory_bytes

# A worker that says nothing for so long hangs; the slowest steps report many times a second.
_SILENCE_LIMIT = 120.0
# A video of three hours takes less; one that never ends must end.
_LONGEST_SECONDS = 12 * 3600.0
_IDLE_SECONDS = 0.5
_CRASHED = "The renderer stopped unexpectedly while working on this video. Try again, or try another video."
_TOO_LONG = "This video takes more than twelve hours to process and was given up. Try a shorter part of it."
_STALLED = "The renderer made no progress for two minutes and was stopped. Try again, or try another video."


@dataclass(frozen=True, slots=True)
class Job:
    """One step on one video. `inputs` are result folders of the steps before by type, `result` is its own folder."""

    step: str
    source: Path
    result: Path
    inputs: Mapping[str, Path] = field(default_factory=dict)
    parameters: Mapping[str, object] = field(default_factory=dict)
    automatic: tuple[str, ...] = ()

    def to_json(self, memory_bytes: int) -> str:
        return json.dumps(
            {
                "step": self.step,
                "source": str(self.source),
                "result": str(self.result),
                "inputs": {name: str(path) for name, path in self.inputs.items()},
                "parameters": dict(self.parameters),
                "automatic": list(self.automatic),
                "memory_bytes": memory_bytes,
            }
        )


class StepError(Exception):
    """The step could not do its work; the text is a sentence for a person."""


Advance = Callable[[float, int | None, int | None], None]


class Workers:
    """The worker processes of a server. Close it at the end. `memory_bytes` is what each of them may use, and for so
    many seconds it may say nothing or take for a step.

    A worker that finished well waits a moment for another step, since loading the video libraries takes as long as
    processing a short clip. After anything else, and after one that needed nearly all its memory, it is killed.
    """

    def __init__(
        self,
        memory_bytes: int | None = None,
        silence_seconds: float = _SILENCE_LIMIT,
        longest_seconds: float = _LONGEST_SECONDS,
    ) -> None:
        self._memory_bytes = memory_bytes or default_memory_bytes()
        self._silence_seconds = silence_seconds
        self._longest_seconds = longest_seconds
        self._idle: dict[Process, asyncio.TimerHandle] = {}

    async def render(self, job: Job, advance: Advance) -> Made:
        """Run the job; `advance` gets progress 0 to 1, frames done and frames in all. Raises StepError."""
        process = self._take_idle() or await _start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(job.to_json(self._memory_bytes).encode() + b"\n")
            async with asyncio.timeout(self._longest_seconds):
                message = await _listen(process.stdout, advance, self._silence_seconds)
        except TimeoutError as error:
            await _bury(process)
            raise StepError(_TOO_LONG) from error
        except BaseException:
            await _bury(process)
            raise
        if message["spent"]:
            await _bury(process)
        else:
            self._idle[process] = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._dismiss, process)
        return Made.of_message(message["rendered"])

    async def close(self) -> None:
        """Kill the workers that wait; those at work end with their cancelled tasks."""
        waiting = list(self._idle)
        for process in waiting:
            self._idle[process].cancel()
            self._dismiss(process)
        for process in waiting:
            await process.wait()

    def _take_idle(self) -> Process | None:
        while self._idle:
            process, timer = self._idle.popitem()
            timer.cancel()
            if process.returncode is None:
                return process
        return None

    def _dismiss(self, process: Process) -> None:
        del self._idle[process]
        _end(process)


async def _start() -> Process:
    # The input stays open on purpose: its end is the worker's sign that the server is gone.
    return await asyncio.create_subprocess_exec(
        *own_command(ChildWord.RENDER_STEPS),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=child_environment(),
    )


async def _bury(process: Process) -> None:
    _end(process)
    await process.wait()


def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    if process.stdin is not None:
        process.stdin.close()


async def _listen(output: asyncio.StreamReader, advance: Advance, silence_seconds: float) -> dict[str, Any]:
    """The worker's last word about a job that it did."""
    while True:
        try:
            line = await asyncio.wait_for(output.readline(), silence_seconds)
        except TimeoutError as error:
            raise StepError(_STALLED) from error
        if not line.endswith(b"\n"):
            raise StepError(_CRASHED)
        message: dict[str, Any] = json.loads(line)
        if "error" in message:
            raise StepError(message["error"])
        if "rendered" in message:
            return message
        advance(message["progress"], message["frames_done"], message["frames_total"])
