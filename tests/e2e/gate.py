"""A server on the way to the local Mosaic that answers in its place, or takes an answer away, when told to."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.support.waiting import PATIENCE

PAGE = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
_HOP = {"connection", "transfer-encoding", "content-length", "host", "date", "server"}


class Fault(Enum):
    BAD_GATEWAY = "a page of a proxy's instead of the service's answer; the service hears nothing"
    LOST_ANSWER = "the service does what was asked, and the connection breaks before it has said so"


@dataclass
class Gate:
    """``faults``: by the last part of a path, what happens to the next requests for it, in order."""

    base_url: str = ""
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    passed: list[str] = field(default_factory=list)

    def fault(self, name: str) -> Fault | None:
        waiting = self.faults.get(name)
        return waiting.pop(0) if waiting else None


@contextmanager
def gate_to(base_url: str) -> Iterator[Gate]:
    """In front of the service at ``base_url``; ``passed`` has each call that reached it."""
    gate = Gate()
    target = urlsplit(base_url)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._pass_on()

        def do_POST(self) -> None:
            self._pass_on()

        def log_message(self, format: str, *args: object) -> None:
            return

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            name = urlsplit(self.path).path.rpartition("/")[2]
            fault = gate.fault(name)
            if fault is Fault.BAD_GATEWAY:
                self._answer(502, {"Content-Type": "text/html"}, PAGE)
                return
            gate.passed.append(name)
            status, headers, answer = self._asked(body)
            if fault is Fault.LOST_ANSWER:
                self.close_connection = True
                return
            self._answer(status, headers, answer)

        def _asked(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
            connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=PATIENCE)
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            connection.request(self.command, self.path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            return answer.status, dict(answer.getheaders()), content

        def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in _HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        gate.base_url = f"http://127.0.0.1:{server.server_port}{target.path}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield gate
        finally:
            server.shutdown()
            thread.join()
