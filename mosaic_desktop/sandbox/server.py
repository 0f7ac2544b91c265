"""The process: sockets, signals, the ready line and an orderly end."""

import asyncio
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import uvicorn

from mosaic_desktop.sandbox.accounts import Credentials
from mosaic_desktop.sandbox.app import build_app
from mosaic_desktop.sandbox.building import build_services
from mosaic_desktop.sandbox.database import Database, open_database
from mosaic_desktop.sandbox.errors import StartError
from mosaic_desktop.sandbox.fault_layer import BreakableProtocol
from mosaic_desktop.sandbox.hints import hints
from mosaic_desktop.sandbox.options import Options
from mosaic_desktop.sandbox.routes_auth import ANON_KEY

MAIN_ACCOUNT = "creator@mosaic.local"
_HOST = "127.0.0.1"
_LOCK_WAIT = 10.0
# Longer than any program waits before it asks again: hanging up at that moment would break its request.
_IDLE_SECONDS = 600


def serve(options: Options) -> None:
    """Run until SIGTERM, Ctrl-C or, if asked, the end of standard input. Raises StartError."""
    stop = threading.Event()
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stop.set())
    if options.stop_with_stdin:
        threading.Thread(target=_wait_for_end_of_input, args=(stop.set,), daemon=True).start()
    try:
        options.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StartError(f"The data folder {options.data_dir} cannot be made: {error.strerror}.") from error
    database = open_database(options.data_dir / "sandbox.db", _LOCK_WAIT, stop.is_set)
    try:
        with _bind(database, options.port) as listener:
            _serve_on(listener, database, options, stop)
    finally:
        database.close()


def _wait_for_end_of_input(stop: Callable[[], None]) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    stop()


def _bind(database: Database, port: int) -> socket.socket:
    """A listening port: the wanted one, else the one of last time, else any."""
    last = int(database.setting("port") or 0)
    for candidate in (port,) if port else (last, 0):
        # With the protocol named, asyncio sends small answers at once (TCP_NODELAY).
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if os.name == "posix":
            # Lets the port of a server that just ended be taken again at once.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((_HOST, candidate))
            listener.listen(128)
        except OSError:
            listener.close()
            continue
        database.set_setting("port", str(listener.getsockname()[1]))
        return listener
    raise StartError(f"Port {port} is taken. Choose another one, or leave out --port.")


def _serve_on(listener: socket.socket, database: Database, options: Options, stop: threading.Event) -> None:
    origin = f"http://{_HOST}:{listener.getsockname()[1]}"
    services = build_services(database, options, origin)
    emails = dict.fromkeys(email.lower() for email in (MAIN_ACCOUNT, *options.accounts))
    credentials = [services.accounts.welcome(email) for email in emails]
    if sys.stdout.isatty():
        greeting = hints(origin, credentials[0], ANON_KEY, services.admin_token)
    else:
        greeting = _ready_line(origin, credentials, services.admin_token)
    config = uvicorn.Config(
        build_app(services),
        http=BreakableProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=1,
    )
    asyncio.run(_Server(config, stop, greeting).serve(sockets=[listener]))


def _ready_line(origin: str, credentials: Sequence[Credentials], admin_token: str) -> str:
    main, *others = credentials
    described = [{"email": c.email, "password": c.password, "api_key": c.api_key} for c in others]
    return json.dumps(
        {
            "base_url": f"{origin}/api",
            "api_key": main.api_key,
            "auth_url": f"{origin}/auth/v1",
            "anon_key": ANON_KEY,
            "email": main.email,
            "password": main.password,
            "accounts": described,
            "admin_url": f"{origin}/admin",
            "admin_token": admin_token,
        }
    )


class _Server(uvicorn.Server):
    """uvicorn with our signals: `stop` ends it, and the ready line tells when it answers."""

    def __init__(self, config: uvicorn.Config, stop: threading.Event, greeting: str) -> None:
        super().__init__(config)
        self._stop_event = stop
        self._greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(self._greeting, flush=True)  # noqa: T201  all that standard output is for

    async def on_tick(self, counter: int) -> bool:
        return self._stop_event.is_set() or await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn would raise the signal again at the end, and a wanted end would look like a failure.
        yield
