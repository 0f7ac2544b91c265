"""What storage answers in the manner of Google Cloud Storage: objects' headers, and errors in XML."""

from collections.abc import Mapping
from email.utils import formatdate
from http import HTTPStatus
from xml.sax.saxutils import escape

from starlette.responses import Response

from mosaic_desktop.sandbox.objects import StoredObject

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


def unroutable(status: int, headers: Mapping[str, str]) -> Response:
    """The answer to a request that is for no object, or does what nothing can be done with."""
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        message = "The specified method is not allowed against this resource."
        return StorageError(HTTPStatus.METHOD_NOT_ALLOWED, "MethodNotAllowed", message, **headers).response
    return StorageError(HTTPStatus.NOT_FOUND, "NoSuchKey", "The specified key does not exist.").response


def stored(found: StoredObject) -> Response:
    """The answer to an upload that is complete."""
    return Response(headers=_identity(found))


def object_headers(found: StoredObject) -> dict[str, str]:
    """Of the answer to a download; checksums are of the whole object, also where a part is sent."""
    return {
        **_identity(found),
        "Accept-Ranges": "bytes",
        "Content-Type": found.content_type,
        "Last-Modified": formatdate(found.created_at, usegmt=True),
    }


def _identity(found: StoredObject) -> dict[str, str]:
    return {
        "ETag": f'"{found.checksums.md5}"',
        "x-goog-generation": str(round(found.created_at * 1_000_000)),
        "x-goog-hash": found.checksums.header,
        "x-goog-stored-content-length": str(found.size),
    }
