"""How this program starts itself again as a child process."""

import os
import sys
from enum import StrEnum

_OWN_VARIABLES = "MOSAIC_"


class ChildWord(StrEnum):
    """The word that makes this program one of its children."""

    READ_VIDEOS = "read-videos"
    MOVE_BYTES = "move-bytes"
    RENDER_STEPS = "render-steps"


def own_command(*arguments: str) -> list[str]:
    """The command line of this program, from its sources or from a bundle that is its own interpreter."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    # -P: a file of the user's in the current folder must not pass for a module.
    return [sys.executable, "-P", "-m", "mosaic_desktop", *arguments]


def child_environment() -> dict[str, str]:
    """The environment without this application's variables, which may hold an API key."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OWN_VARIABLES)}
