"""The worker process: steps on videos, one after the other.

Reads each job as one line of JSON, reports progress and result as JSON lines, and dies when its input closes, because
then the server is gone.
"""

import errno
import json
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NoReturn

from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.memory import limit_memory, was_exhausted
from mosaic_desktop.sandbox.steps import STEPS
from mosaic_desktop.sandbox.steps.step import Work

_log = logging.getLogger(__name__)
_REPORT_SECONDS = 0.1
_TOO_LARGE = "There is not enough memory for this video. Try one with a smaller picture."
_DISK_FULL = "There is no room on the disk for the finished video. Make some, and try again."
_UNEXPECTED = "This video could not be processed. It may be damaged or use a format that is not supported."


class Reporter:
    """Writes progress, which never goes back, ten times a second at most, and the last of it when asked."""

    def __init__(self) -> None:
        self._last = -_REPORT_SECONDS
        self._share = 0.0
        self._state: dict[str, object] = {}

    def __call__(self, share: float, done: int | None = None, total: int | None = None) -> None:
        self._share = max(self._share, min(share, 1.0))
        self._state = {"progress": self._share, "frames_done": done, "frames_total": total}
        if time.monotonic() - self._last >= _REPORT_SECONDS:
            self._last = time.monotonic()
            self.flush()

    def flush(self) -> None:
        if self._state:
            _say(self._state)
            self._state = {}


def _say(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _read_jobs(jobs: "SimpleQueue[bytes]") -> None:
    for line in sys.stdin.buffer:
        jobs.put(line)
    # Not an ordinary exit, which would wait for a step that may take hours.
    os._exit(0)


def main() -> NoReturn:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    # Ctrl-C in a terminal reaches the whole group; when to end is for the server to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    jobs: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_read_jobs, args=(jobs,), daemon=True).start()
    while True:
        _perform(json.loads(jobs.get()))


def _perform(job: dict[str, Any]) -> None:
    limit_memory(job["memory_bytes"])
    report = Reporter()
    work = Work(
        step=job["step"],
        source=Path(job["source"]),
        result=Path(job["result"]),
        inputs={name: Path(path) for name, path in job["inputs"].items()},
        parameters=job["parameters"],
        automatic=frozenset(job["automatic"]),
        report=report,
    )
    try:
        made = STEPS[job["step"]](work)
        report.flush()
        # What it once took would be held against the next video, so a worker that took a lot is not used again.
        _say({"rendered": made.to_message(), "spent": was_exhausted(job["memory_bytes"])})
    except MediaError as trouble:
        _say({"error": str(trouble)})
    except Exception as error:
        # The border of the process: whatever a strange file provokes becomes a sentence, and the log has the rest.
        _log.exception("step %s", job["step"])
        _say({"error": _in_words(error, job["memory_bytes"])})


def _in_words(error: Exception, memory_bytes: int) -> str:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return _DISK_FULL
    return _TOO_LARGE if isinstance(error, MemoryError) or was_exhausted(memory_bytes) else _UNEXPECTED
