"""Reading the fields of a JSON object from outside: present and of the right type, or a typed error, or a default."""

import math
from collections.abc import Mapping
from typing import Any

from mosaic_desktop.core.errors import Code, ProtocolError
from mosaic_desktop.core.secrets import redact

Fields = Mapping[str, Any]

_LONGEST_MESSAGE = 2000  # characters


def required_text(fields: Fields, name: str) -> str:
    """Raises ProtocolError where ``name`` is no text or empty."""
    value = text(fields, name)
    if not value:
        raise ProtocolError(Code.UNREADABLE_ANSWER, f"The answer has no usable “{name}”.")
    return value


def required_objects(fields: Fields, name: str) -> tuple[Fields, ...]:
    """The objects in the list ``name``; entries of another type are left out. Raises ProtocolError."""
    value = fields.get(name)
    if not isinstance(value, list):
        raise ProtocolError(Code.UNREADABLE_ANSWER, f"The answer has no list “{name}”.")
    return tuple(entry for entry in value if isinstance(entry, dict))


def objects(fields: Fields, name: str) -> tuple[Fields, ...]:
    return required_objects(fields, name) if isinstance(fields.get(name), list) else ()


def text(fields: Fields, name: str) -> str:
    """Without white space around it; empty where it is missing or no text."""
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


def optional_text(fields: Fields, name: str) -> str | None:
    return text(fields, name) or None


def number(fields: Fields, name: str) -> int | float | None:
    """A finite number; None for everything else."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:  # a whole number beyond what a float can hold
        return None


def count(fields: Fields, name: str) -> int | None:
    """A whole number from 0 to 2^63-1; None for everything else."""
    value = number(fields, name)
    return int(value) if value is not None and 0 <= value < 2**63 and value == int(value) else None


def message(fields: Fields, *names: str) -> str:
    """The first sentence among ``names``; an object may carry it as ``message`` or ``detail``.

    Sentences are shown and kept, so what is secret in them is taken out, and what is endless cut.
    """
    for name in names:
        value = fields.get(name)
        found = text(value, "message") or text(value, "detail") if isinstance(value, dict) else text(fields, name)
        if found:
            return redact(found[:_LONGEST_MESSAGE])
    return ""
