"""A theme for tests of the window, gone with the test."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication

from mosaic_desktop.core.resources import resources_dir
from mosaic_desktop.gui.theme.theme import Theme, ThemeMode


@pytest.fixture
def make_theme(qapp: QApplication) -> Iterator[Callable[..., Theme]]:
    """Build themes that end with the test."""
    made: list[Theme] = []

    def make(mode: ThemeMode = ThemeMode.LIGHT, reduced_motion: bool = False) -> Theme:
        made.append(Theme(qapp, resources_dir(), mode, reduced_motion))
        return made[-1]

    yield make
    for theme in made:
        theme.set_mode(ThemeMode.SYSTEM)
        theme.deleteLater()
    if made:  # it names files that go with the theme
        qapp.setStyleSheet("")


@pytest.fixture
def theme(make_theme: Callable[..., Theme]) -> Theme:
    return make_theme()
