"""The command line's grammar."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from mosaic_desktop.cli.requests import Decision
from mosaic_desktop.core.parameters import parse_assignment
from mosaic_desktop.core.run import ParameterValue
from mosaic_desktop.core.texts import read_text

_EXITS = "Exit codes: 0 all came back, 1 some failed, 2 wrong usage, 130 or 143 stopped by Ctrl-C or SIGTERM."
_ONE_PROFILE = "the account to work for; “mosaic-desktop profiles” lists them"
_RESUME = """\
Goes on with every upload, run and download that was interrupted, and fetches again what could not be downloaded.

A run is unconfirmed when the answer to its start was lost: it may be running and may have been charged. Such a run is
never started again by itself. Look whether Mosaic has it, then say what you want:

  --run-id talk.mp4=ID          it runs, as ID: follow it and fetch its outputs
  --unconfirmed start-again     start the unconfirmed runs again; this may charge twice
  --unconfirmed drop            give them up

Without one of these it is named as unconfirmed, and the command ends with 1.
"""


def build_parser(
    version: str, add_sandbox_arguments: Callable[[argparse.ArgumentParser], None]
) -> argparse.ArgumentParser:
    """Wrong usage ends the process with exit code 2, as argparse does by itself."""
    parser = argparse.ArgumentParser(
        prog="mosaic-desktop",
        description="Drop videos in, get finished videos back. Without a command, the window opens.",
        epilog=_EXITS,
    )
    parser.add_argument("--version", action="version", version=f"mosaic-desktop {version}")
    parser.add_argument(
        "--data-dir", dest="root", type=_path, metavar="DIR", help="keep all state of this process in DIR"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_run(commands.add_parser("run", help="upload videos, run an agent or a prompt on them, fetch the results"))
    _add_resume(
        commands.add_parser(
            "resume",
            help="go on with every unfinished job",
            description=_RESUME,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    agents = commands.add_parser("agents", help="list the agents of the account")
    _add_profile(agents, _ONE_PROFILE)
    _add_json(agents)
    _add_json(commands.add_parser("profiles", help="list the accounts that --profile can name"))
    demo = commands.add_parser("demo", help="do the main job on a clip made here, and take a picture of the window")
    _add_output_dir(demo, "where the finished video and the picture go")
    add_sandbox_arguments(commands.add_parser("sandbox", help="run the local Mosaic in the foreground"))
    return parser


def read_arguments(parser: argparse.ArgumentParser, argv: Sequence[str] | None) -> argparse.Namespace:
    """Raises SystemExit(2) for wrong usage, after a line on stderr."""
    arguments = parser.parse_args(argv)
    if arguments.command == "run" and arguments.auto and arguments.prompt is not None:
        parser.error("--auto goes with --agent; with --prompt Mosaic chooses anyway")
    return arguments


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("videos", nargs="+", type=_not_empty, metavar="VIDEO", help="a file, folder or YouTube link")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--agent", type=_words, metavar="NAME_OR_ID", help="“mosaic-desktop agents” lists them")
    what.add_argument("--prompt", type=_words, metavar="TEXT", help="plain words; Mosaic picks agent and settings")
    parser.add_argument(
        "--param",
        dest="parameters",
        action="append",
        default=[],
        type=_assignment,
        metavar="NAME=VALUE",
        help="a parameter of the agent; may be given several times; NAME=@FILE takes the text of a file, such as"
        " text=@words.srt, and NAME=@@TEXT a text that begins with @",
    )
    parser.add_argument("--auto", action="store_true", help="let Mosaic choose the other parameters")
    _add_output_dir(parser, "where finished videos go")
    _add_profile(parser, _ONE_PROFILE)
    _add_json(parser)


def _add_resume(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--run-id",
        dest="run_ids",
        action="append",
        default=[],
        type=_run_id,
        metavar="RUN=ID",
        help="Mosaic's id of an unconfirmed run, which is named by its own id or by its video; may be repeated",
    )
    parser.add_argument(
        "--unconfirmed",
        choices=[decision.value for decision in Decision],
        help="what to do with the other unconfirmed runs; start-again may charge twice",
    )
    _add_output_dir(parser, "where videos go whose download failed before")
    _add_profile(parser, "go on with the work of this account alone")
    _add_json(parser)


def _add_output_dir(parser: argparse.ArgumentParser, purpose: str) -> None:
    parser.add_argument("--output-dir", type=_path, metavar="DIR", help=purpose)


def _add_profile(parser: argparse.ArgumentParser, purpose: str) -> None:
    parser.add_argument("--profile", type=_words, metavar="NAME_OR_ID", help=purpose)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def _not_empty(value: str) -> str:
    """What an unset variable of a shell leaves stands for nothing, least of all for the current folder."""
    if not value.strip():
        raise argparse.ArgumentTypeError("this must not be empty")
    return value


def _words(value: str) -> str:
    return _not_empty(value).strip()


def _path(value: str) -> Path:
    try:
        return Path(_not_empty(value)).expanduser().absolute()
    except RuntimeError as error:
        raise argparse.ArgumentTypeError(f"there is no user of the name in “{value}”") from error


def _assignment(text: str) -> tuple[str, ParameterValue]:
    """As curl has it: what follows “@” names a file, and “@@” is an “@” of the text itself."""
    name, _, value = (part.strip() for part in text.partition("="))
    try:
        if value.startswith("@@"):
            return parse_assignment(f"{name}={value[1:]}")
        if name and value.startswith("@"):
            return name, read_text(_path(value[1:]))
        return parse_assignment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _run_id(text: str) -> tuple[str, str]:
    run, _, remote_id = (part.strip() for part in text.rpartition("="))  # a video's name may hold “=”, an id does not
    if not run or not remote_id:
        raise argparse.ArgumentTypeError(f"an id is written RUN=ID, not “{text}”")
    return run, remote_id
