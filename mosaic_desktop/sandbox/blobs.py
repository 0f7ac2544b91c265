"""Large bodies between sockets and disk, in pieces of 1 MiB and off the event loop, so that memory stays flat."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path

from starlette.requests import ClientDisconnect

from mosaic_desktop.sandbox.checksums import Checksums, Summing

_PIECE = 1024 * 1024


class BodyLengthError(Exception):
    """The body had fewer or more bytes than its Content-Length."""


class _Incoming:
    """A file that grows beside its final place. Its methods block."""

    def __init__(self, path: Path) -> None:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
        self._file = os.fdopen(handle, "wb")
        self._partial = Path(name)
        self._path = path
        self._summing = Summing()

    def add(self, piece: bytes) -> None:
        self._file.write(piece)
        self._summing.add(piece)

    def keep(self, length: int) -> Checksums:
        """Move the file to its place if it has this length."""
        if self._summing.length != length:
            raise BodyLengthError
        self._file.close()
        self._partial.replace(self._path)
        return self._summing.result

    def discard(self) -> None:
        """Remove what was not kept."""
        self._file.close()
        self._partial.unlink(missing_ok=True)


async def write_body(body: AsyncIterable[bytes], path: Path, length: int) -> Checksums:
    """Store the body at `path`, whole or not at all."""
    incoming = _Incoming(path)
    try:
        async for piece in gather(body):
            await asyncio.to_thread(incoming.add, piece)
        return incoming.keep(length)
    finally:
        incoming.discard()


async def gather(body: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces of about 1 MiB, since every piece costs a trip to a thread.

    Raises ClientDisconnect after the last bytes of a body that broke off.
    """
    buffer = bytearray()
    try:
        async for piece in body:
            buffer += piece
            if len(buffer) >= _PIECE:
                yield bytes(buffer)
                buffer.clear()
    except ClientDisconnect:
        yield bytes(buffer)
        raise
    if buffer:
        yield bytes(buffer)


async def read_pieces(path: Path, start: int, end: int) -> AsyncIterator[bytes]:
    """The bytes from `start` up to `end`, in pieces of up to 1 MiB."""
    file = await asyncio.to_thread(path.open, "rb")
    with file:
        file.seek(start)
        while start < end:
            piece = await asyncio.to_thread(file.read, min(_PIECE, end - start))
            if not piece:
                return
            start += len(piece)
            yield piece
