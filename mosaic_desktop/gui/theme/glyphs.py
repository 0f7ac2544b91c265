"""Tinted icon files for the style sheet, which can name images only by path."""

from pathlib import Path

from PySide6.QtCore import QTemporaryDir

from mosaic_desktop.gui.theme.icons import IconSet


class StyleGlyphs:
    """Writes each wanted icon and color once into a temporary folder that goes away with this object."""

    def __init__(self, icons: IconSet) -> None:
        self._icons = icons
        self._folder = QTemporaryDir()

    def url(self, name: str, color: str) -> str:
        """Path of an SVG file for `url(...)`; `color` is `#rrggbb`."""
        path = Path(self._folder.path()) / f"{name}-{color.removeprefix('#')}.svg"
        if self._folder.isValid() and not path.exists():
            path.write_bytes(self._icons.svg(name, color))
        return path.as_posix()
