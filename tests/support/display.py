"""A private X display, so that real windows open without touching the screen of whoever runs the tests."""

import os

from tests.support.processes import Helpers, first_line

SCREEN = "1600x1200x24"


def start_display(helpers: Helpers) -> str:
    """Start Xvfb on the first free number and return its name, for instance ":99"."""
    reading, writing = os.pipe()
    # Without -noreset the server restarts whenever its last window goes.
    options = ["-screen", "0", SCREEN, "-dpi", "96", "-nolisten", "tcp", "-noreset"]
    helpers.start(["Xvfb", "-displayfd", str(writing), *options], pass_fds=[writing])
    os.close(writing)
    number = first_line(reading)
    if not number:
        raise RuntimeError(f"Xvfb did not start; see {helpers.folder}/Xvfb.log")
    return f":{number}"
