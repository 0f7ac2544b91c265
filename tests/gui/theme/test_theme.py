from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from mosaic_desktop.gui.theme.motion import kde_animations_off
from mosaic_desktop.gui.theme.palette import DARK, LIGHT, Token
from mosaic_desktop.gui.theme.theme import Theme, ThemeMode


def test_mode_switch_changes_palette_and_tells(make_theme: Callable[..., Theme], qtbot: QtBot) -> None:
    theme = make_theme(ThemeMode.LIGHT)
    with qtbot.waitSignal(theme.changed):
        theme.set_mode(ThemeMode.DARK)
    assert theme.palette is DARK
    assert theme.color(Token.WINDOW).name() == DARK.window


def test_same_mode_tells_nothing(make_theme: Callable[..., Theme], qtbot: QtBot) -> None:
    theme = make_theme(ThemeMode.DARK)
    with qtbot.assertNotEmitted(theme.changed):
        theme.set_mode(ThemeMode.DARK)


def test_system_mode_follows_the_system_live(make_theme: Callable[..., Theme], qapp: QApplication) -> None:
    theme = make_theme(ThemeMode.SYSTEM)
    for scheme, palette in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT)):
        qapp.styleHints().setColorScheme(scheme)
        if qapp.styleHints().colorScheme() == scheme:  # a bare X server cannot change its scheme
            assert theme.palette is palette


def test_chosen_mode_outlives_a_change_of_the_system(make_theme: Callable[..., Theme], qapp: QApplication) -> None:
    theme = make_theme(ThemeMode.DARK)
    qapp.styleHints().setColorScheme(Qt.ColorScheme.Light)
    assert theme.palette is DARK


def test_stock_controls_are_painted_in_the_palette(make_theme: Callable[..., Theme], qtbot: QtBot) -> None:
    theme = make_theme(ThemeMode.LIGHT)
    edit = QLineEdit()
    qtbot.addWidget(edit)
    edit.resize(120, 32)
    edit.show()
    for mode, palette in ((ThemeMode.LIGHT, LIGHT), (ThemeMode.DARK, DARK)):
        theme.set_mode(mode)
        edit.clearFocus()
        assert edit.grab().toImage().pixelColor(100, 16).name() in (palette.raised, palette.surface)
        assert edit.palette().color(QPalette.ColorRole.PlaceholderText).name() == palette.faint_text


def test_reduced_motion_takes_all_time_away(make_theme: Callable[..., Theme]) -> None:
    assert make_theme(reduced_motion=True).duration(180) == 0
    assert make_theme(reduced_motion=False).duration(180) == 180


@pytest.mark.parametrize(
    ("content", "off"),
    [
        ("[KDE]\nAnimationDurationFactor=0\n", True),
        ("[KDE]\nAnimationDurationFactor=1\n", False),
        ("[KDE]\n", False),
        ("no section at all", False),
        ("[KDE]\nAnimationDurationFactor=fast\n", False),
    ],
)
def test_kde_wish_for_less_motion(tmp_path: Path, content: str, off: bool) -> None:
    file = tmp_path / "kdeglobals"
    file.write_text(content, encoding="utf-8")
    assert kde_animations_off(file) is off


def test_missing_kde_settings_wish_nothing(tmp_path: Path) -> None:
    assert kde_animations_off(tmp_path / "none") is False
