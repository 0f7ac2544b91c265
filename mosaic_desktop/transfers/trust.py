"""Which certificate authorities are believed. libcurl as packaged for Python carries none of its own."""

import ssl
from dataclasses import dataclass
from pathlib import Path

_USUAL_FILES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


@dataclass(frozen=True, slots=True)
class Trust:
    """A file of certificates, or a folder of them; with neither, what libcurl and the system provide."""

    file: str | None = None
    folder: str | None = None


def system_trust() -> Trust:
    """What SSL_CERT_FILE and SSL_CERT_DIR name, else where this system keeps its authorities."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile:
        return Trust(file=paths.cafile)
    usual = next((name for name in _USUAL_FILES if Path(name).is_file()), None)
    return Trust(file=usual) if usual else Trust(folder=paths.capath)
