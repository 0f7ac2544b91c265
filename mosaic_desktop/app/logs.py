"""The log and the reports of faults. Every line is redacted where it is written, whoever wrote it."""

import asyncio
import logging
import sys
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

from mosaic_desktop.app.paths import reason
from mosaic_desktop.core.secrets import redact

_BYTES_A_FILE, _OLDER_FILES = 1_000_000, 3
log = logging.getLogger("mosaic_desktop")


class RedactingFormatter(logging.Formatter):
    """Formats a record, its traceback included, and takes secrets out of the result. Of one whose values do not fit its
    words the values are left out, since logging would print them as they are.
    """

    def format(self, record: logging.LogRecord) -> str:
        try:
            return redact(super().format(record))
        except (TypeError, ValueError, KeyError):
            return redact(f"{record.levelname} {record.name}: {record.msg}")


class ConsoleFormatter(RedactingFormatter):
    """One line for people. What led to a fault is in the log, not on their screen."""

    def format(self, record: logging.LogRecord) -> str:
        if record.exc_info:
            return "Something unexpected happened. The log has the details."
        return super().format(record)


class LogFile(RotatingFileHandler):
    """A file of at most 1 MB and three older ones. A full disk neither stops the work nor fills the screen."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_BYTES_A_FILE, backupCount=_OLDER_FILES, encoding="utf-8")
        self.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        pass


def start_logging(path: Path) -> None:
    """Logs to ``path``; errors are told on stderr too. Without a log the application works all the same."""
    console = logging.StreamHandler(sys.stderr)
    console.setLevel(logging.ERROR)
    console.setFormatter(ConsoleFormatter("%(message)s"))
    handlers: list[logging.Handler] = [console]
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handlers.append(LogFile(path))
    except OSError as error:
        print(f"There will be no log, since {path} cannot be written: {reason(error)}.", file=sys.stderr)
    logging.basicConfig(level=logging.INFO, handlers=handlers, force=True)
    # The first two write whole signed addresses at INFO, the third pages where no D-Bus is.
    for noisy in ("httpx", "httpcore", "wakepy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    _report_faults()


def report_loop_fault(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """The exception handler of event loops. A connection that breaks is no fault of this program."""
    error = context.get("exception")
    level = logging.CRITICAL if error is not None and not isinstance(error, OSError) else logging.ERROR
    log.log(level, "%s", context.get("message"), exc_info=error)


def _report_faults() -> None:
    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.critical("a fault that nothing caught", exc_info=(kind, error, trace))

    def thread_hook(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            hook(args.exc_type, args.exc_value, args.exc_traceback)

    def quiet_hook(fault: "sys.UnraisableHookArgs") -> None:
        log.error("%s", fault.err_msg or "a fault where nobody can catch it", exc_info=fault.exc_value)

    sys.excepthook = hook
    sys.unraisablehook = quiet_hook
    threading.excepthook = thread_hook
