"""One child process that answers lines with lines."""

import logging
import subprocess
from collections.abc import Sequence
from contextlib import suppress

from mosaic_desktop.core.errors import Code, LocalFileError
from mosaic_desktop.core.program import child_environment
from mosaic_desktop.media.messages import LONGEST, READY

_SECONDS_TO_END = 2.0
_GENTLE = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
log = logging.getLogger(__name__)


class Child:
    """Started by its first question. ``ask`` and ``close`` block and belong to one thread; ``kill`` to any."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = False

    def ask(self, question: bytes) -> bytes:
        """The answer; not a whole line where the child ended instead. Raises LocalFileError if it does not start."""
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(OSError):  # reading tells that it ended
            process.stdin.write(question)
            process.stdin.flush()
        answer = process.stdout.readline(LONGEST)
        if not answer and not self._killed:
            log.warning("the reader of videos ended at a file (%s)", _how_it_ended(process))
        return answer

    def kill(self) -> None:
        """Ends a question that is being answered. The child is of no more use."""
        self._killed = True
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """Returns when the process and its pipes are gone."""
        process = self._process
        if process is None:
            return
        assert process.stdin is not None
        with suppress(OSError):
            process.stdin.close()  # upon which the child ends by itself
        with process:
            try:
                process.wait(_SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=child_environment(),
                creationflags=_GENTLE,
                start_new_session=True,  # Ctrl-C reaches the application alone, which then ends its child in order
            )
        except OSError as error:
            raise _not_started(type(error).__name__) from error
        self._process = process
        if self._killed:  # meanwhile, when there was nothing to kill
            process.kill()
        assert process.stdout is not None
        if process.stdout.readline(LONGEST) != READY and not self._killed:
            raise _not_started(_how_it_ended(process))
        return process


def _how_it_ended(process: subprocess.Popen[bytes]) -> str:
    """For the log: the exit code, negative for a signal."""
    try:
        return f"exit code {process.wait(_SECONDS_TO_END)}"
    except subprocess.TimeoutExpired:
        return "still running"


def _not_started(why: str) -> LocalFileError:
    log.error("the reader of videos did not start (%s)", why)
    return LocalFileError(Code.FILE_UNREADABLE, "the part of this app that looks into videos did not start")
