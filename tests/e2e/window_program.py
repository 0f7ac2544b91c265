"""The application with a user at its window, as a program to be killed: ``python -m ... ROOT VIDEO``.

Says on standard output, line by line, what the user sees.
"""

import asyncio
import sys
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QWidget
from qasync import QEventLoop

from mosaic_desktop.app.window import make_application
from tests.e2e.session import opened
from tests.e2e.user import User
from tests.support.waiting import until_async


async def _story(root: Path, video: Path) -> None:
    async with opened(root) as user:
        await user.click(QAbstractButton, "Try it here")
        await user.drag_here([video], await user.see(QWidget, "Upload queue"))
        await user.choose("Agent list", "Silence removal")
        await user.click(QAbstractButton, "Run on 1 video")
        await _watch(user)


async def _watch(user: User) -> None:
    """Reads the queue aloud, then the runs, as fast as they change."""
    queue = await user.see(QAbstractItemView, "Upload queue")
    await _read(user, queue, "ready")
    await user.click(QAbstractButton, "Runs")
    await _read(user, await user.see(QAbstractItemView, "Runs"), "finished")


async def _read(user: User, view: QAbstractItemView, last: str) -> None:
    said = ""
    while last not in said.lower():
        await until_async(partial(_says_something_else, user, view, said))
        said = user.rows(view)[0]
        print(said, flush=True)


def _says_something_else(user: User, view: QAbstractItemView, said: str) -> bool:
    return user.rows(view)[:1] not in ([], [said])


app = make_application()
with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
    runner.run(_story(Path(sys.argv[1]), Path(sys.argv[2])))
