"""Where the data files (icons, fonts, models) are. One function; knows the three ways the program can be installed."""

import sys
from pathlib import Path


def resources_dir() -> Path:
    """Return the folder that holds `icons`, `fonts` and `models`.

    Looks inside a frozen bundle, then the installed package, then the source tree. Raises FileNotFoundError.
    """
    package = Path(__file__).resolve().parent.parent
    candidates = [package / "resources", package.parent / "resources"]
    bundle = getattr(sys, "_MEIPASS", None)
    if isinstance(bundle, str):
        candidates.insert(0, Path(bundle) / "resources")
    for folder in candidates:
        if (folder / "icons").is_dir():
            return folder
    raise FileNotFoundError(f"No resources folder among: {', '.join(str(folder) for folder in candidates)}")
