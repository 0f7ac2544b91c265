"""The checksums that Google's storage announces: ``x-goog-hash: crc32c=...,md5=...`` in base64."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Protocol

import google_crc32c


class Checksum(Protocol):
    def update(self, piece: bytes) -> None: ...

    def digest(self) -> bytes: ...


class Crc32c:
    """Castagnoli's CRC of all bytes in order; its digest is big-endian."""

    def __init__(self) -> None:
        self._value = 0

    def update(self, piece: bytes) -> None:
        self._value = google_crc32c.extend(self._value, piece)

    def digest(self) -> bytes:
        return self._value.to_bytes(4, "big")


@dataclass(frozen=True, slots=True)
class Announced:
    """One checksum of a whole object. ``name``: crc32c or md5."""

    name: str
    digest: bytes

    @property
    def is_slow(self) -> bool:
        """Slower than a fast line."""
        return self.name == "md5"

    def start(self) -> Checksum:
        """What computes it."""
        if self.name == "crc32c":
            return Crc32c()
        return hashlib.md5(usedforsecurity=False)

    def __str__(self) -> str:
        return f"{self.name}:{self.digest.hex()}"


def announced(hashes: str) -> Announced | None:
    """The best of those in the header: CRC32C, which costs next to nothing, else MD5, which composed objects lack."""
    for name, length in (("crc32c", 4), ("md5", 16)):
        found = re.search(rf"(?:^|,)\s*{name}=([A-Za-z0-9+/]+={{0,2}})\s*(?:,|$)", hashes)
        try:
            digest = base64.b64decode(found.group(1), validate=True) if found else b""
        except binascii.Error:
            continue
        if len(digest) == length:
            return Announced(name, digest)
    return None
