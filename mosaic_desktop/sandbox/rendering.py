"""Running one step in a process of its own, so that a hostile file cannot hurt the server.

The job goes in as one line of JSON, progress and result come back as JSON lines. The worker ends when its input
closes, so it cannot outlive the server, however that ends.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

WORKER = (sys.executable, "-m", "mosaic_desktop.sandbox.worker")
# A worker that says nothing for so long hangs; the slowest steps report many times a second.
_SILENCE_LIMIT = 120.0
_CRASHED = "The renderer stopped unexpectedly while working on this video. Try again, or try another video."
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

    def to_json(self) -> str:
        return json.dumps(
            {
                "step": self.step,
                "source": str(self.source),
                "result": str(self.result),
                "inputs": {name: str(path) for name, path in self.inputs.items()},
                "parameters": dict(self.parameters),
                "automatic": list(self.automatic),
            }
        )


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a step made. Steps without a video leave `video` empty; sizes are bytes, digests MD5 in hex."""

    video: str = ""
    thumbnail: str = ""
    duration_ms: int = 0
    digests: Mapping[str, str] = field(default_factory=dict)


class StepError(Exception):
    """The step could not do its work; the text is a sentence for a person."""


Advance = Callable[[float, int | None, int | None], None]


async def render(job: Job, advance: Advance) -> Rendered:
    """Run the job; `advance` gets progress 0 to 1, frames done and frames in all. Raises StepError."""
    process = await asyncio.create_subprocess_exec(
        *WORKER, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        # The pipe stays open on purpose: its end is the worker's sign that the server is gone.
        process.stdin.write(job.to_json().encode() + b"\n")
        return await _listen(process.stdout, advance)
    finally:
        if process.returncode is None:
            process.kill()
        process.stdin.close()
        await process.wait()


async def _listen(output: asyncio.StreamReader, advance: Advance) -> Rendered:
    while True:
        try:
            line = await asyncio.wait_for(output.readline(), _SILENCE_LIMIT)
        except TimeoutError as error:
            raise StepError(_STALLED) from error
        if not line.endswith(b"\n"):
            raise StepError(_CRASHED)
        message = json.loads(line)
        if "error" in message:
            raise StepError(message["error"])
        if "rendered" in message:
            return Rendered(**message["rendered"])
        advance(message["progress"], message["frames_done"], message["frames_total"])
