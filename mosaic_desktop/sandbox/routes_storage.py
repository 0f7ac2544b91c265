"""Storage links: the bytes of videos in and out, as Google Cloud Storage shows itself to clients.

Links carry their own permission, so a credential header here is a client's mistake and is refused.
"""

import base64
from email.utils import formatdate
from http import HTTPStatus
from xml.sax.saxutils import escape

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from mosaic_desktop.sandbox.blobs import BodyLengthError, read_pieces, write_body
from mosaic_desktop.sandbox.byterange import UnsatisfiableRangeError, parse_range
from mosaic_desktop.sandbox.objects import Objects, StoredObject
from mosaic_desktop.sandbox.signing import LinkExpiredError, SignatureError, Signer
from mosaic_desktop.sandbox.uploads import MAX_SIZE

_XML = "<?xml version='1.0' encoding='UTF-8'?>"


class StorageError(Exception):
    """An answer in storage's own XML format."""

    def __init__(self, status: HTTPStatus, code: str, message: str, **headers: str) -> None:
        super().__init__(code)
        self.response = Response(
            f"{_XML}<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>",
            status_code=status,
            media_type="application/xml; charset=UTF-8",
            headers=headers,
        )


def storage_routes(objects: Objects, signer: Signer) -> list[Route]:
    async def serve(request: Request) -> Response:
        key = request.path_params["key"]
        try:
            _check(signer, request, key)
            if request.method == "PUT":
                return await _put(objects, request, key)
            return _get(objects, request, key)
        except StorageError as error:
            return error.response

    return [Route("/{key:path}", serve, methods=["GET", "HEAD", "PUT"])]


def _check(signer: Signer, request: Request, key: str) -> None:
    if "authorization" in request.headers or "x-api-key" in request.headers:
        raise StorageError(
            HTTPStatus.BAD_REQUEST, "InvalidArgument", "A signed link must not carry other credentials as well."
        )
    # A link for GET also answers HEAD; the content type is signed for uploads only.
    upload = request.method == "PUT"
    content_type = request.headers.get("content-type", "") if upload else ""
    try:
        signer.check("PUT" if upload else "GET", key, content_type, request.query_params)
    except SignatureError as error:
        raise StorageError(
            HTTPStatus.FORBIDDEN,
            "SignatureDoesNotMatch",
            "Access denied. The link was changed, or method or Content-Type differ from what was signed.",
        ) from error
    except LinkExpiredError as error:
        raise StorageError(
            HTTPStatus.BAD_REQUEST, "ExpiredToken", f"The provided token has expired. It was good until {error}."
        ) from error


async def _put(objects: Objects, request: Request, key: str) -> Response:
    length = request.headers.get("content-length")
    if length is None:
        raise StorageError(HTTPStatus.LENGTH_REQUIRED, "MissingContentLength", "Send a Content-Length header.")
    if int(length) > MAX_SIZE:
        raise StorageError(HTTPStatus.BAD_REQUEST, "EntityTooLarge", "The object is larger than 10 GiB.")
    try:
        md5 = await write_body(request.stream(), objects.path(key), int(length))
    except (ClientDisconnect, BodyLengthError) as error:
        raise StorageError(HTTPStatus.BAD_REQUEST, "IncompleteBody", "The body ended early.") from error
    objects.record(key, int(length), md5, request.headers["content-type"])
    return Response(
        headers={"ETag": f'"{md5}"', "x-goog-hash": _goog_hash(md5), "x-goog-stored-content-length": length}
    )


def _get(objects: Objects, request: Request, key: str) -> Response:
    stored = objects.find(key)
    if stored is None:
        raise StorageError(HTTPStatus.NOT_FOUND, "NoSuchKey", "The specified key does not exist.")
    headers = _headers(stored, request)
    try:
        part = parse_range(_valid_range(request, headers), stored.size)
    except UnsatisfiableRangeError as error:
        raise StorageError(
            HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            "InvalidRange",
            "The requested range cannot be satisfied.",
            **{"Content-Range": f"bytes */{stored.size}"},
        ) from error
    status, start, end = HTTPStatus.OK, 0, stored.size
    if part is not None:
        status, (start, end) = HTTPStatus.PARTIAL_CONTENT, part
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{stored.size}"
    headers["Content-Length"] = str(end - start)
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    return StreamingResponse(read_pieces(stored.path, start, end), status_code=status, headers=headers)


def _headers(stored: StoredObject, request: Request) -> dict[str, str]:
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Type": stored.content_type,
        "ETag": f'"{stored.md5}"',
        "Last-Modified": formatdate(stored.created_at, usegmt=True),
        "x-goog-hash": _goog_hash(stored.md5),
        "x-goog-stored-content-length": str(stored.size),
    }
    disposition = request.query_params.get("response-content-disposition")
    return headers if disposition is None else headers | {"Content-Disposition": disposition}


def _valid_range(request: Request, headers: dict[str, str]) -> str | None:
    """The Range header, unless If-Range says that the client holds another version of the object."""
    condition = request.headers.get("if-range")
    if condition is not None and condition not in (headers["ETag"], headers["Last-Modified"]):
        return None
    return request.headers.get("range")


def _goog_hash(md5: str) -> str:
    return f"md5={base64.b64encode(bytes.fromhex(md5)).decode()}"
