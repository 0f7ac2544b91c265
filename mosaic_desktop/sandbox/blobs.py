"""Large bodies between sockets and disk, in pieces of 1 MiB and off the event loop, so that memory stays flat."""

import asyncio
import hashlib
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path
from tempfile import NamedTemporaryFile

_PIECE = 1024 * 1024


class BodyTooShort(Exception):
    """The body had fewer or more bytes than its Content-Length."""


async def write_body(body: AsyncIterable[bytes], path: Path, length: int) -> str:
    """Store the body at `path`, whole or not at all, and give its MD5 in hex."""
    digest = hashlib.md5(usedforsecurity=False)
    with NamedTemporaryFile(dir=path.parent, prefix=path.name, suffix=".part", delete=False) as file:
        partial = Path(file.name)
        try:
            written = 0
            async for piece in _gather(body):
                await asyncio.to_thread(lambda data=piece: (file.write(data), digest.update(data)))
                written += len(piece)
            if written != length:
                raise BodyTooShort
            file.close()
            partial.replace(path)
        finally:
            file.close()
            partial.unlink(missing_ok=True)
    return digest.hexdigest()


async def _gather(body: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces of about 1 MiB, since every piece costs a trip to a thread."""
    buffer = bytearray()
    async for piece in body:
        buffer += piece
        if len(buffer) >= _PIECE:
            yield bytes(buffer)
            buffer.clear()
    if buffer:
        yield bytes(buffer)


async def read_pieces(path: Path, start: int, end: int) -> AsyncIterator[bytes]:
    """The bytes from `start` up to `end`, in pieces of up to 1 MiB."""
    with path.open("rb") as file:
        file.seek(start)
        while start < end:
            piece = await asyncio.to_thread(file.read, min(_PIECE, end - start))
            if not piece:
                return
            start += len(piece)
            yield piece
