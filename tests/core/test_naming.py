"""How finished files are called, whatever the template, the source and the agent are."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosaic_desktop.core.names import MAX_NAME_BYTES, numbered, safe_suffix
from mosaic_desktop.core.naming import DEFAULT_TEMPLATE, FIELDS, NameFacts, mirrored, render_name, template_fault
from tests.core.safety import assert_safe

RENDERED_AT = datetime(2026, 11, 25, 14, 5)
any_text = st.text(st.characters(), max_size=400)
templates = st.lists(st.sampled_from([*(f"{{{name}}}" for name in FIELDS), " ", "-", "x" * 80, "é", "."]), max_size=8)


def _facts(source: str, agent: str, index: int = 0, suffix: str = ".mp4", run: str = "7f8d9c2b-4a6e") -> NameFacts:
    return NameFacts(source, agent, RENDERED_AT, run, index, suffix)


@given(templates.map("".join), any_text, any_text, st.integers(0, 99), any_text, any_text)
def test_any_output_has_a_safe_name(template: str, source: str, agent: str, index: int, suffix: str, run: str) -> None:
    name = render_name(template, _facts(source, agent, index, suffix, run))
    assert_safe(name)
    assert_safe(numbered(name, 999))
    assert Path(name).suffix == safe_suffix(suffix)
    assert len(f"{numbered(name, 999)}.part".encode()) <= MAX_NAME_BYTES


@pytest.mark.parametrize(
    ("template", "index", "suffix", "name"),
    [
        (DEFAULT_TEMPLATE, 0, ".mp4", "clip · Reframe.mp4"),
        (DEFAULT_TEMPLATE, 1, ".MOV", "clip · Reframe 2.mov"),
        (DEFAULT_TEMPLATE, 0, "/../x", "clip · Reframe.mp4"),
        (DEFAULT_TEMPLATE, 0, "", "clip · Reframe.mp4"),
        ("{date} {source}-{n}", 1, ".mp4", "2026-11-25 clip-2.mp4"),
        ("{source} {time} {run}", 0, ".mp4", "clip 14-05 7f8d9c2b.mp4"),
        ("final", 2, ".mp4", "final 3.mp4"),
        ("nul", 0, ".mp4", "_nul.mp4"),
        ("{nothing}", 0, ".mp4", "clip · Reframe.mp4"),
        ("", 0, ".mp4", "clip · Reframe.mp4"),
    ],
)
def test_templates(template: str, index: int, suffix: str, name: str) -> None:
    assert render_name(template, _facts("clip", "Reframe", index, suffix)) == name


def test_a_source_with_an_endless_name_keeps_its_beginning_and_the_rest_of_the_template() -> None:
    name = render_name("{source} {source} {date}", _facts("talk " * 100, "Reframe"))
    assert name.startswith("talk talk")
    assert name.endswith("2026-11-25.mp4")


def test_a_wish_as_long_as_a_page_leaves_room_for_the_film() -> None:
    assert render_name(DEFAULT_TEMPLATE, _facts("clip", "make it shorter " * 50)).startswith("clip · make it shorter")


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("{source} {n}", None),
        ("{sources}", "There is no {sources}."),
        ("{source", "no partner"),
        ("source}", "no partner"),
        ("{agent}/{source}", "slash"),
        ("  ", "empty"),
    ],
)
def test_faults_are_told_to_the_writer(template: str, fault: str | None) -> None:
    told = template_fault(template)
    assert told == fault if fault is None else fault in (told or "")


@pytest.mark.parametrize(
    ("subfolder", "folder"),
    [
        (None, "/out"),
        (Path("day 1/cam A"), "/out/day 1/cam A"),
        (Path("../../etc"), "/out/etc"),
        (Path("/etc"), "/out"),
        (Path("a:b/con"), "/out/a b/_con"),
    ],
)
def test_folders_are_mirrored_below_the_output_folder(subfolder: Path | None, folder: str) -> None:
    assert mirrored(Path("/out"), subfolder) == Path(folder)
