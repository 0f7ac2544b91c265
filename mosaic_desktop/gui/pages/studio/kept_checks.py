"""Which videos are checked, for the next start: the queue comes back as it was left."""

from collections.abc import Collection, Sequence

from mosaic_desktop.core.ports import SettingsStore

_ALL_BUT = "all but"
_AT_MOST = 1000


class KeptChecks:
    """Of one profile's queue. Whichever are fewer are written down, the checked rows or the others."""

    def __init__(self, settings: SettingsStore, profile_id: str) -> None:
        self._settings = settings
        self._key = f"queue.checked.{profile_id}"

    def read(self, asset_ids: Collection[str]) -> list[str]:
        """Those of `asset_ids` that were checked."""
        text = self._layout().get(self._key, "")
        named = set(text.removeprefix(_ALL_BUT).split())
        return [asset_id for asset_id in asset_ids if (asset_id in named) is not text.startswith(_ALL_BUT)]

    def keep(self, asset_ids: Sequence[str], checked: Collection[str]) -> None:
        """With thousands on either side none are kept: settings are a small file."""
        others = [asset_id for asset_id in asset_ids if asset_id not in checked]
        words = list(checked) if len(checked) <= len(others) else [_ALL_BUT, *others]
        text = " ".join(words) if len(words) <= _AT_MOST else ""
        if text != self._layout().get(self._key, ""):
            self._settings.change(layout={**self._layout(), self._key: text})

    def _layout(self) -> dict[str, str]:
        return dict(self._settings.value.layout or {})
