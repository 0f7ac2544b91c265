"""The entry point: reads the arguments and starts the window, a headless command or one of the child processes.

Qt is loaded for the window only.
"""

import argparse
import sys
from collections.abc import Sequence

from mosaic_desktop import __version__
from mosaic_desktop.app.logs import start_logging
from mosaic_desktop.app.paths import DataPaths, data_paths
from mosaic_desktop.cli.arguments import build_parser, read_arguments
from mosaic_desktop.media.messages import READ_VIDEOS
from mosaic_desktop.sandbox import main as sandbox


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit code. Wrong usage raises SystemExit(2)."""
    if (sys.argv[1:] if argv is None else list(argv)) == [READ_VIDEOS]:  # a child of ours, no command for people
        from mosaic_desktop.media.reader import run

        return run()
    arguments = read_arguments(build_parser(__version__, sandbox.add_arguments), argv)
    paths = data_paths(arguments.root)
    if arguments.command == "sandbox":
        arguments.data_dir = arguments.data_dir or paths.local_mosaic
        return sandbox.run(arguments)
    return _application(arguments, paths)


def _application(arguments: argparse.Namespace, paths: DataPaths) -> int:
    start_logging(paths.log, to_stderr=True)
    if arguments.command is None:
        from mosaic_desktop.app.window import run_window

        return run_window(paths)
    if arguments.command == "demo":
        from mosaic_desktop.app.demo import run_demo

        return run_demo(paths, arguments.output_dir)
    from mosaic_desktop.app.headless import run_headless

    return run_headless(arguments, paths)
