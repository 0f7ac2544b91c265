"""A Mosaic and its storage that repeat in every error what they were told, and more: as careless services do."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

SIGNATURE = "5169b3canarysignature0123456789abcdef"
UPLOAD_SESSION = "ABPcanaryUploadSession0123456789"
REFRESH, PASSWORD = "canaryRefresh9x8y7z6w", "canary horse battery"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnktdXNlciJ9.c2lnbmF0dXJlLW9mLXRoZS1jYW5hcnk"
SECRETS = {
    "signature of a link": SIGNATURE,
    "upload session": UPLOAD_SESSION,
    "refresh token of an error": REFRESH,
    "password of an error": PASSWORD,
    "session token of an error": JWT.rpartition(".")[2],
}


def gossip(authorization: str = "") -> str:
    """What a careless program says when something goes wrong."""
    told = {"refresh_token": REFRESH, "access_token": JWT, "password": PASSWORD}
    link = f"https://storage.invalid/v.mp4?X-Goog-Signature={SIGNATURE}&upload_id={UPLOAD_SESSION}"
    return f"refused: Authorization: {authorization or f'Bearer {JWT}'} for {link} by {json.dumps(told)}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        agent = {"id": str(uuid4()), "name": "Echo", "description": "", "created_at": "2026-01-01T00:00:00Z"}
        self._say(200, {"agents": [agent]})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path.endswith("/video/get-upload-url"):
            session = f"&upload_id={UPLOAD_SESSION}" if b"session" in body else ""
            url = f"http://{self.headers['Host']}/store/v?X-Goog-Signature={SIGNATURE}{session}"
            self._say(200, {"upload_url": url, "video_id": str(uuid4()), "temp_path": "v"})
        else:
            self._say(400, {"error": "validation_error", "detail": gossip(self.headers.get("Authorization", ""))})

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        xml = f"<Error><Code>AccessDenied</Code><Details>{self.path} {gossip()}</Details></Error>"
        self._send(403, "application/xml", xml.encode())

    def _say(self, status: int, body: dict[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(body).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def talkative_mosaic() -> Iterator[str]:
    """Its base URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/api"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
