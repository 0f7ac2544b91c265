"""Sending an object, or the range of it that a client asks for (RFC 9110, section 14)."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from mosaic_desktop.sandbox.blobs import read_pieces
from mosaic_desktop.sandbox.byterange import parse_range
from mosaic_desktop.sandbox.objects import StoredObject


def send_object(found: StoredObject, request: Request, headers: Mapping[str, str]) -> Response:
    """`headers` describe the whole object, with its ETag and Last-Modified. Raises UnsatisfiableRangeError."""
    part = parse_range(_valid_range(request, headers), found.size)
    told = dict(headers)
    status, start, end = HTTPStatus.OK, 0, found.size
    if part is not None:
        status, (start, end) = HTTPStatus.PARTIAL_CONTENT, part
        told["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
    told["Content-Length"] = str(end - start)
    if request.method == "HEAD":
        return Response(status_code=status, headers=told)
    return StreamingResponse(read_pieces(found.path, start, end), status_code=status, headers=told)


def _valid_range(request: Request, headers: Mapping[str, str]) -> str | None:
    """The Range header, unless If-Range says that the client holds another version of the object."""
    condition = request.headers.get("if-range")
    if condition is not None and condition not in (headers["ETag"], headers["Last-Modified"]):
        return None
    return request.headers.get("range")
