"""A small real storage on loopback: threads, raw sockets, and a script for what it does with each request."""

import re
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread
from types import TracebackType

from mosaic_desktop.core.secrets import Secret
from tests.support.waiting import PATIENCE

SIGNATURE = "c0ffee5167"
HELD = 5 * PATIENCE
"""For how many seconds a script holds a transfer that nothing but the client ends."""
AT_ONCE = 20.0
"""Seconds in which what is cancelled or closed has ended on any machine; by itself it would after a minute."""
_PIECE = 1024 * 1024


@dataclass(slots=True)
class Seen:
    """One request as it arrived. ``received``: body bytes; ``body``: those bytes where the script kept them."""

    method: str
    target: str
    headers: dict[str, str]
    received: int = 0
    body: bytearray = field(default_factory=bytearray)

    @property
    def announced(self) -> int:
        return int(self.headers.get("content-length", "0"))


@dataclass(slots=True)
class Talk:
    """One connection, for scripts."""

    connection: socket.socket
    seen: Seen
    early: bytes = field(repr=False, default=b"")

    def invite(self) -> None:
        """What a client that sent "Expect: 100-continue" waits for."""
        if self.seen.headers.get("expect"):
            self.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def take(self, count: int | None = None, *, keep: bool = True) -> None:
        """Reads ``count`` more bytes of the body, or the rest of it, or until the client goes."""
        end = self.seen.announced if count is None else self.seen.received + count
        self.seen.received += len(self.early)
        self.seen.body += self.early
        self.early = b""
        buffer = memoryview(bytearray(_PIECE))
        while self.seen.received < end:
            length = self._receive(buffer[: end - self.seen.received])
            if length == 0:
                return
            self.seen.received += length
            if keep:
                self.seen.body += buffer[:length]

    def wait_until_gone(self) -> None:
        """Answers nothing and reads nothing of use until the client has closed the connection."""
        while self._receive(memoryview(bytearray(_PIECE))):
            pass

    def send(self, data: bytes) -> None:
        with suppress(ConnectionError):
            self.connection.sendall(data)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} Any", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.send("\r\n".join([*lines, "", ""]).encode() + body)

    def cut(self) -> None:
        """Ends the connection with a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _receive(self, buffer: memoryview) -> int:
        try:
            return self.connection.recv_into(buffer)
        except OSError:
            return 0


Script = Callable[[Talk], None]


class StorageServer:
    """Use it in a ``with``. ``seen``: every request so far. A script's own error fails the test at the end."""

    def __init__(self, script: Script) -> None:
        self.seen: list[Seen] = []
        self._script = script
        self._errors: list[Exception] = []
        self._threads: list[Thread] = []
        self._open: list[socket.socket] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        # A small window, so that a script that stops reading soon stops the client too.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 256 * 1024)
        self.port = self._socket.getsockname()[1]
        self._accepting = Thread(target=self._accept, daemon=True)

    def link(self, path: str = "/bucket/clip.mp4") -> Secret:
        return Secret(f"http://127.0.0.1:{self.port}{path}?X-Goog-Signature={SIGNATURE}")

    def __enter__(self) -> "StorageServer":
        self._accepting.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._accepting.join(PATIENCE)
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()
        assert not self._errors, self._errors

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._open.append(connection)
            thread = Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                talk = _read_head(connection)
                if talk is not None:
                    self.seen.append(talk.seen)
                    self._script(talk)
            except Exception as error:
                self._errors.append(error)


def _read_head(connection: socket.socket) -> Talk | None:
    data = b""
    while b"\r\n\r\n" not in data:
        try:
            piece = connection.recv(65536)
        except OSError:
            return None
        if not piece:
            return None
        data += piece
    head, _, early = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    pairs = (re.split(r":\s*", line, maxsplit=1) for line in lines)
    return Talk(connection, Seen(method, target, {name.lower(): value for name, value in pairs}), early)


@contextmanager
def nobody_listening() -> Iterator[Secret]:
    """A link to a port of this machine that refuses connections."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield Secret(f"http://127.0.0.1:{taken.getsockname()[1]}/clip.mp4?X-Goog-Signature={SIGNATURE}")
