"""Forms from schemas, and values from typed text."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosaic_desktop.core.parameters import Field, FieldKind, fields_of, parse_assignment, typed_text, typed_value
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
        Field("odd", FieldKind.INTEGER, "Odd"),
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
    assert field.kind == (FieldKind.CHOICE if choices else FieldKind.VALUE)


def the_field(**spec: object) -> Field:
    (field,) = fields_of({"properties": {"p": spec}, "required": ["p"]})
    return field


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("string", FieldKind.TEXT),
        (["number", "null"], FieldKind.NUMBER),
        (["null", "boolean"], FieldKind.SWITCH),
        (["string", "number"], FieldKind.VALUE),
        ("object", FieldKind.VALUE),
        ("array", FieldKind.VALUE),
        ("timecode", FieldKind.VALUE),
        (None, FieldKind.VALUE),
        ([[], {}], FieldKind.VALUE),
        (7, FieldKind.VALUE),
    ],
)
def test_what_a_type_is_entered_with(word: object, kind: FieldKind) -> None:
    assert the_field(type=word).kind is kind


def test_what_must_be_given_is_known() -> None:
    schema = {"properties": {"a": {}, "b": {}}, "required": ["b", {}, 3]}
    assert [(field.name, field.required) for field in fields_of(schema)] == [("a", False), ("b", True)]
    assert not any(field.required for field in fields_of({"properties": {"a": {}}, "required": "a"}))


@pytest.mark.parametrize(
    ("spec", "default"),
    [
        ({"type": "number", "minimum": -36, "maximum": -9, "default": -200}, -36),
        ({"type": "number", "minimum": -36, "maximum": -9, "default": 0}, -9),
        ({"type": "integer", "minimum": 10, "default": 3}, 10),
        ({"type": "integer", "default": 2.6}, 3),
        ({"type": "integer", "default": "7"}, None),
        ({"type": "number", "default": True}, None),
        ({"type": "boolean", "default": "yes"}, None),
        ({"format": "color", "default": "yellowish"}, None),
        ({"format": "color", "default": "#12345"}, None),
        ({"enum": ["a", "b"], "default": "c"}, None),
        ({"enum": [1, 2], "default": True}, None),
        ({"enum": [0, 1], "default": 1}, 1),
        ({"type": "string", "default": 7}, "7"),
        ({"type": "string", "default": ["a"]}, None),
        ({"default": 7}, 7),
    ],
    ids=str,
)
def test_a_default_is_one_that_the_form_can_show(spec: dict[str, object], default: object) -> None:
    found = the_field(**spec).default
    assert found == default
    assert isinstance(found, bool) == isinstance(default, bool)


@pytest.mark.parametrize(
    ("spec", "bounds"),
    [
        ({"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 10}, (1, 9)),
        ({"type": "integer", "exclusiveMinimum": 0.5, "maximum": 10.5}, (1, 10)),
        ({"type": "integer", "minimum": 3, "exclusiveMinimum": 0}, (3, None)),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 2}, (0, 2)),
        ({"type": "number", "minimum": 5, "maximum": 2}, (None, None)),
        ({"type": "number", "minimum": 5, "maximum": 5}, (5, 5)),
    ],
    ids=str,
)
def test_bounds(spec: dict[str, object], bounds: object) -> None:
    field = the_field(**spec)
    assert (field.minimum, field.maximum) == bounds


@pytest.mark.parametrize("step", [0, -1, "x", None])
def test_a_step_that_leads_nowhere_is_none(step: object) -> None:
    assert the_field(type="number", multipleOf=step).step is None


@pytest.mark.parametrize(
    ("spec", "kind", "most"),
    [
        ({"maxLength": 500}, FieldKind.TEXT, 500),
        ({"maxLength": 501}, FieldKind.LONG_TEXT, 501),
        ({"maxLength": 80, "format": "multiline"}, FieldKind.LONG_TEXT, 80),
        ({"format": "multiline"}, FieldKind.LONG_TEXT, None),
        ({"maxLength": -1}, FieldKind.TEXT, None),
        ({"maxLength": "long"}, FieldKind.TEXT, None),
        ({"maxLength": 9000, "enum": ["a", "b"]}, FieldKind.CHOICE, None),
        ({"maxLength": 9000, "type": "integer"}, FieldKind.INTEGER, None),
    ],
    ids=str,
)
def test_a_text_of_many_characters_is_one_of_many_lines(
    spec: dict[str, object], kind: FieldKind, most: int | None
) -> None:
    field = the_field(**{"type": "string", "default": "a", **spec})
    assert (field.kind, field.max_length) == (kind, most)


def test_a_text_that_is_too_long_is_told_in_words() -> None:
    field = the_field(type="string", maxLength=1000)
    assert field.excess("\n" * 1000) == ""
    assert field.excess("é" * 1001) == "At most 1,000 characters, not 1,001"
    assert the_field(type="string").excess("a" * 10_000) == ""


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
known = st.sampled_from(
    [
        *("type", "title", "description", "default", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        *("multipleOf", "maxLength", "enum", "x-enum-titles", "format"),
    ]
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


@given(st.text(max_size=50) | st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_shown_of_a_value_means_that_value(value: ParameterValue) -> None:
    found = typed_value(typed_text(value))
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("value", "text"), [("karaoke", "karaoke"), ("3", '"3"'), (3, "3"), (True, "true"), ("true", '"true"')]
)
def test_text_has_quotes_only_where_they_make_it_text(value: ParameterValue, text: str) -> None:
    assert typed_text(value) == text


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
