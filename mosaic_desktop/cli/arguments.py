"""The command line's grammar."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from mosaic_desktop.core.parameters import parse_assignment
from mosaic_desktop.core.run import ParameterValue


def build_parser(
    version: str, add_sandbox_arguments: Callable[[argparse.ArgumentParser], None]
) -> argparse.ArgumentParser:
    """Wrong usage ends the process with exit code 2, as argparse does by itself."""
    parser = argparse.ArgumentParser(
        prog="mosaic-desktop",
        description="Drop videos in, get finished videos back. Without a command, the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"mosaic-desktop {version}")
    parser.add_argument(
        "--data-dir", dest="root", type=Path, metavar="DIR", help="keep all state of this process in DIR"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_run(commands.add_parser("run", help="upload videos, run an agent or a prompt on them, fetch the results"))
    _add_json(commands.add_parser("resume", help="go on with every unfinished job"))
    _add_json(commands.add_parser("agents", help="list the agents of the account"))
    demo = commands.add_parser("demo", help="do the main job on a clip made here, and take a picture of the window")
    demo.add_argument("--output-dir", type=Path, metavar="DIR", help="where the finished video and the picture go")
    add_sandbox_arguments(commands.add_parser("sandbox", help="run the local Mosaic in the foreground"))
    return parser


def read_arguments(parser: argparse.ArgumentParser, argv: Sequence[str] | None) -> argparse.Namespace:
    """Raises SystemExit(2) for wrong usage, after a line on stderr."""
    arguments = parser.parse_args(argv)
    if arguments.command == "run" and arguments.auto and arguments.prompt is not None:
        parser.error("--auto goes with --agent; with --prompt Mosaic chooses anyway")
    return arguments


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("videos", nargs="+", metavar="VIDEO", help="a file, a folder, or a YouTube link")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--agent", metavar="NAME_OR_ID")
    what.add_argument("--prompt", type=_text, metavar="TEXT", help="plain words; Mosaic picks agent and settings")
    parser.add_argument(
        "--param",
        dest="parameters",
        action="append",
        default=[],
        type=_assignment,
        metavar="NAME=VALUE",
        help="a parameter of the agent; may be given several times",
    )
    parser.add_argument("--auto", action="store_true", help="let Mosaic choose the other parameters")
    parser.add_argument("--output-dir", type=Path, metavar="DIR", help="where finished videos go")
    _add_json(parser)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def _text(value: str) -> str:
    if not value.strip():
        raise argparse.ArgumentTypeError("a prompt needs words")
    return value.strip()


def _assignment(text: str) -> tuple[str, ParameterValue]:
    try:
        return parse_assignment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
