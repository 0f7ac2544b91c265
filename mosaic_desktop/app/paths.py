"""Where everything is kept."""

import errno
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from mosaic_desktop.core.errors import Code, LocalFileError


@dataclass(frozen=True, slots=True)
class DataPaths:
    """``root`` holds all state of the application; ``outputs`` is where finished videos go until the user chooses."""

    root: Path
    outputs: Path

    @property
    def journal(self) -> Path:
        return self.root / "journal.sqlite"

    @property
    def settings(self) -> Path:
        return self.root / "settings.json"

    @property
    def keyrings(self) -> Path:
        """Which keyring holds which secret; no secrets."""
        return self.root / "keyrings.json"

    @property
    def thumbnails(self) -> Path:
        return self.root / "thumbnails"

    @property
    def local_mosaic(self) -> Path:
        return self.root / "local-mosaic"

    @property
    def log(self) -> Path:
        return self.root / "log" / "mosaic-desktop.log"


def data_paths(root: Path | None) -> DataPaths:
    """The folders of this system, or everything below ``root``. Makes the root, for its owner alone.

    Raises LocalFileError (DATA_FOLDER) with a sentence where nothing can be kept there.
    """
    if root is None:
        paths = DataPaths(
            Path(platformdirs.user_data_dir("mosaic-desktop", appauthor=False)),
            Path(platformdirs.user_videos_dir()) / "Mosaic",
        )
    else:
        root = root.expanduser().absolute()
        paths = DataPaths(root, root / "outputs")
    try:
        paths.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(paths.root, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        words = f"The data folder {paths.root} cannot be used: {reason(error)}. Name another with --data-dir."
        raise LocalFileError(Code.DATA_FOLDER, words) from error
    return paths


def reason(error: OSError) -> str:
    """Why a folder cannot be made or used, as part of a sentence."""
    in_the_way = isinstance(error, FileExistsError | NotADirectoryError)
    return "a file is in its place" if in_the_way else error.strerror or str(error)
