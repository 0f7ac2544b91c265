"""An agent's parameters: fields for a form, read from its schema, and values typed as text.

Reads the part of JSON Schema that ``parameters_schema`` uses: an object of properties with type, title, description,
default, minimum, maximum, multipleOf, enum, ``x-enum-titles``, ``x-unit`` and ``format: color``. What it does not
understand becomes a text field, so that no parameter is out of reach.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mosaic_desktop.core.run import ParameterValue


class FieldKind(StrEnum):
    INTEGER = "integer"
    NUMBER = "number"
    CHOICE = "choice"
    SWITCH = "switch"
    COLOR = "color"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter. ``minimum`` and ``maximum`` are inclusive; ``choices`` pairs each value with its title."""

    name: str
    kind: FieldKind
    title: str
    description: str = ""
    default: ParameterValue | None = None
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    unit: str = ""
    choices: tuple[tuple[ParameterValue, str], ...] = ()


def fields_of(schema: Mapping[str, Any] | None) -> tuple[Field, ...]:
    """The fields of a schema in its own order; empty where there is none."""
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    if not isinstance(properties, Mapping):
        return ()
    return tuple(_field(str(name), spec) for name, spec in properties.items() if isinstance(spec, Mapping))


def _field(name: str, spec: Mapping[str, Any]) -> Field:
    default = spec.get("default")
    return Field(
        name=name,
        kind=_kind(spec),
        title=str(spec.get("title") or name.replace("_", " ").capitalize()),
        description=str(spec.get("description") or ""),
        default=default if isinstance(default, str | int | float | bool) else None,
        minimum=_number(spec.get("minimum")),
        maximum=_number(spec.get("maximum")),
        step=_number(spec.get("multipleOf")),
        unit=str(spec.get("x-unit") or ""),
        choices=_choices(spec),
    )


def _kind(spec: Mapping[str, Any]) -> FieldKind:
    if _choices(spec):
        return FieldKind.CHOICE
    if spec.get("format") == "color":
        return FieldKind.COLOR
    simple = {"integer": FieldKind.INTEGER, "number": FieldKind.NUMBER, "boolean": FieldKind.SWITCH}
    word = spec.get("type")
    return simple.get(word, FieldKind.TEXT) if isinstance(word, str) else FieldKind.TEXT


def _choices(spec: Mapping[str, Any]) -> tuple[tuple[ParameterValue, str], ...]:
    values = spec.get("enum")
    if not isinstance(values, list) or not all(isinstance(v, str | int | float | bool) for v in values):
        return ()
    titles = spec.get("x-enum-titles")
    named = titles if isinstance(titles, list) and len(titles) == len(values) else values
    return tuple((value, str(title)) for value, title in zip(values, named, strict=True))


def _number(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:  # a whole number that is larger than any float
        return None


def typed_value(text: str) -> ParameterValue:
    """What a person means by ``text``: a number, true or false, else the text itself (quotes force text)."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if isinstance(value, float) and not math.isfinite(value):
        return text  # JSON has no such numbers, though Python reads and writes them
    return value if isinstance(value, str | int | float | bool) else text


def parse_assignment(text: str) -> tuple[str, ParameterValue]:
    """``NAME=VALUE`` of a command line. Raises ValueError with a sentence."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ValueError(f"A parameter is written NAME=VALUE, not “{text}”.")
    return name.strip(), typed_value(value.strip())
