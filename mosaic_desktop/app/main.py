"""Reads the arguments and starts the window, a headless command or one of the child processes.

Qt is loaded for the window only.
"""

import argparse
import gc
import os
import shlex
import sys
import time
from collections.abc import Mapping, Sequence

from mosaic_desktop import __version__
from mosaic_desktop.app.crash import report_crashes
from mosaic_desktop.app.exits import FAILED, USAGE
from mosaic_desktop.app.logs import start_logging
from mosaic_desktop.app.paths import DataPaths, data_paths
from mosaic_desktop.cli.arguments import build_parser, read_arguments
from mosaic_desktop.cli.report import Report
from mosaic_desktop.cli.requests import request_of
from mosaic_desktop.core.errors import LocalFileError
from mosaic_desktop.media.messages import READ_VIDEOS
from mosaic_desktop.sandbox import main as sandbox
from mosaic_desktop.sandbox.messages import RENDER_STEPS
from mosaic_desktop.transfers.messages import MOVE_BYTES

_NO_DISPLAY = (
    "There is no display here for a window. “mosaic-desktop run --help” tells how to edit videos without one, and "
    "“mosaic-desktop demo” shows it on a clip made here."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit code. Wrong usage raises SystemExit(2)."""
    words = sys.argv[1:] if argv is None else list(argv)
    if words == [READ_VIDEOS]:  # a child of ours, no command for people
        from mosaic_desktop.media.reader import run

        return run()
    if words == [MOVE_BYTES]:
        from mosaic_desktop.transfers.mover import run as move

        return move()
    if words == [RENDER_STEPS]:
        from mosaic_desktop.sandbox.worker import main as render_steps

        render_steps()
    arguments = read_arguments(build_parser(__version__, sandbox.add_arguments), argv)
    if arguments.command == "sandbox" and arguments.data_dir is not None:
        return sandbox.run(arguments)  # needs no other folder, which might not even be usable
    try:
        paths = data_paths(arguments.root)
    except LocalFileError as error:
        _report(arguments).ended_by(error.problem)
        return USAGE if arguments.root else FAILED
    if arguments.command == "sandbox":
        arguments.data_dir = paths.local_mosaic
        return sandbox.run(arguments)
    start_logging(paths.log)
    crash_file = report_crashes(paths.log.parent)
    try:
        return _started(arguments, paths)
    finally:
        if crash_file is not None:
            crash_file.close()


def _started(arguments: argparse.Namespace, paths: DataPaths) -> int:
    match arguments.command:
        case None:
            if not _has_display(sys.platform, os.environ):
                print(_NO_DISPLAY, file=sys.stderr)
                return FAILED
            gc.disable()  # what is loaded stays; the window looks for garbage once it is there
            from mosaic_desktop.app.window import run_window

            return run_window(paths)
        case "demo":
            from mosaic_desktop.app.demo import run_demo

            return run_demo(paths, arguments.output_dir or paths.outputs)
        case _:
            from mosaic_desktop.app.headless import run_headless

            return run_headless(request_of(arguments), paths, _report(arguments))


def _has_display(system: str, environment: Mapping[str, str]) -> bool:
    """Qt ends the process where it finds none."""
    ways = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return system != "linux" or any(environment.get(way) for way in ways)


def _report(arguments: argparse.Namespace) -> Report:
    place = f" --data-dir {shlex.quote(str(arguments.root))}" if arguments.root else ""
    return Report(getattr(arguments, "json", False), time.monotonic, program=f"mosaic-desktop{place}")
