"""Where everything is kept."""

from dataclasses import dataclass
from pathlib import Path

import platformdirs


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
    def thumbnails(self) -> Path:
        return self.root / "thumbnails"

    @property
    def local_mosaic(self) -> Path:
        return self.root / "local-mosaic"

    @property
    def log(self) -> Path:
        return self.root / "log" / "mosaic-desktop.log"


def data_paths(root: Path | None) -> DataPaths:
    """The folders of this system, or everything below ``root``. Makes the root, for its owner alone."""
    if root is None:
        paths = DataPaths(
            Path(platformdirs.user_data_dir("mosaic-desktop", appauthor=False)),
            Path(platformdirs.user_videos_dir()) / "Mosaic",
        )
    else:
        root = root.expanduser().absolute()
        paths = DataPaths(root, root / "outputs")
    paths.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths.thumbnails.mkdir(mode=0o700, exist_ok=True)
    return paths
