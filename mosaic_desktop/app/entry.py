"""Where the program begins, for every way of starting it."""

import signal


def main() -> int:
    """Returns the exit code. Ctrl-C ends the process at once, with no word of Python's, until a command listens."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from mosaic_desktop.app.main import main as start  # takes a moment, in which Ctrl-C may come

    return start()
