"""One transfer as both threads see it: the worker tells how far it is, the event loop may end it."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Lock

from mosaic_desktop.transfers.throttle import Throttle

_PAUSE = 0.1

Address = tuple[int, int, int, object]


class Watch:
    """``deliver`` is called in the worker thread, at most about ten times a second, each time with other numbers.

    ``throttle`` is shared with the other transfers of the same direction.
    """

    def __init__(self, deliver: Callable[[int, int], None], throttle: Throttle) -> None:
        self._deliver = deliver
        self._throttle = throttle
        self._lock = Lock()
        self._sockets: list[socket.socket] = []
        self._aborted = False
        self._done = -1
        self._due = 0.0

    @property
    def aborted(self) -> bool:
        return self._aborted

    @property
    def is_throttled(self) -> bool:
        return self._throttle.is_set

    def allowed(self, wanted: int) -> int:
        """Waits for the throttle; how many of the ``wanted`` bytes may move now, 0 if the transfer is ended."""
        return self._throttle.take(wanted, lambda: self._aborted)

    def abort(self) -> None:
        """From any thread. Ends the connection at once instead of at libcurl's next look, up to a second later."""
        with self._lock:
            self._aborted = True
            for connection in self._sockets:
                with suppress(OSError):  # not connected yet, or closed by the other side
                    connection.shutdown(socket.SHUT_RDWR)

    def open_socket(self, _purpose: int, address: Address) -> socket.socket:
        """For libcurl, which takes a duplicate: both share one connection."""
        family, kind, protocol, _ = address
        connection = socket.socket(family, kind, protocol)
        with self._lock:
            self._sockets.append(connection)
        return connection

    def close_sockets(self) -> None:
        with self._lock:
            while self._sockets:
                self._sockets.pop().close()

    def moved(self, done: int, total: int) -> None:
        """``done`` and ``total``: bytes. Less than before where the storage did not keep what went out."""
        now = time.monotonic()
        if done != self._done and now >= self._due:
            self._done, self._due = done, now + _PAUSE
            self._deliver(done, total)
