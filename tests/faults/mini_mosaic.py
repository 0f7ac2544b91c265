"""A Mosaic of a few hundred lines for tests: the contract's calls over memory, runs that end when they are asked for,
a storage on a port of its own, and faults that are data.

It knows nothing of the application's code, so that a shared mistake cannot hide.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from tests.faults.state import MosaicState
from tests.faults.talk import Server


class MiniMosaic(MosaicState):
    """Use it in a ``with``. ``output`` is what every run gives; ``sessions``: links are resumable sessions."""

    def __init__(self, output: bytes, **settings: Any) -> None:
        super().__init__(output, **settings)
        self._servers = [Server(self, is_storage=is_storage) for is_storage in (False, True)]
        api, storage = self._servers
        self.base_url = f"http://127.0.0.1:{api.server_port}/api"
        self.storage_url = f"http://127.0.0.1:{storage.server_port}"

    def __enter__(self) -> "MiniMosaic":
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody listens at its addresses; for clients that have no connection yet."""
        self._stop()
        try:
            yield
        finally:
            self._servers = [
                Server(self, is_storage=server.is_storage, port=server.server_port) for server in self._servers
            ]
            self._start()

    def _start(self) -> None:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def _stop(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
