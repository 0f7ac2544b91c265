"""The requests that a small Mosaic answers: the contract's calls, and a storage as Google's behaves."""

import base64
import hashlib
import json
import re
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import google_crc32c

from tests.faults.state import MosaicState, Run, Upload

AGENT = {"id": "6d1f0a52-0b1e-4c7c-9a55-7f3b8f0f2f10", "name": "Copy", "description": "Gives the video back."}


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, mosaic: MosaicState, *, is_storage: bool, port: int = 0) -> None:
        self.mosaic = mosaic
        self.is_storage = is_storage
        super().__init__(("127.0.0.1", port), Talk)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no fault of a test."""


class Talk(BaseHTTPRequestHandler):
    """One connection; for faults, the request under way. ``serve`` answers it as a Mosaic without faults would."""

    protocol_version = "HTTP/1.1"
    server: Server

    @property
    def mosaic(self) -> MosaicState:
        return self.server.mosaic

    def do(self) -> None:
        self.name = self._name()
        self.body: bytes | None = None
        self.mosaic.log.append(self.name)
        if self.server.is_storage and {"authorization", "x-api-key"} & {name.lower() for name in self.headers}:
            self.mosaic.tainted.append(self.path)
        fault = self.mosaic.take_fault(self.name)
        if fault is None or fault.do(self):
            self.serve()

    do_GET = do_POST = do_PUT = do_DELETE = do  # noqa: N815 - the names that http.server asks for

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    # For faults

    def take_body(self, most: int | None = None) -> bytes:
        """The request's body, or its first ``most`` bytes."""
        if self.body is None:
            length = int(self.headers.get("Content-Length", "0"))
            self.body = self.rfile.read(length if most is None else min(most, length))
        return self.body

    def cut(self) -> None:
        """Ends the connection without an answer."""
        self.close_connection = True
        self.connection.shutdown(2)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def json(self, value: object, status: int = 200) -> None:
        self.answer(status, json.dumps(value).encode(), Content_Type="application/json")

    def refuse(self, status: int, code: str, detail: str = "") -> None:
        self.json({"error": code, "detail": detail or code}, status)

    def xml(self, status: int, code: str) -> None:
        text = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>No.</Message></Error>"
        self.answer(status, text.encode(), Content_Type="application/xml")

    # The contract

    def serve(self) -> None:
        self.take_body()
        with self.mosaic.lock:
            if self.server.is_storage:
                self._storage()
            elif self.headers.get("Authorization") == f"Bearer {self.mosaic.key}":
                getattr(self, f"_{self.name.replace('-', '_')}")()
            else:
                self.refuse(401, "invalid_api_key")

    def _name(self) -> str:
        if self.server.is_storage:
            if self.headers.get("Content-Range", "").startswith("bytes */"):
                return "ask"
            return {"PUT": "put", "GET": "get", "DELETE": "delete"}[self.command]
        return {
            "get-upload-url": "sign",
            "finalize-upload": "finalize",
            "get-user-agents-simple": "agents",
            "run-agent": "start",
            "get-agent-run": "detail",
            "get-agent-run-simple": "status",
            "get-agent-run-outputs": "outputs",
        }[next(part for part in self.path.split("?")[0].split("/") if part not in {"", "api", "video"})]

    @property
    def _last(self) -> str:
        return self.path.split("?")[0].rsplit("/", 1)[-1]

    def _sign(self) -> None:
        asked = json.loads(self.take_body())
        video = str(uuid.uuid4())
        session = self.mosaic.sessions
        self.mosaic.uploads[video] = Upload(asked["filename"], asked["file_size"], asked["content_type"], session)
        link = self.mosaic.link(f"/up/{video}") + ("&upload_id=s3cr3t" if session else "")
        self.json({"upload_url": link, "video_id": video, "temp_path": video})

    def _finalize(self) -> None:
        upload = self.mosaic.uploads.get(self._last)
        if upload is None:
            self.refuse(404, "not_found")
        elif not upload.whole:
            self.refuse(400, "validation_error", "The bytes have not arrived.")
        else:
            upload.file_id = upload.file_id or str(uuid.uuid4())
            self.json({"file_uuid": upload.file_id, "file_name": upload.name, "url": self.mosaic.link("/x")})

    def _agents(self) -> None:
        self.json({"agents": [AGENT | {"created_at": "2026-01-01T00:00:00Z"}]})

    def _start(self) -> None:
        asked = json.loads(self.take_body())
        if asked["file_id"] not in {upload.file_id for upload in self.mosaic.uploads.values()}:
            self.refuse(404, "not_found")
            return
        run = str(uuid.uuid4())
        self.mosaic.runs[run] = Run(asked["file_id"], self.mosaic.looks)
        self.json({"agent_run_id": run, "project_id": run, "agent_group_id": run})

    def _status(self) -> None:
        run = self.mosaic.runs.get(self._last)
        if run is None:
            self.refuse(404, "not_found")
        else:
            run.looks -= 1
            self.json({"status": "running" if run.looks >= 0 else "success"})

    def _detail(self) -> None:
        run = self.mosaic.runs[self._last]
        done = run.looks < 0
        node = {"id": f"n-{self._last}", "name": "Copy", "status": "completed" if done else "running"}
        status = "completed" if done else "running"
        self.json({"id": self._last, "status": status, "graph": {"nodes": [node], "edges": []}})

    def _outputs(self) -> None:
        self.json(
            {
                "outputs": [
                    {
                        "node_id": f"n-{self._last}",
                        "file_id": f"o-{self._last}",
                        "download_url": self.mosaic.link(f"/out/{self._last}"),
                        "thumbnail_url": None,
                        "duration_ms": self.mosaic.seconds * 1000,
                        "file_size": len(self.mosaic.output),
                        "status": "success",
                    }
                ]
            }
        )

    # The storage

    def _storage(self) -> None:
        serial = int(self.path.rsplit("n=", 1)[1].split("&")[0])
        upload = self.mosaic.uploads.get(self._last)
        if serial in self.mosaic.dead_links and not (upload is not None and upload.session):
            self.xml(400, "ExpiredToken")
        elif self.name == "get":
            self._get()
        elif upload is None or upload.gone:
            self.answer(410)
        elif upload.session:
            self._put_part(upload)
        else:
            self._put_whole(upload)

    def _put_whole(self, upload: Upload) -> None:
        body = self.take_body()
        if self.headers["Content-Type"] != upload.content_type:
            self.xml(403, "SignatureDoesNotMatch")
            return
        if len(body) != int(self.headers["Content-Length"]):
            self.cut()
            return
        upload.content[:] = body
        upload.whole = True
        self.mosaic.sent.append((0, len(body)))
        self.answer(200, x_goog_hash=goog_hash(body), x_goog_stored_content_length=str(len(body)))

    def _put_part(self, upload: Upload) -> None:
        """The resumable protocol as Google's storage speaks it; what came of a part that broke is kept."""
        body = self.take_body()
        asked = re.fullmatch(r"bytes (?:\*|(\d+)-(\d+))/(\d+)", self.headers.get("Content-Range", ""))
        if asked is None:
            self.answer(400)
            return
        if asked.group(1) is not None and not upload.whole:
            start = int(asked.group(1))
            if start > len(upload.content):
                self.answer(503, b"According to the Content-Range header, the upload offset exceeds uploaded size.")
                return
            upload.content[start:] = body
            self.mosaic.sent.append((start, len(body)))
            upload.whole = len(upload.content) == upload.size
        if upload.whole:
            content = bytes(upload.content)
            self.answer(200, x_goog_hash=goog_hash(content), x_goog_stored_content_length=str(len(content)))
        elif upload.content:
            self.answer(308, Range=f"bytes=0-{len(upload.content) - 1}")
        else:
            self.answer(308)

    def _get(self) -> None:
        content, etag = self.mosaic.output, self.mosaic.etag
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked.group(1)) if asked and self.headers.get("If-Range", etag) == etag else 0
        self.mosaic.fetched.append(start)
        common: dict[str, str] = {"ETag": etag, "x_goog_hash": goog_hash(content), "Accept_Ranges": "bytes"}
        if start >= len(content) and start:
            self.answer(416, Content_Range=f"bytes */{len(content)}")
        elif start:
            self.answer(
                206, content[start:], Content_Range=f"bytes {start}-{len(content) - 1}/{len(content)}", **common
            )
        else:
            self.answer(200, content, **common)


def goog_hash(content: bytes) -> str:
    """The header by which Google's storage announces an object's checksums."""
    crc = base64.b64encode(google_crc32c.value(content).to_bytes(4, "big")).decode()
    md5 = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
    return f"crc32c={crc},md5={md5}"
