"""A process that has everything loaded and gives birth to programs, so that one that is to be killed starts at once."""

import json
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.faults.killed import Root, live


class Nursery:
    """One program at a time."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def start(self, root: Root, videos: Sequence[Path], started: Mapping[str, str]) -> int:
        """Starts ``live`` in a new process; returns its process id."""
        order = [str(root.folder), root.base_url, root.apart, [str(video) for video in videos], dict(started)]
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps(order)}\n")
        self._process.stdin.flush()
        return self._answer()

    def ended(self) -> int:
        """Waits for its end; returns the exit code, negative for a signal."""
        return self._answer()

    def _answer(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


@contextmanager
def nursery() -> Iterator[Nursery]:
    command = [sys.executable, "-c", "from tests.faults.nursery import serve; serve()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


def serve() -> None:
    """Until its input ends."""
    for line in sys.stdin:
        folder, base_url, apart, videos, started = json.loads(line)
        if pid := os.fork():
            sys.stdout.write(f"{pid}\n")
            sys.stdout.flush()
            sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")
            sys.stdout.flush()
        else:
            code = 1
            try:
                live(Root(Path(folder), base_url, apart), [Path(video) for video in videos], started)
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
