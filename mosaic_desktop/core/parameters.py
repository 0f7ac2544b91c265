"""An agent's parameters: fields for a form, read from its schema, and values typed as text.

Reads the part of JSON Schema that ``parameters_schema`` uses: an object of properties with type, title, description,
default, minimum, maximum (also exclusive ones), multipleOf, maxLength, enum, ``x-enum-titles``, ``x-unit``,
``format: color`` and ``format: multiline``, and which of them are required. What it does not understand becomes a field
for a typed value, so that no parameter is out of reach.
"""

import json
import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from mosaic_desktop.core.run import ParameterValue

_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
_ONE_LINE = 500
"""Characters beyond which nobody writes a text on one line."""


class FieldKind(StrEnum):
    INTEGER = "integer"
    NUMBER = "number"
    CHOICE = "choice"
    SWITCH = "switch"
    COLOR = "color"
    TEXT = "text"
    LONG_TEXT = "long text"  # of many lines
    VALUE = "value"  # of a type that the schema does not tell: what is typed decides


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter. ``minimum`` and ``maximum`` are inclusive; ``choices`` pairs each value with its title;
    ``max_length`` of a text counts characters.

    ``default`` is of the field's kind and within its bounds. Without one, a field that is not ``required`` may stay
    unset, which leaves the parameter to the agent.
    """

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
    required: bool = False
    max_length: int | None = None

    def excess(self, text: str) -> str:
        """Why ``text`` is too long for this field; empty where it is not."""
        if self.max_length is None or len(text) <= self.max_length:
            return ""
        return f"At most {self.max_length:,} characters, not {len(text):,}"


def fields_of(schema: Mapping[str, Any] | None) -> tuple[Field, ...]:
    """The fields of a schema in its own order; empty where there is none."""
    if not isinstance(schema, Mapping) or not isinstance(properties := schema.get("properties"), Mapping):
        return ()
    listed = schema.get("required")
    required = listed if isinstance(listed, list) else []
    return tuple(_field(str(name), spec, required) for name, spec in properties.items() if isinstance(spec, Mapping))


def _field(name: str, spec: Mapping[str, Any], required: Collection[object]) -> Field:
    kind = _kind(spec)
    minimum, maximum = _bounds(spec, kind)
    step = _number(spec.get("multipleOf"))
    field = Field(
        name=name,
        kind=kind,
        title=str(spec.get("title") or name.replace("_", " ").capitalize()),
        description=str(spec.get("description") or ""),
        minimum=minimum,
        maximum=maximum,
        step=step if step is not None and step > 0 else None,
        unit=str(spec.get("x-unit") or ""),
        choices=_choices(spec),
        required=name in required,
        max_length=_max_length(spec) if kind in {FieldKind.TEXT, FieldKind.LONG_TEXT} else None,
    )
    return replace(field, default=shown_value(spec.get("default"), field))


def _kind(spec: Mapping[str, Any]) -> FieldKind:
    if _choices(spec):
        return FieldKind.CHOICE
    if spec.get("format") == "color":
        return FieldKind.COLOR
    simple = {
        "integer": FieldKind.INTEGER,
        "number": FieldKind.NUMBER,
        "boolean": FieldKind.SWITCH,
        "string": FieldKind.TEXT,
    }
    word = spec.get("type")
    if isinstance(word, list):  # such as ["integer", "null"]: may also stay unset
        named = [each for each in word if each != "null"]
        word = named[0] if len(named) == 1 else None
    kind = simple.get(word, FieldKind.VALUE) if isinstance(word, str) else FieldKind.VALUE
    long = spec.get("format") == "multiline" or (_max_length(spec) or 0) > _ONE_LINE
    return FieldKind.LONG_TEXT if kind is FieldKind.TEXT and long else kind


def _max_length(spec: Mapping[str, Any]) -> int | None:
    length = _number(spec.get("maxLength"))
    return int(length) if length is not None and length >= 0 else None


def _bounds(spec: Mapping[str, Any], kind: FieldKind) -> tuple[float | None, float | None]:
    """Inclusive ends. Of a fraction whose end is exclusive the end itself is let through; the service refuses it."""
    low, high = _number(spec.get("minimum")), _number(spec.get("maximum"))
    above, below = _number(spec.get("exclusiveMinimum")), _number(spec.get("exclusiveMaximum"))
    if kind is FieldKind.INTEGER:
        low, high = _whole(low, math.ceil), _whole(high, math.floor)
        above = None if above is None else math.floor(above) + 1.0
        below = None if below is None else math.ceil(below) - 1.0
    minimum = max((end for end in (low, above) if end is not None), default=None)
    maximum = min((end for end in (high, below) if end is not None), default=None)
    if minimum is not None and maximum is not None and minimum > maximum:
        return None, None  # nothing could be entered; the service knows better
    return minimum, maximum


def shown_value(value: object, field: Field) -> ParameterValue | None:
    """``value`` as the form can show it, else None: what a run is given must be what the form says."""
    match field.kind:
        case FieldKind.INTEGER | FieldKind.NUMBER:
            number = _number(value)
            if number is None or not isinstance(value, int | float):
                return None
            low = -math.inf if field.minimum is None else field.minimum
            high = math.inf if field.maximum is None else field.maximum
            near = value if low <= number <= high else min(max(number, low), high)
            return round(near) if field.kind is FieldKind.INTEGER else near
        case FieldKind.CHOICE:
            chosen = (choice for choice, _ in field.choices if choice == value and type(choice) is type(value))
            return next(chosen, None)
        case FieldKind.SWITCH:
            return value if isinstance(value, bool) else None
        case FieldKind.COLOR:
            return value if isinstance(value, str) and _COLOR.fullmatch(value) else None
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            return str(value) if isinstance(value, str | int | float) else None
        case FieldKind.VALUE:
            return value if isinstance(value, str | int | float | bool) else None


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


def _whole(value: float | None, rounded: Callable[[float], int]) -> float | None:
    return None if value is None else float(rounded(value))


def typed_value(text: str) -> ParameterValue:
    """What a person means by ``text``: a number, true or false, else the text itself (quotes force text)."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if isinstance(value, float) and not math.isfinite(value):
        return text  # JSON has no such numbers, though Python reads and writes them
    return value if isinstance(value, str | int | float | bool) else text


def typed_text(value: ParameterValue) -> str:
    """``value`` as a person would type it: text without quotes, unless they are what makes it text."""
    if isinstance(value, str) and typed_value(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def parse_assignment(text: str) -> tuple[str, ParameterValue]:
    """``NAME=VALUE`` of a command line. Raises ValueError with a sentence."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ValueError(f"A parameter is written NAME=VALUE, not “{text}”.")
    return name.strip(), typed_value(value.strip())
