"""What all calls have in common: building their requests, reading their answers. No input or output happens here."""

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar
from urllib.parse import quote

from mosaic_desktop.api.errors import error_of, unreadable
from mosaic_desktop.api.fields import Fields, message
from mosaic_desktop.api.wire import Answer, Request, decode, encode
from mosaic_desktop.core.errors import Code, ProtocolError, ServiceError

T = TypeVar("T")


def post(path: str, fields: Mapping[str, object]) -> Request:
    return Request("POST", path, body=encode(fields))


def segment(identifier: str) -> str:
    """One part of a path. What could lead to another path is no id that the service knows."""
    if identifier in {"", ".", ".."}:
        raise ServiceError(Code.NOT_FOUND, "There is nothing with an empty id.")
    return quote(identifier.encode("utf-8", "replace"), safe="")


def read_success(answer: Answer, read: Callable[[Fields], T], parameters: Collection[str] = ()) -> T:
    """What ``read`` makes of a success. Raises MosaicError for everything else.

    ``parameters``: the names that were sent, for the field of a 422.
    """
    if not answer.succeeded:
        raise error_of(answer, parameters)
    try:
        fields = decode(answer.body)
    except ValueError:
        raise unreadable(answer, "The answer is not JSON.") from None
    if not isinstance(fields, dict):
        raise unreadable(answer, "The answer is not a JSON object.")
    try:
        return read(fields)
    except ProtocolError as error:
        raise unreadable(answer, error.detail) from None


def read_done(answer: Answer) -> Fields:
    """What a success says of a change. Raises ServiceError (INVALID_STATE) where it says that nothing was done."""
    fields = read_success(answer, lambda fields: fields)
    if fields.get("success") is False:
        raise ServiceError(Code.INVALID_STATE, message(fields, "message", "detail", "error"), status=answer.status)
    return fields
