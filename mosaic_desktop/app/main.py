"""Reads the arguments and starts the window, a headless command or one of the child processes.

Qt is loaded for the window only, and the grammar of the command line only where there are words to be read.
"""

import gc
import os
import shlex
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mosaic_desktop import __version__
from mosaic_desktop.app.children import child_program
from mosaic_desktop.app.crash import report_crashes
from mosaic_desktop.app.exits import FAILED, USAGE
from mosaic_desktop.app.logs import start_logging
from mosaic_desktop.app.paths import DataPaths, data_paths
from mosaic_desktop.core.errors import LocalFileError

if TYPE_CHECKING:
    import argparse

    from mosaic_desktop.cli.report import Report

_NO_DISPLAY = (
    "There is no display here for a window. “mosaic-desktop run --help” tells how to edit videos without one, and "
    "“mosaic-desktop demo” shows it on a clip made here."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit code. Wrong usage raises SystemExit(2)."""
    words = sys.argv[1:] if argv is None else list(argv)
    if (child := child_program(words)) is not None:
        return child()
    return _command(words) if words else _with_paths(None, partial(_logged, _window))


def _command(words: Sequence[str]) -> int:
    from mosaic_desktop.cli.arguments import build_parser, read_arguments
    from mosaic_desktop.sandbox import main as sandbox

    arguments = read_arguments(build_parser(__version__, sandbox.add_arguments), words)
    as_json = getattr(arguments, "json", False)
    match arguments.command:
        case None:
            return _with_paths(arguments.root, partial(_logged, _window))
        case "sandbox" if arguments.data_dir is not None:
            return sandbox.run(arguments)  # needs no other folder, which might not even be usable
        case "sandbox":
            return _with_paths(arguments.root, partial(_local_mosaic, arguments))
        case "demo":
            return _with_paths(arguments.root, partial(_logged, partial(_demo, arguments.output_dir)))
        case _:
            return _with_paths(arguments.root, partial(_logged, partial(_headless, arguments)), as_json)


def _with_paths(root: Path | None, work: Callable[[DataPaths], int], as_json: bool = False) -> int:
    try:
        paths = data_paths(root)
    except LocalFileError as error:
        _report(root, as_json).ended_by(error.problem)
        return USAGE if root else FAILED
    return work(paths)


def _logged(work: Callable[[DataPaths], int], paths: DataPaths) -> int:
    start_logging(paths.log)
    crash_file = report_crashes(paths.log.parent)
    try:
        return work(paths)
    finally:
        if crash_file is not None:
            crash_file.close()


def _window(paths: DataPaths) -> int:
    if not _has_display(sys.platform, os.environ):
        print(_NO_DISPLAY, file=sys.stderr)
        return FAILED
    gc.disable()  # what is loaded stays; the window looks for garbage once it is there
    import mosaic_desktop.app.ahead  # noqa: F401
    from mosaic_desktop.app.window import run_window

    return run_window(paths)


def _demo(output_dir: Path | None, paths: DataPaths) -> int:
    from mosaic_desktop.app.demo import run_demo

    return run_demo(paths, output_dir or paths.outputs)


def _headless(arguments: "argparse.Namespace", paths: DataPaths) -> int:
    from mosaic_desktop.app.headless import run_headless
    from mosaic_desktop.cli.requests import request_of

    return run_headless(request_of(arguments), paths, _report(arguments.root, getattr(arguments, "json", False)))


def _local_mosaic(arguments: "argparse.Namespace", paths: DataPaths) -> int:
    from mosaic_desktop.sandbox import main as sandbox

    arguments.data_dir = paths.local_mosaic
    return sandbox.run(arguments)


def _has_display(system: str, environment: Mapping[str, str]) -> bool:
    """Qt ends the process where it finds none."""
    ways = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return system != "linux" or any(environment.get(way) for way in ways)


def _report(root: Path | None, as_json: bool) -> "Report":
    from mosaic_desktop.cli.report import Report

    place = f" --data-dir {shlex.quote(str(root))}" if root else ""
    return Report(as_json, time.monotonic, program=f"mosaic-desktop{place}")
