"""Storage links: the bytes of videos in and out, as Google Cloud Storage shows itself to clients.

Links carry their own permission, so a credential header here is a client's mistake and is refused.
"""

from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from mosaic_desktop.sandbox.blobs import BodyLengthError, write_body
from mosaic_desktop.sandbox.byterange import UnsatisfiableRangeError
from mosaic_desktop.sandbox.downloads import send_object
from mosaic_desktop.sandbox.objects import Objects, StoredObject
from mosaic_desktop.sandbox.routes_sessions import serve_session
from mosaic_desktop.sandbox.sessions import Sessions
from mosaic_desktop.sandbox.signing import LinkExpiredError, SignatureError, Signer
from mosaic_desktop.sandbox.storage_answers import StorageError, object_headers, stored
from mosaic_desktop.sandbox.uploads import MAX_SIZE


def storage_routes(objects: Objects, signer: Signer, sessions: Sessions) -> list[Route]:
    async def serve(request: Request) -> Response:
        key = request.path_params["key"]
        try:
            _refuse_credentials(request)
            if "upload_id" in request.query_params:
                return await serve_session(request, key, sessions, objects)
            _check(signer, request, key)
            if request.method == "PUT":
                return await _put(objects, request, key)
            return _get(objects, request, key)
        except StorageError as error:
            return error.response

    return [Route("/{key:path}", serve, methods=["GET", "HEAD", "PUT", "DELETE"])]


def _refuse_credentials(request: Request) -> None:
    if "authorization" in request.headers or "x-api-key" in request.headers:
        raise StorageError(
            HTTPStatus.BAD_REQUEST, "InvalidArgument", "A signed link must not carry other credentials as well."
        )


def _expect_content_type(request: Request) -> None:
    signed = request.query_params.get("X-Goog-SignedHeaders", "").split(";")
    if "content-type" in signed and "content-type" not in request.headers:
        raise StorageError(
            HTTPStatus.BAD_REQUEST,
            "MalformedSecurityHeader",
            "The header content-type was included in signedheaders, but not in the request.",
        )


def _check(signer: Signer, request: Request, key: str) -> None:
    if request.method == "PUT":
        _expect_content_type(request)
    # A link for GET also answers HEAD; the content type is signed for uploads only.
    upload = request.method not in {"GET", "HEAD"}
    content_type = request.headers.get("content-type", "") if upload else ""
    try:
        signer.check(request.method if upload else "GET", key, content_type, request.query_params)
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
        sums = await write_body(request.stream(), objects.path(key), int(length))
    except (ClientDisconnect, BodyLengthError) as error:
        raise StorageError(HTTPStatus.BAD_REQUEST, "IncompleteBody", "The body ended early.") from error
    return stored(objects.record(key, int(length), sums, request.headers["content-type"]))


def _get(objects: Objects, request: Request, key: str) -> Response:
    found = objects.find(key)
    if found is None:
        raise StorageError(HTTPStatus.NOT_FOUND, "NoSuchKey", "The specified key does not exist.")
    try:
        return send_object(found, request, _headers(found, request))
    except UnsatisfiableRangeError as error:
        raise StorageError(
            HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            "InvalidRange",
            "The requested range cannot be satisfied.",
            **{"Content-Range": f"bytes */{found.size}"},
        ) from error


def _headers(found: StoredObject, request: Request) -> dict[str, str]:
    headers = object_headers(found)
    disposition = request.query_params.get("response-content-disposition")
    return headers if disposition is None else headers | {"Content-Disposition": disposition}
