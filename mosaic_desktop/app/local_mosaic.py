"""The local Mosaic as a child process: started when first needed, again if it died, ended with the application."""

import asyncio
import json
import logging
import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mosaic_desktop.core.errors import Code, MosaicError
from mosaic_desktop.core.program import child_environment, own_command
from mosaic_desktop.core.secrets import Secret

_SECONDS_TO_START = 60.0  # on a slow computer that is busy; one that died is noticed at once
_SECONDS_TO_END = 5.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """What the child says once it answers: where it is, its account's key, and how to sign in to it."""

    base_url: str
    api_key: Secret
    auth_url: str
    anon_key: str
    email: str
    password: Secret


class LocalMosaic:
    """Owns the child. Its key travels through the pipe alone; it ends when its standard input closes."""

    def __init__(self, data_dir: Path, log_path: Path) -> None:
        self._data_dir = data_dir
        self._log_path = log_path
        self._child: subprocess.Popen[str] | None = None
        self._ready: Ready | None = None
        self._starting = asyncio.Lock()

    async def ready(self) -> Ready:
        """Of a server that is running. Raises MosaicError (SANDBOX)."""
        async with self._starting:
            if self._ready is None or self._child is None or self._child.poll() is not None:
                self._ready = await self._start()
            return self._ready

    async def stop(self) -> None:
        if self._child is not None:
            await asyncio.to_thread(_end, self._child)
            self._child, self._ready = None, None

    async def _start(self) -> Ready:
        await self.stop()  # buries one that died, its pipes included
        try:
            self._child = await asyncio.to_thread(_spawn, self._data_dir, self._log_path)
            line = await asyncio.wait_for(asyncio.to_thread(_first_line, self._child), _SECONDS_TO_START)
            return _read_ready(line)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, TimeoutError) as error:
            log.warning("the local Mosaic did not start: %s", type(error).__name__)
            if self._child is not None:
                await asyncio.to_thread(_end, self._child)
            raise MosaicError(Code.SANDBOX, retryable=True) from error


def _read_ready(line: str) -> Ready:
    """Raises ValueError, KeyError, TypeError."""
    said = {name: str(value) for name, value in json.loads(line).items()}
    return Ready(
        said["base_url"],
        Secret(said["api_key"]),
        said["auth_url"],
        said["anon_key"],
        said["email"],
        Secret(said["password"]),
    )


def _spawn(data_dir: Path, log_path: Path) -> subprocess.Popen[str]:
    command = own_command("sandbox", "--data-dir", str(data_dir), "--stop-with-stdin")
    with _log_file(log_path) as log_file:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log_file,
            text=True,
            encoding="utf-8",
            env=child_environment(),
            start_new_session=True,  # Ctrl-C reaches the application alone, which then ends its child in order
        )


def _log_file(path: Path) -> BinaryIO:
    """Without a log the server works all the same."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path.open("ab")
    except OSError as error:
        log.warning("the local Mosaic has no log: %s", error.strerror)
        return Path(os.devnull).open("ab")


def _first_line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline()


def _end(child: subprocess.Popen[str]) -> None:
    if child.stdin is not None:
        with suppress(OSError):
            child.stdin.close()
    try:
        child.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdout is not None:
        child.stdout.close()
