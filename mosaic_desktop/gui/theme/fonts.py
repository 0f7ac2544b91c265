"""Type: which family, and the few sizes and weights in use. Loads the bundled Inter when the desktop names no font."""

import sys
from collections.abc import Mapping
from enum import Enum
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo

BUNDLED_FAMILY = "Inter"
_DESKTOPS_WITH_FONT = {"GNOME", "KDE", "UNITY", "X-CINNAMON", "CINNAMON", "MATE", "BUDGIE", "PANTHEON"}
_GENERIC_FAMILIES = {"", "sans", "sans serif", "sans-serif", "dejavu sans", "bitstream vera sans", "helvetica"}


class TextStyle(Enum):
    """Named text style: (pixel size, weight)."""

    RAIL = (11, QFont.Weight.Normal)
    RAIL_CURRENT = (11, QFont.Weight.DemiBold)
    SMALL = (12, QFont.Weight.Normal)
    SMALL_STRONG = (12, QFont.Weight.DemiBold)
    BODY = (13, QFont.Weight.Normal)
    BODY_MEDIUM = (13, QFont.Weight.Medium)
    BODY_STRONG = (13, QFont.Weight.DemiBold)
    SUBTITLE = (15, QFont.Weight.DemiBold)
    PAGE_TITLE = (17, QFont.Weight.Bold)
    HERO = (24, QFont.Weight.Bold)
    BALANCE = (34, QFont.Weight.Bold)


def desktop_has_font(platform: str, environment: Mapping[str, str], system_family: str) -> bool:
    """Tell whether the system's own interface font should be used.

    `platform` is `sys.platform`; `system_family` is what Qt reports as the general font.
    """
    if platform in ("darwin", "win32"):
        return True
    names = {part.upper() for part in environment.get("XDG_CURRENT_DESKTOP", "").split(":")}
    return bool(names & _DESKTOPS_WITH_FONT) and system_family.lower() not in _GENERIC_FAMILIES


class Fonts:
    """Fonts by text style, with tabular figures so that numbers do not dance."""

    def __init__(self, folder: Path, environment: Mapping[str, str], platform: str = sys.platform) -> None:
        system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        if desktop_has_font(platform, environment, QFontInfo(system).family()):
            self._base = system
        else:
            self._base = QFont(_load_bundled(folder) or system.family())
        self._base.setFeature(QFont.Tag("tnum"), 1)
        # Letters keep their drawn shapes at fractional scales.
        self._base.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        self._fonts = {style: self._make(style) for style in TextStyle}

    @property
    def family(self) -> str:
        return self._base.family()

    def font(self, style: TextStyle) -> QFont:
        return self._fonts[style]

    def _make(self, style: TextStyle) -> QFont:
        size, weight = style.value
        font = QFont(self._base)
        font.setPixelSize(size)
        font.setWeight(weight)
        return font

    def fixed(self) -> QFont:
        """The system's fixed-width font at body size, for logs and ids."""
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(TextStyle.SMALL.value[0])
        return font


def _load_bundled(folder: Path) -> str | None:
    files = sorted(folder.glob(f"{BUNDLED_FAMILY}-*.otf"))
    loaded = [QFontDatabase.addApplicationFont(str(file)) for file in files]
    return BUNDLED_FAMILY if loaded and min(loaded) >= 0 else None
