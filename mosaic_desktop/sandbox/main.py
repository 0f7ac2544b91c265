"""The command `mosaic-desktop sandbox`: its arguments and its exit code."""

import argparse
import logging
import os
import sys
from pathlib import Path

from mosaic_desktop.sandbox.errors import StartError
from mosaic_desktop.sandbox.link_kind import LinkKind


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command to a parser."""
    parser.add_argument("--port", type=_port, default=0, help="port to listen on (default: the last one, or any)")
    parser.add_argument("--data-dir", type=Path, help="where videos and accounts are kept between starts")
    parser.add_argument("--account", action="append", default=[], metavar="EMAIL", help="one more account; repeatable")
    parser.add_argument("--link-seconds", type=int, default=3600, help="life of signed links (default: one hour)")
    parser.add_argument(
        "--uploads",
        type=LinkKind,
        choices=list(LinkKind),
        default=LinkKind.PUT,
        help="where videos are sent: one signed PUT (default), a resumable session, or sessions for large videos only",
    )
    parser.add_argument(
        "--session-seconds", type=_count, default=3600, metavar="N", help="life of sign-in tokens (default: one hour)"
    )
    parser.add_argument(
        "--credits", type=_amount, default=20_000, metavar="N", help="what a new account begins with (default: 20000)"
    )
    parser.add_argument(
        "--portal-requests",
        type=_count,
        default=120,
        metavar="N",
        help="requests a minute of an account below /dev (default: 120)",
    )
    parser.add_argument(
        "--minute-seconds",
        type=_amount,
        default=60,
        metavar="N",
        help="how long a minute lasts for that limit, for wrong passwords and between the tries of a webhook; shorter "
        "for tests (default: 60)",
    )
    parser.add_argument("--stop-with-stdin", action="store_true", help="end when standard input ends")


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is no whole number from 1")
    return int(text)


def _amount(text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if not 0 <= amount < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is no number from 0")
    return amount


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop; 0 after an orderly end, 1 when the server could not start."""
    # The web framework loads only when the server really runs, so that other commands stay quick.
    from mosaic_desktop.sandbox.options import Options
    from mosaic_desktop.sandbox.server import serve

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    options = Options(
        data_dir=args.data_dir or _default_data_dir(),
        port=args.port,
        accounts=tuple(args.account),
        link_seconds=args.link_seconds,
        uploads=args.uploads,
        session_seconds=args.session_seconds,
        credits=args.credits,
        portal_requests=args.portal_requests,
        minute_seconds=args.minute_seconds,
        stop_with_stdin=args.stop_with_stdin,
    )
    try:
        serve(options)
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _default_data_dir() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "mosaic-desktop" / "local-mosaic"
