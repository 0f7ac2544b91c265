"""The content hash that tells files apart."""

from pathlib import Path

from blake3 import blake3

from mosaic_desktop.core.errors import Code, NetworkError
from mosaic_desktop.transfers.exchange import Settings
from mosaic_desktop.transfers.source import opened
from mosaic_desktop.transfers.watch import Watch

_PIECE = 1024 * 1024


class ContentHash:
    """Of all bytes in order. A cryptographic one: a made-up file must not pass for another."""

    def __init__(self) -> None:
        self._hash = blake3()

    def update(self, piece: bytes) -> None:
        self._hash.update(piece)

    @property
    def name(self) -> str:
        """Algorithm and digest, as in ``SentFile.content``."""
        return f"blake3:{self._hash.hexdigest()}"


def digest(path: Path, size: int, watch: Watch, _settings: Settings) -> str:
    """Reads ``path``, ``size`` bytes, in the calling thread. Raises LocalFileError, NetworkError if it is ended."""
    content, done = ContentHash(), 0
    with opened(path, size) as source:
        while done < size:
            if watch.aborted:
                raise NetworkError(Code.INTERRUPTED, "ended by the application", seen=False)
            piece = source.read(done, min(_PIECE, size - done))
            content.update(piece)
            done += len(piece)
            watch.moved(done, size)
    return content.name
