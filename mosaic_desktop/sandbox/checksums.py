"""The two checksums that Google Cloud Storage knows of every object: MD5 and CRC32C."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

import google_crc32c

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Checksums:
    """Digests in hex. `crc32c` is empty for objects of older data folders."""

    md5: str
    crc32c: str

    @property
    def header(self) -> str:
        """The value of `x-goog-hash`."""
        known = {"crc32c": self.crc32c, "md5": self.md5}
        encoded = {name: base64.b64encode(bytes.fromhex(digest)).decode() for name, digest in known.items() if digest}
        return ",".join(f"{name}={digest}" for name, digest in encoded.items())


class Summing:
    """Takes bytes in order. Its methods block."""

    def __init__(self) -> None:
        self.length = 0
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._crc32c = 0

    def add(self, piece: bytes) -> None:
        self._md5.update(piece)
        self._crc32c = google_crc32c.extend(self._crc32c, piece)
        self.length += len(piece)

    def add_rest(self, path: Path) -> None:
        """The bytes of a file behind those that were added already."""
        with path.open("rb") as file:
            file.seek(self.length)
            while piece := file.read(_PIECE):
                self.add(piece)

    @property
    def result(self) -> Checksums:
        return Checksums(self._md5.hexdigest(), f"{self._crc32c:08x}")


def checksums_of(path: Path) -> Checksums:
    summing = Summing()
    summing.add_rest(path)
    return summing.result
