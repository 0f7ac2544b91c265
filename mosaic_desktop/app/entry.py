"""Where the program begins and ends, for every way of starting it."""

import gc
import os
import signal
import sys


def main() -> int:
    """Returns the exit code. Ctrl-C ends the process at once, with no word of Python's, until a command listens."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.disable()  # what is loaded here stays, so there is nothing to look for
    from mosaic_desktop.app.main import main as start  # takes a moment, in which Ctrl-C may come

    gc.freeze()
    gc.enable()
    try:
        return start()
    finally:
        _let_go_of_the_unread()


def _let_go_of_the_unread() -> None:
    """Where nobody reads, Python would complain when it ends and replace the exit code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:  # it was closed before the program began
                stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
