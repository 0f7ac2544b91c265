"""A program that writes its crash report to the folder named first, and then has the fault named second."""

import ctypes
import logging
import sys
import threading
from pathlib import Path

from mosaic_desktop.app.crash import report_crashes
from mosaic_desktop.app.logs import start_logging

SECRET = "mk_live_planted0123456789"


def main(folder: Path, fault: str) -> None:
    start_logging(folder / "mosaic-desktop.log")
    crash_file = report_crashes(folder)
    assert crash_file is not None
    match fault:
        case "segfault":
            ctypes.string_at(0)
        case "exception":
            raise RuntimeError(f"no way with {SECRET}")
        case "thread":
            thread = threading.Thread(target=lambda: ctypes.CDLL(SECRET))
            thread.start()
            thread.join()
        case "warning":
            logging.getLogger("mosaic_desktop").warning("a warning is no crash")
    crash_file.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
