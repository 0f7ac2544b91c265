"""A program: the real reader of videos, for which opening a file has the consequence that the file's name asks for.

How often a file was opened stands in the size of ``<file>.seen``.
"""

import os
import re
import signal
import sys
from pathlib import Path

from mosaic_desktop.media.reader import run


def listen(event: str, arguments: tuple[object, ...]) -> None:
    path = Path(str(arguments[0])) if event == "open" else Path()
    if path.suffix != ".mp4":
        return
    with path.with_suffix(".seen").open("ab") as seen:
        seen.write(b".")
        times = seen.tell()
    match path.stem:
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "endless":
            re.match("(a+)+$", "a" * 99 + "b")  # C code that never lets go of the interpreter
        case "stuck once" if times == 1:
            signal.pause()
        case "chatter":
            os.write(1, b"frame= 1 fps=25\n")


sys.addaudithook(listen)
raise SystemExit(run())
