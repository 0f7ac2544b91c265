"""Videos of the same name, told apart by where they lie, as editors and browsers do with tabs."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path

from mosaic_desktop.core.asset import Asset


class SameNames:
    """Kept up to date row by row; what rows of one name are called is found out when the first of them is shown."""

    def __init__(self) -> None:
        self._folders: defaultdict[str, dict[str, Path]] = defaultdict(dict)
        self._told: dict[str, dict[Path, str]] = {}
        self._touched: set[str] = set()

    def follow(self, old: Asset | None, new: Asset | None) -> None:
        """A row came (``old`` is None), went (``new`` is None) or changed."""
        if old is not None and new is not None and (old.name, old.path) == (new.name, new.path):
            return
        for asset in (old, new):
            if asset is not None and asset.path is not None:
                self._told.pop(asset.name, None)
                self._touched.add(asset.name)
        if old is not None:
            self._folders[old.name].pop(old.id, None)
        if new is not None and new.path is not None:
            self._folders[new.name][new.id] = new.path.parent

    def take_changed(self) -> Collection[str]:
        """The ids of rows that may be called another thing than when this was asked last."""
        touched, self._touched = self._touched, set()
        return [row_id for name in touched for row_id in self._folders.get(name, ())]

    def folder_of(self, asset: Asset) -> str:
        """As much of the way to ``asset`` as tells it from the others of its name; empty where nothing needs to."""
        folders = self._folders.get(asset.name, {})
        if asset.path is None or len(folders) < 2:
            return ""
        if asset.name not in self._told:
            self._told[asset.name] = telling_parts(folders.values())
        return self._told[asset.name].get(asset.path.parent, "")


def telling_parts(folders: Iterable[Path]) -> dict[Path, str]:
    """The shortest end of each folder that no other one has: `monday` and `tuesday`, or `monday/card` where only what
    lies further up differs. Nothing for a single folder.
    """
    left, told = set(folders), dict[Path, str]()
    if len(left) < 2:
        return told
    longest = max(len(folder.parts) for folder in left)
    for count in range(1, longest + 1):
        ends = {folder: Path(*folder.parts[-count:]) for folder in left}
        having = Counter(ends.values())
        for folder, end in ends.items():
            if having[end] == 1 or count >= len(folder.parts):
                told[folder] = str(end)
        left -= told.keys()
    return told
