"""The main job without a display: on a clip made here, through the same engine, then a picture of the real window."""

import argparse
import asyncio
import os
import shutil
from pathlib import Path

from mosaic_desktop.app.headless import run_headless
from mosaic_desktop.app.paths import DataPaths

AGENT = "Silence removal"
_SECONDS_FOR_THE_PICTURE = 30.0


def run_demo(paths: DataPaths, output_dir: Path | None) -> int:
    """Edits a clip with the local Mosaic and names the finished video and the picture. Returns the exit code.

    Its queue is a separate one, begun anew each time, so that the user's own stays as it is.
    """
    folder = (output_dir or paths.outputs).expanduser().absolute()
    demo = DataPaths(paths.root / "demo", folder)
    shutil.rmtree(demo.root, ignore_errors=True)
    demo.thumbnails.mkdir(mode=0o700, parents=True)
    print("Making a clip: twelve seconds with four pauses in its sound.", flush=True)
    clip = _make_clip(demo.root / "clips")
    wish = argparse.Namespace(
        command="run",
        videos=[str(clip)],
        agent=AGENT,
        prompt=None,
        parameters=[("min_silence_ms", 500)],
        auto=False,
        output_dir=folder,
        json=False,
    )
    print(f"Running “{AGENT}” on it with the local Mosaic:", flush=True)
    code = run_headless(wish, demo, environment={})  # never an account that costs
    if code != 0:
        return code
    picture = folder / "mosaic-desktop.png"
    _photograph(demo, picture)
    print(f"Picture of the window: {picture}", flush=True)
    return 0


def _make_clip(folder: Path) -> Path:
    from mosaic_desktop.sandbox.steps.stand_in import write_stand_in

    folder.mkdir(mode=0o700, parents=True)
    clip = folder / "demo interview.mp4"
    write_stand_in(clip)
    return clip


def _photograph(paths: DataPaths, target: Path) -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from qasync import QEventLoop

    from mosaic_desktop.app.single_instance import SingleInstance
    from mosaic_desktop.app.window import WindowSession, make_application

    app = make_application()
    session = WindowSession(app, paths, SingleInstance(paths.root, app))
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        runner.run(asyncio.wait_for(session.photograph(target), _SECONDS_FOR_THE_PICTURE))
