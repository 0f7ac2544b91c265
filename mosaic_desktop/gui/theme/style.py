"""The application's style sheet: the file in resources, filled with the palette's values."""

from pathlib import Path
from string import Template

from mosaic_desktop.gui.theme.glyphs import StyleGlyphs
from mosaic_desktop.gui.theme.palette import Palette


def style_sheet(file: Path, palette: Palette, glyphs: StyleGlyphs) -> str:
    """Fill the template in `file`. Raises KeyError for a name it does not know."""
    secondary, faint = palette.secondary, palette.faint
    return Template(file.read_text(encoding="utf-8")).substitute(
        palette.tokens(),
        scroll="#3a3f4a" if palette.dark else "#cfd3db",
        chevron_up=glyphs.url("chevron-up", secondary),
        chevron_down=glyphs.url("chevron-down", secondary),
        chevron_right=glyphs.url("chevron-right", secondary),
        chevron_up_faint=glyphs.url("chevron-up", faint),
        chevron_down_faint=glyphs.url("chevron-down", faint),
        check=glyphs.url("check", palette.on_accent),
        check_text=glyphs.url("check", palette.text),
        box_info=glyphs.url("info", palette.accent_text),
        box_warning=glyphs.url("triangle-alert", palette.warning),
        box_bad=glyphs.url("circle-alert", palette.bad),
        minus=glyphs.url("minus", palette.on_accent),
    )
