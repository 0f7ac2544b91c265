"""The main job without a display: on a clip made here, through the same engine, then a picture of the real window."""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from mosaic_desktop.app.exits import FAILED, OK, STOPPED
from mosaic_desktop.app.headless import answered
from mosaic_desktop.app.paths import DataPaths
from mosaic_desktop.app.stopping import StoppedError, until_stopped
from mosaic_desktop.cli.report import Report
from mosaic_desktop.cli.requests import RunRequest
from mosaic_desktop.core.errors import MosaicError
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.jobs import files

AGENT = "Silence removal"
_PICTURE = "mosaic-desktop.png"
_SECONDS_FOR_THE_PICTURE = 120.0


def run_demo(paths: DataPaths, folder: Path) -> int:
    """Edits a clip with the local Mosaic and names the finished video and the picture in ``folder``.

    Returns the exit code. Its queue is one of its own, which ends with it, so that the user's stays as it is.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="demo-", dir=paths.root) as root:
            return _shown(DataPaths(Path(root), folder))
    except StoppedError as stopped:
        print("Stopped.", file=sys.stderr)
        return STOPPED + stopped.name
    except MosaicError as error:
        print(sentence(error.problem), file=sys.stderr)
    except TimeoutError:
        print("The picture of the window was not ready in time.", file=sys.stderr)
    except OSError as error:
        print(f"The demonstration needs a place to write: {error}.", file=sys.stderr)
    return FAILED


def _shown(paths: DataPaths) -> int:
    print("Making a clip: twelve seconds with four pauses in its sound.", flush=True)
    clip = asyncio.run(until_stopped(asyncio.to_thread(_make_clip, paths.root / "clips")))
    print(f"Running “{AGENT}” on it with the local Mosaic:", flush=True)
    request = RunRequest(videos=[str(clip)], agent=AGENT, parameters={"min_silence_ms": 500}, output_dir=paths.outputs)
    report = Report(False, time.monotonic)
    code = asyncio.run(until_stopped(answered(request, paths, report, environment={})))  # never an account that costs
    if code == OK:
        picture = files.free_name(paths.outputs, _PICTURE, ())
        _photograph(paths, picture)
        print(f"Picture of the window: {picture}", flush=True)
    return code


def _make_clip(folder: Path) -> Path:
    from mosaic_desktop.sandbox.steps.stand_in import write_stand_in

    folder.mkdir(mode=0o700)
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
        runner.run(until_stopped(asyncio.wait_for(session.photograph(target), _SECONDS_FOR_THE_PICTURE)))
    if not target.exists():
        raise OSError(f"the picture {target} was not written")
