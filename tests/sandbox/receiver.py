"""A server that webhooks are sent to, which answers as a test wants."""

import hashlib
import hmac
import json
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


@dataclass(frozen=True, slots=True)
class Received:
    """One delivery; `at` is on the monotonic clock, `seconds` since 1970."""

    at: float
    seconds: float
    path: str
    headers: Message
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.raw)
        return found

    def is_signed_with(self, key: str) -> bool:
        """As the contract tells receivers to check it."""
        match = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", self.headers["X-Mosaic-Signature"])
        assert match is not None
        assert abs(self.seconds - int(match[1])) < 60
        digest = hmac.new(key.encode(), match[1].encode() + b"." + self.raw, hashlib.sha256).hexdigest()
        return hmac.compare_digest(digest, match[2])


@dataclass(slots=True)
class Receiver:
    """`answer` may be changed at any time: a status, None to hang up without one, or an event to wait for first.
    `before` has statuses that are used up first, one after the other.
    """

    url: str
    answer: int | Event | None = 200
    before: list[int] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)

    def of_run(self, run_id: str) -> list[Received]:
        return [delivery for delivery in self.received if delivery.body["agent_run_id"] == run_id]


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    receiver = Receiver("")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(lambda: receiver))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.url = f"{'https' if tls else 'http'}://localhost:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        if isinstance(receiver.answer, Event):
            receiver.answer.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(receiver: Callable[[], Receiver]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            answer = receiver().before.pop(0) if receiver().before else receiver().answer
            receiver().received.append(Received(time.monotonic(), time.time(), self.path, self.headers, raw))
            if isinstance(answer, Event):
                answer.wait()
            if isinstance(answer, int):
                self.send_response(answer)
                if answer in (302, 307):
                    self.send_header("Location", f"{receiver().url}/elsewhere")
                self.end_headers()

        def log_message(self, format: str, *_: object) -> None:
            """Says nothing."""

    return Handler
