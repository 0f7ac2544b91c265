"""The log and the reports of faults. Every line is redacted where it is written, whoever wrote it."""

import logging
import sys
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from mosaic_desktop.core.secrets import redact

_BYTES_A_FILE = 1_000_000
log = logging.getLogger("mosaic_desktop")


class RedactingFormatter(logging.Formatter):
    """Formats a record, its traceback included, and takes secrets out of the result."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def start_logging(path: Path, *, to_stderr: bool) -> None:
    """Logs to a file of at most 4 MB in all; warnings also go to stderr where somebody reads that."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = RotatingFileHandler(path, maxBytes=_BYTES_A_FILE, backupCount=3, encoding="utf-8", delay=True)
    file.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handlers: list[logging.Handler] = [file]
    if to_stderr:
        console = logging.StreamHandler(sys.stderr)
        console.setLevel(logging.ERROR)
        console.setFormatter(RedactingFormatter("%(message)s"))
        handlers.append(console)
    logging.basicConfig(level=logging.INFO, handlers=handlers, force=True)
    # These two write whole signed addresses at INFO.
    for noisy in ("httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    _report_faults()


def _report_faults() -> None:
    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.critical("a fault that nothing caught", exc_info=(kind, error, trace))

    def thread_hook(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            hook(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = hook
    threading.excepthook = thread_hook
