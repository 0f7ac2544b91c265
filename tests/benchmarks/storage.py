"""The storage that all of them move bytes to and from: nginx over TLS, with a certificate that is made for the run."""

import base64
import getpass
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path

import google_crc32c

from tests.support.processes import Helpers
from tests.support.waiting import until

_CONFIGURATION = """
user {user};
daemon off;
worker_processes auto;
worker_priority {priority};
pid {folder}/nginx.pid;
error_log {folder}/nginx-errors.log error;
events {{ }}
http {{
  access_log off;
  client_max_body_size 0;
  client_body_buffer_size 1m;
  client_body_temp_path {folder}/arriving;
  output_buffers 2 512k;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/server.pem;
    ssl_certificate_key {folder}/server.key;
    location /up/ {{ root {folder}; dav_methods PUT; }}
    {served}
  }}
}}
"""
_SERVED = 'location = /out/{name} {{ alias {path}; add_header x-goog-hash "crc32c={crc}"; }}'
_CERTIFICATE = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
_PIECE = 16 * 1024 * 1024


class Storage:
    """Runs as long as ``helpers`` do. What is PUT to ``url``/up/NAME lies in ``stored``; ``url``/out/NAME gives
    ``films`` with the checksum that Google's storage would announce. ``ca_file`` has who vouches for it. ``gentle``:
    it leaves the processor to everything else, as one does that is elsewhere.
    """

    def __init__(self, folder: Path, films: Sequence[Path], helpers: Helpers, *, gentle: bool) -> None:
        self.stored = folder / "up"
        self.ca_file = folder / "server.pem"
        port = _free_port()
        self.url = f"https://localhost:{port}"
        self.stored.mkdir(parents=True)
        (folder / "arriving").mkdir()
        names = ["-addext", "subjectAltName=DNS:localhost"]
        files = ["-keyout", str(folder / "server.key"), "-out", str(self.ca_file)]
        subprocess.run([*_CERTIFICATE.split(), *names, *files], check=True, capture_output=True)
        served = "\n    ".join(_SERVED.format(name=film.name, path=film, crc=_crc32c(film)) for film in films)
        text = _CONFIGURATION.format(
            user=getpass.getuser(), priority=19 if gentle else 0, folder=folder, port=port, served=served
        )
        configuration = folder / "nginx.conf"
        configuration.write_text(text, encoding="utf-8")
        helpers.start(["nginx", "-c", str(configuration), "-p", str(folder), "-e", str(folder / "nginx-errors.log")])
        until(lambda: _answers(port))

    def forget(self) -> None:
        """Makes room: nobody asks for what was uploaded."""
        for file in self.stored.iterdir():
            file.unlink()


def _crc32c(path: Path) -> str:
    """As the header of Google's storage has it."""
    checksum = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            checksum = google_crc32c.extend(checksum, piece)
    return base64.b64encode(checksum.to_bytes(4, "big")).decode()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0
