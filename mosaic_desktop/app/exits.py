"""Exit codes."""

OK, FAILED, USAGE = 0, 1, 2
STOPPED = 128  # and the number of the signal, as shells count
