"""Reading what a client sent: JSON bodies and their fields, with the contract's errors for anything wrong."""

import json
from uuid import UUID

from starlette.requests import Request

from mosaic_desktop.sandbox.errors import invalid

Fields = dict[str, object]
_MAX_BODY = 1024 * 1024


async def read_fields(request: Request) -> Fields:
    """The body as a JSON object; an empty body counts as `{}`. Raises 400 `validation_error`."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MAX_BODY:
            raise invalid("The body is larger than 1 MiB.")
    return parse_fields(bytes(body))


def parse_fields(body: bytes) -> Fields:
    try:
        value = json.loads(body.decode() or "{}", parse_constant=_refuse_constant)
        # Half of a surrogate pair is legal in JSON but cannot be stored or sent on.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise invalid("The body is not valid JSON.") from error
    if not isinstance(value, dict):
        raise invalid("The body must be a JSON object.")
    return value


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def text_field(fields: Fields, name: str) -> str:
    """A required, non-empty string."""
    value = optional_text(fields, name)
    if not value:
        raise invalid(f"The field '{name}' is required.")
    return value


def optional_text(fields: Fields, name: str) -> str | None:
    value = fields.get(name)
    if value is None or isinstance(value, str):
        return value
    raise invalid(f"The field '{name}' must be a text.")


def integer_field(fields: Fields, name: str) -> int:
    """A required whole number, which JSON may also write as 2048.0."""
    value = fields.get(name)
    if (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer()):
        return int(value)
    raise invalid(f"The field '{name}' must be a whole number.")


def flag_field(fields: Fields, name: str) -> bool:
    """An optional boolean, false by default."""
    value = fields.get(name)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise invalid(f"The field '{name}' must be true or false.")


def object_field(fields: Fields, name: str) -> Fields:
    """An optional object, empty by default."""
    value = fields.get(name)
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    raise invalid(f"The field '{name}' must be an object.")


def as_uuid(text: str) -> str | None:
    """The id in its usual writing, or None where it is no UUID."""
    try:
        return str(UUID(text))
    except ValueError:
        return None
