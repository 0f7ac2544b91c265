"""File names that no system trips over, whatever came in."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mosaic_desktop.core.names import MAX_NAME_BYTES, numbered, safe_name
from tests.core.safety import assert_safe

any_text = st.text(st.characters(), max_size=400)
RESERVED = ["CON", "prn", "Aux", "nul", "com1", "COM¹", "lpt9", "CONIN$", "conout$"]


@given(any_text)
@example("../../etc/passwd")
@example("..\\..\\boot.ini")
@example("C:\\x")
@example("\u202egpj.exe")
@example("e\u0301" * 200)
@example("🎬" * 200)
@example("a" * 300 + ".mp4")
@example(". . .")
@example("\ud800")
@example("\ue000\U000e0001\ufffe")
def test_any_text_becomes_a_safe_name(text: str) -> None:
    assert_safe(safe_name(text))
    assert_safe(numbered(safe_name(text), 999))
    assert len(f"{safe_name(text)}.part".encode()) <= MAX_NAME_BYTES


@pytest.mark.parametrize("word", RESERVED)
@pytest.mark.parametrize("form", ["{}", "{}.mp4", " {} .mp4", "{}.tar.gz", "{}.", ".{}"])
def test_names_of_devices_are_avoided(word: str, form: str) -> None:
    name = safe_name(form.format(word))
    assert name.startswith("_")
    assert word in name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("holiday.mp4", "holiday.mp4"),
        ("a/b\\c", "a b c"),
        ("  many   spaces ", "many spaces"),
        ("Cafe\u0301", "Café"),
        ("", "video"),
        ("///", "video"),
        ("...", "video"),
        ("日本語 🎬", "日本語 🎬"),
        ("zero\u200bwidth", "zero width"),
        ("console.mp4", "console.mp4"),
    ],
)
def test_examples(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_the_number_stands_before_the_suffix() -> None:
    assert numbered("clip · Reframe.mp4", 2) == "clip · Reframe (2).mp4"
    assert numbered("clip", 2) == "clip (2)"
