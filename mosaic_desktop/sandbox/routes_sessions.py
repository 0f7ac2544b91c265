"""The resumable upload protocol of Google Cloud Storage, as its clients see it.

A session takes chunks with `Content-Range: bytes a-b/total`, answers 308 and how far it got while it is incomplete, and
tells the same to an empty PUT with `bytes */total`. A PUT without that header brings the whole video.
"""

import asyncio
import re
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from mosaic_desktop.sandbox.blobs import gather
from mosaic_desktop.sandbox.growing import GapError
from mosaic_desktop.sandbox.objects import Objects
from mosaic_desktop.sandbox.sessions import GRAIN, NoSessionError, Session, SessionGoneError, Sessions
from mosaic_desktop.sandbox.storage_answers import StorageError, stored

_CONTENT_RANGE = re.compile(r"bytes (?:\*|(\d{1,18})-(\d{1,18}))/(\d{1,18}|\*)", re.ASCII)
_CLIENT_CLOSED_REQUEST = 499


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Where the bytes of a request belong: from `start` up to `end`."""

    start: int
    end: int


async def serve_session(request: Request, key: str, sessions: Sessions, objects: Objects) -> Response:
    """Raises StorageError."""
    try:
        session = sessions.find(request.query_params["upload_id"], key)
    except NoSessionError as error:
        raise _no_such_upload(HTTPStatus.NOT_FOUND) from error
    except SessionGoneError as error:
        raise _no_such_upload(HTTPStatus.GONE) from error
    if request.method == "DELETE":
        await sessions.cancel(session)
        return Response(status_code=_CLIENT_CLOSED_REQUEST)
    if request.method != "PUT":
        message = "A session takes PUT and DELETE."
        raise StorageError(HTTPStatus.METHOD_NOT_ALLOWED, "MethodNotAllowed", message, Allow="DELETE, PUT")
    chunk = _chunk(request, session)
    if chunk is not None and not session.is_done:
        if chunk.start > await asyncio.to_thread(lambda: session.growing.length):
            return _ahead(chunk, session)
        await _take(request, session, chunk)
    return await _answer(session, sessions, objects)


def _chunk(request: Request, session: Session) -> _Chunk | None:
    """None for the question how far it got."""
    header, length = request.headers.get("content-range"), request.headers.get("content-length")
    if length is None:
        raise StorageError(HTTPStatus.LENGTH_REQUIRED, "MissingContentLength", "Send a Content-Length header.")
    if header is None:
        header = f"bytes 0-{int(length) - 1}/{length}" if int(length) else f"bytes */{length}"
    found = _CONTENT_RANGE.fullmatch(header.strip())
    if found is None or (found.group(3) != "*" and int(found.group(3)) != session.size):
        raise _invalid("The Content-Range does not fit this upload.")
    if found.group(1) is None:
        return None
    chunk = _Chunk(int(found.group(1)), int(found.group(2)) + 1)
    if chunk.end - chunk.start != int(length) or not chunk.start < chunk.end <= session.size:
        raise _invalid("The Content-Range does not fit the Content-Length.")
    if chunk.end != session.size and chunk.end % GRAIN:
        raise _invalid("All chunks but the last must be multiples of 256 KiB.")
    return chunk


async def _take(request: Request, session: Session, chunk: _Chunk) -> None:
    """What arrives is kept, also if the rest never comes."""
    at = chunk.start
    try:
        async for piece in gather(request.stream()):
            await asyncio.to_thread(session.growing.add, at, piece[: chunk.end - at])
            at += len(piece)
    except (ClientDisconnect, GapError) as error:
        raise StorageError(HTTPStatus.BAD_REQUEST, "IncompleteBody", "The body ended early.") from error


async def _answer(session: Session, sessions: Sessions, objects: Objects) -> Response:
    if not session.is_done:
        has = await asyncio.to_thread(session.has)
        if has < session.size:
            return Response(status_code=308, headers={"Range": f"bytes=0-{has - 1}"} if has else None)
        await sessions.finish(session)
    found = objects.find(session.key)
    if found is None:
        raise _no_such_upload(HTTPStatus.GONE)
    return stored(found)


def _ahead(chunk: _Chunk, session: Session) -> Response:
    return PlainTextResponse(
        f"According to the Content-Range header, the upload offset is {chunk.start} byte(s), "
        f"which exceeds already uploaded size of {session.has()} byte(s).",
        HTTPStatus.SERVICE_UNAVAILABLE,
    )


def _no_such_upload(status: HTTPStatus) -> StorageError:
    return StorageError(status, "NoSuchUpload", "The requested upload was not found.")


def _invalid(message: str) -> StorageError:
    return StorageError(HTTPStatus.BAD_REQUEST, "InvalidArgument", message)
