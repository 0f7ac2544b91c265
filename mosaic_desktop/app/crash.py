"""What is left of a fault that ended or shook the program: a file here, shown at the next start, sent to nobody.

The interpreter's own end (a segmentation fault, an abort) is written by faulthandler, which knows places in the code
and no values. Everything else comes through the log, redacted.
"""

import faulthandler
import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from mosaic_desktop import __version__
from mosaic_desktop.app.logs import RedactingFormatter
from mosaic_desktop.core.secrets import redact

_RAW, _REPORT = "crash.txt", "crash-report.txt"
_MOST_BYTES = 200_000
log = logging.getLogger(__name__)


class CrashFile(logging.Handler):
    """Takes critical records alone. ``close`` leaves no empty file behind."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError."""
        super().__init__(logging.CRITICAL)
        self._path = folder / _RAW
        self.setFormatter(RedactingFormatter(f"Mosaic Desktop {__version__}, %(asctime)s: %(message)s"))
        # Several processes may write here, and a report is taken out by cutting the file: only appending is safe.
        self._file: TextIO = os.fdopen(
            os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8", errors="replace"
        )
        faulthandler.enable(self._file)

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError, ValueError):  # a full disk; a fault after the end
            self._file.write(f"{self.format(record)}\n\n")
            self._file.flush()

    def close(self) -> None:
        logging.getLogger().removeHandler(self)
        faulthandler.disable()
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            if self._path.stat().st_size == 0:
                self._path.unlink()
        super().close()


def report_crashes(folder: Path) -> CrashFile | None:
    """From here on faults are written to ``folder``, which is made. None where that cannot be."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = CrashFile(folder)
    except OSError as error:
        log.warning("there will be no crash report: %s", error.strerror)
        return None
    logging.getLogger().addHandler(handler)
    return handler


def take_crash_report(folder: Path) -> Path | None:
    """The report of what went wrong since the last look, which it then is no news any more. Blocks."""
    raw, report = folder / _RAW, folder / _REPORT
    try:
        if not raw.exists() or raw.stat().st_size == 0:
            return None
        with raw.open("rb") as file:
            file.seek(max(0, raw.stat().st_size - _MOST_BYTES))
            text = redact(file.read().decode("utf-8", "replace"))
        report.unlink(missing_ok=True)
        with os.fdopen(os.open(report, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(text)
        os.truncate(raw, 0)
    except OSError as error:
        log.warning("the crash report cannot be read: %s", error.strerror)
        return None
    return report


def crash_report(folder: Path) -> Path:
    """Where the latest report is, if there ever was one."""
    return folder / _REPORT
