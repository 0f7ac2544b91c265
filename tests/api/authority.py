"""A certificate authority for one test, made by the openssl program, and the certificate of a server for two names."""

import ssl
import subprocess
from pathlib import Path

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
_OF_SERVER = """\
subjectAltName = DNS:localhost, DNS:mosaic.invalid
authorityKeyIdentifier = keyid
subjectKeyIdentifier = hash
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
"""


class Authority:
    """``file`` has its certificate; so has ``hashed``, a folder as OpenSSL looks into. ``server`` is vouched for, as
    localhost and mosaic.invalid."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "authority.pem"
        self.hashed = folder / "hashed"
        self._folder = folder
        usage = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")
        self._openssl(
            "req", "-x509", *_KEY, *usage, "-days", "2", "-subj", "/CN=Test", keyout="a.key", out=self.file.name
        )
        (folder / "server.cnf").write_text(_OF_SERVER, encoding="utf-8")
        self._openssl("req", *_KEY, "-subj", "/CN=localhost", keyout="server.key", out="server.csr")
        signer = ("-CA", self.file.name, "-CAkey", "a.key", "-CAcreateserial", "-extfile", "server.cnf")
        self._openssl("x509", "-req", "-days", "2", "-in", "server.csr", *signer, out="server.pem")
        self.hashed.mkdir()
        digest = self._openssl("x509", "-noout", "-hash", "-in", self.file.name)
        (self.hashed / f"{digest}.0").write_bytes(self.file.read_bytes())

    @property
    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._folder / "server.pem", self._folder / "server.key")
        return context

    def _openssl(self, command: str, *arguments: str, **files: str) -> str:
        named = [part for name, file in files.items() for part in (f"-{name}", file)]
        done = subprocess.run(
            ["openssl", command, *arguments, *named], cwd=self._folder, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()
