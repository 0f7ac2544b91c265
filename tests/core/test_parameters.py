"""Forms from schemas, and values from typed text."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosaic_desktop.core.parameters import Field, FieldKind, fields_of, parse_assignment, typed_value
from mosaic_desktop.core.run import ParameterValue

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "target_lufs": {"type": "number", "minimum": -40, "maximum": -5, "default": -14, "x-unit": "LUFS"},
        "min_silence_ms": {
            "type": "integer",
            "title": "Shortest silence",
            "multipleOf": 50,
            "description": "In ms.",
        },
        "denoise": {"type": "boolean", "default": True},
        "aspect": {"enum": ["9:16", "1:1"], "x-enum-titles": ["Portrait", "Square"], "default": "9:16"},
        "background": {"type": "string", "format": "color", "default": "#000000"},
        "caption": {"type": "string"},
        "odd": {"type": ["integer", "null"], "default": [1], "minimum": "low", "maximum": True},
    },
}


def test_fields_come_in_the_order_of_the_schema_with_all_it_says() -> None:
    assert fields_of(SCHEMA) == (
        Field("target_lufs", FieldKind.NUMBER, "Target lufs", default=-14, minimum=-40, maximum=-5, unit="LUFS"),
        Field("min_silence_ms", FieldKind.INTEGER, "Shortest silence", "In ms.", step=50),
        Field("denoise", FieldKind.SWITCH, "Denoise", default=True),
        Field("aspect", FieldKind.CHOICE, "Aspect", default="9:16", choices=(("9:16", "Portrait"), ("1:1", "Square"))),
        Field("background", FieldKind.COLOR, "Background", default="#000000"),
        Field("caption", FieldKind.TEXT, "Caption"),
        Field("odd", FieldKind.TEXT, "Odd"),
    )


@pytest.mark.parametrize(
    "schema", [None, {}, {"properties": None}, {"properties": []}, {"properties": {"a": 3}}, {"type": "object"}]
)
def test_without_properties_there_are_no_fields(schema: Any) -> None:  # noqa: ANN401
    assert fields_of(schema) == ()


@pytest.mark.parametrize(
    ("values", "titles", "choices"),
    [
        ([1, 2.5, True, "x"], None, ((1, "1"), (2.5, "2.5"), (True, "True"), ("x", "x"))),
        (["a", "b"], ["only one"], (("a", "a"), ("b", "b"))),
        (["a"], "no list", (("a", "a"),)),
        (["a", None], None, ()),
        ([], None, ()),
        ("ab", None, ()),
    ],
)
def test_choices(values: Any, titles: Any, choices: object) -> None:  # noqa: ANN401
    (field,) = fields_of({"properties": {"p": {"enum": values, "x-enum-titles": titles}}})
    assert field.choices == choices
    assert field.kind == (FieldKind.CHOICE if choices else FieldKind.TEXT)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
known = st.sampled_from(
    ["type", "title", "description", "default", "minimum", "maximum", "multipleOf", "enum", "x-enum-titles", "format"]
)


@given(st.dictionaries(st.text(max_size=8), st.dictionaries(known, json_values, max_size=6), max_size=4))
def test_no_schema_is_too_odd_and_no_parameter_out_of_reach(properties: dict[str, Any]) -> None:
    assert [field.name for field in fields_of({"properties": properties})] == list(properties)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("-14.5", -14.5),
        ("1e3", 1000.0),
        ("true", True),
        ("false", False),
        ("True", "True"),
        ('"3"', "3"),
        ("9:16", "9:16"),
        ("#ff0000", "#ff0000"),
        ("", ""),
        ("null", "null"),
        ("[1]", "[1]"),
        ('{"a": 1}', '{"a": 1}'),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("-Infinity", "-Infinity"),
        ("1e999", "1e999"),
        ("007", "007"),
        ("[" * 100_000, "[" * 100_000),
        ("9" * 5000, "9" * 5000),
    ],
    ids=lambda value: str(value)[:12],
)
def test_typed_values(text: str, value: ParameterValue) -> None:
    found = typed_value(text)
    assert found == value
    assert type(found) is type(value)


@given(st.text(max_size=50))
def test_a_typed_value_can_always_be_sent(text: str) -> None:
    json.dumps(typed_value(text), allow_nan=False)


@given(st.one_of(st.integers(-(2**53), 2**53), st.booleans(), st.floats(allow_nan=False, allow_infinity=False)))
def test_numbers_come_back_as_they_were(value: ParameterValue) -> None:
    found = typed_value(json.dumps(value))
    assert found == value
    assert not isinstance(found, float) or math.isfinite(found)


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("a=1", ("a", 1)),
        (" a = x ", ("a", "x")),
        ("a=b=c", ("a", "b=c")),
        ("a=", ("a", "")),
        ("caption=Hello, you", ("caption", "Hello, you")),
    ],
)
def test_assignments(text: str, pair: tuple[str, ParameterValue]) -> None:
    assert parse_assignment(text) == pair


@pytest.mark.parametrize("text", ["", "a", "=1", "  =1"])
def test_what_is_no_assignment_is_told_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="written NAME=VALUE"):
        parse_assignment(text)
