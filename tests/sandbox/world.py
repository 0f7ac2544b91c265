"""A server for many sequences of calls."""

from collections.abc import Callable
from pathlib import Path

import httpx

from tests.sandbox.model import CREDITS
from tests.support.sandbox_server import Account, RunningSandbox, start_sandbox
from tests.support.waiting import PATIENCE

_ACCOUNTS = 16


class World:
    """A server with many accounts, of which each sequence of calls gets two that are new."""

    def __init__(self, new_folder: Callable[[], Path], video: bytes) -> None:
        self.video = video
        self.http = httpx.Client(timeout=PATIENCE)
        self._new_folder = new_folder
        self._begin()

    def __enter__(self) -> "World":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()
        with self.server:
            pass

    def _begin(self) -> None:
        self._folder, self._used = self._new_folder(), 0
        self.server = self._start()

    def _start(self) -> RunningSandbox:
        accounts = [word for number in range(_ACCOUNTS) for word in ("--account", f"{number}@example.org")]
        return start_sandbox(self._folder, "--credits", str(CREDITS), "--portal-requests", "10000", *accounts)

    @property
    def origin(self) -> str:
        """Where the server answers; another port after a restart, should the last one be taken."""
        return self.server.base_url.removesuffix("/api")

    def next_two(self) -> list[Account]:
        if self._used == _ACCOUNTS:
            self.server.stop()
            self._begin()
        self._used += 2
        return self.server.accounts[self._used - 2 : self._used]

    def restart(self) -> None:
        self.server.kill()
        self.server = self._start()
