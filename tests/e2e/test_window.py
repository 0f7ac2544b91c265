"""The main job in the real window: drop, choose, tune, run, watch, and the finished video on disk."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QWidget

from mosaic_desktop.app.paths import data_paths
from mosaic_desktop.app.single_instance import SingleInstance
from mosaic_desktop.app.window import WindowSession
from mosaic_desktop.gui.main_window import MainWindow
from tests.e2e.user import User
from tests.support.loop import AsyncRun
from tests.support.media import facts, footage
from tests.support.waiting import until_async


@asynccontextmanager
async def opened(root: Path) -> AsyncIterator[User]:
    """The application in this process, from its first pixel to its orderly end."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    paths = data_paths(root)
    session = WindowSession(app, paths, SingleInstance(root, app))
    running = asyncio.create_task(session.run())
    try:
        await until_async(lambda: running.done() or _window() is not None)
        window = _window()
        assert window is not None
        yield User(window)
        window.close()
        assert await asyncio.wait_for(running, 20) == 0
    finally:
        running.cancel()


def _window() -> MainWindow | None:
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, MainWindow) and widget.isVisible():
            return widget
    return None


def test_a_dropped_video_is_edited_and_lands_on_disk(run_async: AsyncRun, tmp_path: Path) -> None:
    source = footage("bigbuckbunny.mp4")

    async def story() -> None:
        async with opened(tmp_path) as user:
            await user.click(QAbstractButton, "Try it here")
            queue = await user.see(QWidget, "Upload queue")
            await user.drag_here([source], queue)
            rows = await user.see(QAbstractItemView, "Upload queue")
            await until_async(lambda: "bigbuckbunny.mp4" in "".join(user.rows(rows)))
            await until_async(lambda: "ready" in user.rows(rows)[0].lower(), 30)
            await user.choose("Agent list", "Audio enhance")
            await user.type_number("Loudness", "-20")
            await user.click(QAbstractButton, "Run on 1 video")
            await user.click(QAbstractButton, "Runs")
            runs = await user.see(QAbstractItemView, "Runs")
            await until_async(lambda: "finished" in user.rows(runs)[0].lower(), 60)
            await user.click(QAbstractButton, "Outputs")
            outputs = await user.see(QAbstractItemView, "Outputs")
            await until_async(lambda: user.rows(outputs) and "download" not in user.rows(outputs)[0].lower(), 30)

    run_async(story())
    (finished,) = (tmp_path / "outputs").iterdir()
    made, original = facts(finished), facts(source)
    assert (made.width, made.height) == (original.width, original.height)
    assert (made.video_codec, made.audio_codec) == ("h264", "aac")
    assert made.duration == pytest.approx(original.duration, abs=0.1)
