"""The application with its window open, as a program that does what it is asked: ``python -m ... ROOT``.

Reads one command a line on standard input, as JSON: ``{"do": NAME, ...}``. Answers with a line each.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from mosaic_desktop.app.paths import DataPaths, data_paths
from mosaic_desktop.app.single_instance import SingleInstance
from mosaic_desktop.app.window import WindowSession, make_application
from mosaic_desktop.core.ports import NewAccount
from mosaic_desktop.core.secrets import Secret
from mosaic_desktop.gui.main_window import MainWindow
from mosaic_desktop.jobs.engine import Engine
from tests.benchmarks import usage
from tests.benchmarks.mosaic import KEY
from tests.benchmarks.queue_user import QueueUser
from tests.benchmarks.traffic import Traffic

Command = Callable[..., Awaitable[object]]


class _Session(WindowSession):
    """The application's own composition, with somebody at its engine and window."""

    def __init__(self, app: QApplication, paths: DataPaths) -> None:
        super().__init__(app, paths, SingleInstance(paths.root, app))

    async def obey(self) -> None:
        async with self.opened() as (window, gateway):
            profile = await gateway.add_account(NewAccount(Secret(KEY)), session_only=True)
            await gateway.open_profile(profile.id)
            workspace = gateway._workspace
            assert workspace is not None
            commands = _commands(workspace.engine, window)
            while line := await asyncio.to_thread(sys.stdin.readline):
                wanted = json.loads(line)
                answer = await commands[wanted.pop("do")](**wanted)
                print(json.dumps(answer), flush=True)


def _commands(engine: Engine, window: MainWindow) -> Mapping[str, Command]:
    traffic, user = Traffic(engine), QueueUser(engine, window)
    return {
        "upload": traffic.upload,
        "output": traffic.output,
        "download": traffic.download,
        "crowd": traffic.crowd,
        "watch": traffic.watch,
        "rest": _rest,
        "add": user.add,
        "scroll": user.scroll,
        "select all": user.select_all,
        "remove half": user.remove_half,
    }


async def _rest(seconds: float) -> Mapping[str, float]:
    """Whatever goes on meanwhile; share of one core."""
    used = usage.Processor()
    await asyncio.sleep(seconds)
    return {"core_share": used.share(), "seconds": seconds}


def main(root: Path) -> None:
    app = make_application()
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        runner.run(_Session(app, data_paths(root)).obey())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
