"""The whole application inside the calling process, around a user."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from mosaic_desktop.app.paths import data_paths
from mosaic_desktop.app.single_instance import SingleInstance
from mosaic_desktop.app.window import WindowSession
from mosaic_desktop.core.tasks import TaskScope
from mosaic_desktop.gui.main_window import MainWindow
from tests.e2e.user import User
from tests.support.waiting import PATIENCE, until_async


@asynccontextmanager
async def opened(root: Path) -> AsyncIterator[User]:
    """From the first pixel to the orderly end, which the user asks for by closing the window."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    paths = data_paths(root)
    scope = TaskScope("test")
    running = scope.start(WindowSession(app, paths, SingleInstance(root, app)).run(), "window")
    try:
        await until_async(lambda: running.done() or _window() is not None)
        window = _window()
        assert window is not None
        await until_async(window.isActiveWindow)  # keys and short cuts are for a window that has the keyboard
        yield User(window)
        window.close()
        assert await asyncio.wait_for(running, PATIENCE) == 0
    finally:
        await scope.aclose()


def _window() -> MainWindow | None:
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, MainWindow) and widget.isVisible():
            return widget
    return None
