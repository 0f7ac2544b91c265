"""A theme, and a desk with the whole window, for tests of the window; gone with the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from mosaic_desktop.core.resources import resources_dir
from mosaic_desktop.gui.theme.theme import Theme, ThemeMode
from tests.gui.pages.desk import Desk
from tests.support.loop import AsyncRun


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


@pytest.fixture
def desk(qapp: QApplication, run_async: AsyncRun, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(qapp, run_async, tmp_path)
    yield desk
    desk.theme.set_mode(ThemeMode.SYSTEM)
    desk.theme.deleteLater()
    qapp.setStyleSheet("")  # it names files that go with the theme
