"""One child process of this program, with which it exchanges lines over pipes."""

import logging
import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from typing import BinaryIO

from mosaic_desktop.core.program import child_environment

READY = b"ready\n"
"""What a child says first."""
LONGEST = 1024 * 1024
"""Bytes of a line; the longest, a thumbnail, takes some 10,000."""

_SECONDS_TO_END = 2.0
_FLAGS = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
log = logging.getLogger(__name__)


class NotStartedError(Exception):
    """The child did not begin its work."""


class Child:
    """``what``: its task, for the log. Its calls block; ``kill`` may come from any thread, ``tell`` and ``hear`` each
    belong to one.
    """

    def __init__(self, command: Sequence[str], what: str) -> None:
        self._command = command
        self._what = what
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = False

    @property
    def is_started(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        """Returns once the child is ready. Raises NotStartedError."""
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=child_environment(),
                creationflags=_FLAGS,
                start_new_session=True,  # Ctrl-C reaches the application alone, which then ends its child in order
            )
        except OSError as error:
            raise self._not_started(type(error).__name__) from error
        self._process = process
        if self._killed:  # meanwhile, when there was nothing to kill
            process.kill()
        assert process.stdout is not None
        if process.stdout.readline(LONGEST) != READY and not self._killed:
            raise self._not_started(_how_it_ended(process))

    def tell(self, line: bytes) -> None:
        """A child that ended hears nothing, which ``hear`` tells."""
        assert self._process is not None
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def hear(self) -> bytes:
        """The next line; not a whole one where the child ended instead."""
        process = self._process
        assert process is not None
        assert process.stdout is not None
        line = process.stdout.readline(LONGEST)
        if not line and not self._killed:
            log.warning("%s ended in the middle of its work (%s)", self._what, _how_it_ended(process))
        return line

    def kill(self) -> None:
        """Ends what the child is doing. It is of no more use."""
        self._killed = True
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """Returns when the process and its pipes are gone."""
        process = self._process
        if process is None:
            return
        assert process.stdin is not None
        self._killed = True  # its end is no news
        with suppress(OSError):
            process.stdin.close()  # upon which the child ends by itself
        with process:
            try:
                process.wait(_SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()

    def _not_started(self, why: str) -> NotStartedError:
        log.error("%s did not start (%s)", self._what, why)
        return NotStartedError(self._what)


def _how_it_ended(process: subprocess.Popen[bytes]) -> str:
    """For the log: the exit code, negative for a signal."""
    try:
        return f"exit code {process.wait(_SECONDS_TO_END)}"
    except subprocess.TimeoutExpired:
        return "still running"


def own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """In the child: standard input and output for the messages alone, since what a library prints must not come in
    between.
    """
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return questions, answers
