from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPixmap

from mosaic_desktop.core.resources import resources_dir
from mosaic_desktop.gui.theme.palette import DARK, LIGHT, Token
from mosaic_desktop.gui.theme.theme import Theme, ThemeMode

SVG_FILES = sorted((resources_dir() / "icons").glob("*.svg"))


def strongest_color(pixmap: QPixmap) -> str:
    image = pixmap.toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return max(pixels, key=lambda color: color.alpha()).name()


@pytest.mark.parametrize("dpr", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_icon_has_the_pixels_of_the_screen(theme: Theme, dpr: float) -> None:
    pixmap = theme.icons.icon("settings").pixmap(QSize(16, 16), dpr)
    assert pixmap.size() == QSize(round(16 * dpr), round(16 * dpr))
    assert pixmap.devicePixelRatio() == pytest.approx(dpr)


def test_icon_is_drawn_and_not_stretched_at_twice_the_size(theme: Theme) -> None:
    once = theme.icons.pixmap("settings", 16, Token.TEXT, 1.0).toImage()
    twice = theme.icons.pixmap("settings", 16, Token.TEXT, 2.0).toImage()
    twice.setDevicePixelRatio(1.0)
    assert once.scaled(32, 32) != twice


def test_icon_takes_the_color_of_its_token_and_follows_the_theme(make_theme: Callable[..., Theme]) -> None:
    theme = make_theme(ThemeMode.LIGHT)
    icon = theme.icons.icon("square", Token.BAD)
    assert strongest_color(icon.pixmap(QSize(48, 48), 1.0)) == LIGHT.bad
    theme.set_mode(ThemeMode.DARK)
    assert strongest_color(icon.pixmap(QSize(48, 48), 1.0)) == DARK.bad


def test_disabled_icon_is_faint(theme: Theme) -> None:
    pixmap = theme.icons.icon("square", Token.TEXT).pixmap(QSize(48, 48), 1.0, QIcon.Mode.Disabled)
    assert strongest_color(pixmap) == LIGHT.faint


def test_checked_icon_can_have_its_own_color(theme: Theme) -> None:
    icon = theme.icons.icon("square", Token.TEXT, checked=Token.ACCENT)
    pixmap = icon.pixmap(QSize(48, 48), 1.0, QIcon.Mode.Normal, QIcon.State.On)
    assert strongest_color(pixmap) == LIGHT.accent


def test_unknown_icon_fails_where_it_is_asked_for(theme: Theme) -> None:
    with pytest.raises(FileNotFoundError):
        theme.icons.icon("no-such-icon")


@pytest.mark.parametrize("file", SVG_FILES, ids=lambda file: file.stem)
def test_every_shipped_icon_draws_something(theme: Theme, file: Path) -> None:
    image = theme.icons.pixmap(file.stem, 24, Token.TEXT, 1.0).toImage()
    assert any(image.pixelColor(x, y).alpha() > 100 for x in range(24) for y in range(24))


def test_logo_has_its_own_colors(theme: Theme) -> None:
    assert not theme.icons.logo().pixmap(QSize(64, 64)).isNull()
