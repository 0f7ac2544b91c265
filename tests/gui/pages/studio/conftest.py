from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.gui.pages.desk import Desk, a_desk
from tests.support.loop import AsyncRun


@pytest.fixture
def desk(qapp: QApplication, run_async: AsyncRun, tmp_path: Path) -> Iterator[Desk]:
    qapp.setQuitOnLastWindowClosed(False)
    yield from a_desk(qapp, run_async, tmp_path)
    qapp.setStyleSheet("")  # it names files that go with the theme
