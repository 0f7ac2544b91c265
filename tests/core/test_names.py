"""File names that no system trips over, whatever came in."""

import re
import unicodedata
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mosaic_desktop.core.names import MAX_NAME_BYTES, numbered, output_name, safe_name, safe_suffix

any_text = st.text(st.characters(), max_size=400)
DEVICE = re.compile(r"(?i)con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]")
RESERVED = ["CON", "prn", "Aux", "nul", "com1", "COM¹", "lpt9", "CONIN$", "conout$"]


def assert_safe(name: str) -> None:
    assert name
    assert len(name.encode()) <= MAX_NAME_BYTES
    assert not set(name) & set('<>:"/\\|?*\0\r\n\t')
    assert name.isprintable()
    assert name not in {".", ".."}
    assert name == name.strip()
    assert not name.startswith(".")
    assert not name.endswith(".")
    assert Path(name).name == name == PureWindowsPath(name).name
    assert not DEVICE.fullmatch(name.partition(".")[0].strip())
    assert unicodedata.is_normalized("NFC", name)


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


@given(any_text, any_text, st.integers(0, 99), any_text)
def test_any_output_has_a_safe_name(source: str, agent: str, index: int, suffix: str) -> None:
    name = output_name(source, agent, index, suffix)
    assert_safe(name)
    assert_safe(numbered(name, 999))
    assert " · " in name
    assert Path(name).suffix == safe_suffix(suffix)
    assert len(f"{numbered(name, 999)}.part".encode()) <= MAX_NAME_BYTES


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


@pytest.mark.parametrize(
    ("index", "suffix", "name"),
    [
        (0, ".mp4", "clip · Reframe.mp4"),
        (1, ".MOV", "clip · Reframe 2.mov"),
        (0, "/../x", "clip · Reframe.mp4"),
        (0, "", "clip · Reframe.mp4"),
    ],
)
def test_outputs_are_told_apart(index: int, suffix: str, name: str) -> None:
    assert output_name("clip", "Reframe", index, suffix) == name


def test_a_wish_as_long_as_a_page_leaves_room_for_the_film() -> None:
    assert output_name("clip", "make it shorter " * 50, 0).startswith("clip · make it shorter")


def test_the_number_stands_before_the_suffix() -> None:
    assert numbered("clip · Reframe.mp4", 2) == "clip · Reframe (2).mp4"
    assert numbered("clip", 2) == "clip (2)"
