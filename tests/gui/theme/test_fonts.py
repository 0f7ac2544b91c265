import pytest
from PySide6.QtGui import QFont, QFontInfo, QFontMetrics

from mosaic_desktop.core.resources import resources_dir
from mosaic_desktop.gui.theme.fonts import BUNDLED_FAMILY, Fonts, TextStyle, desktop_has_font
from mosaic_desktop.gui.theme.theme import Theme


@pytest.mark.parametrize(
    ("platform", "desktop", "family", "own"),
    [
        ("darwin", "", ".AppleSystemUIFont", True),
        ("win32", "", "Segoe UI", True),
        ("linux", "ubuntu:GNOME", "Cantarell", True),
        ("linux", "KDE", "Noto Sans", True),
        ("linux", "GNOME", "DejaVu Sans", False),
        ("linux", "", "Cantarell", False),
        ("linux", "sway", "Noto Sans", False),
    ],
)
def test_system_font_is_used_where_the_desktop_has_one(platform: str, desktop: str, family: str, own: bool) -> None:
    assert desktop_has_font(platform, {"XDG_CURRENT_DESKTOP": desktop}, family) is own


@pytest.fixture
def bundled(qapp: object) -> Fonts:
    return Fonts(resources_dir() / "fonts", {}, "linux")


@pytest.mark.parametrize("style", TextStyle)
def test_bundled_font_has_every_size_and_weight(bundled: Fonts, style: TextStyle) -> None:
    font = bundled.font(style)
    info = QFontInfo(font)
    assert info.family() == BUNDLED_FAMILY
    assert (info.pixelSize(), info.weight()) == style.value


@pytest.mark.parametrize("style", [TextStyle.SMALL, TextStyle.BODY])
def test_figures_have_equal_widths(bundled: Fonts, style: TextStyle) -> None:
    metrics = QFontMetrics(bundled.font(style))
    assert len({metrics.horizontalAdvance(digit * 4) for digit in "0123456789"}) == 1


def test_heavier_is_wider(bundled: Fonts) -> None:
    styles = (TextStyle.BODY, TextStyle.BODY_MEDIUM, TextStyle.BODY_STRONG)
    widths = [QFontMetrics(bundled.font(style)).horizontalAdvance("Upload queue " * 20) for style in styles]
    assert widths == sorted(set(widths))


def test_application_text_is_13_pixels(theme: Theme) -> None:
    assert theme.font(TextStyle.BODY).pixelSize() == 13
    assert theme.font(TextStyle.BODY).weight() == QFont.Weight.Normal


def test_bundled_fonts_stay_small() -> None:
    files = (resources_dir() / "fonts").iterdir()
    assert sum(file.stat().st_size for file in files) < 2_000_000
