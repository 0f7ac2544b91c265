"""Opening files and folders in the programs of the user's desktop, with a sentence where that fails."""

import asyncio
from pathlib import Path

from mosaic_desktop.gui import desktop


async def open_folder(folder: Path) -> str:
    """Opens `folder`, made if it is not there yet. Empty, or why it could not be opened."""
    try:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    except OSError:
        return f"The folder {folder} cannot be reached. Choose another one in Settings."
    return open_file(folder)


def no_file_manager(path: Path) -> str:
    """Why `path` is not shown in its folder, and where it is all the same."""
    return f"This system has no file manager that shows {path.name}. It is in {path.parent}."


def open_file(path: Path) -> str:
    """Empty, or why it could not be opened."""
    return "" if desktop.open_file(path) else f"This system has no program to open {path.name} with."
