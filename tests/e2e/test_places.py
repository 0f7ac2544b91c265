"""Places that are of no use: one sentence on the error stream, and never a traceback."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.program import Ended, call


def file_at(path: Path) -> Path:
    path.write_text("not a folder")
    return path


def one_sentence(ended: Ended) -> str:
    (line,) = ended.errors.splitlines()
    assert line.endswith((".", ")"))
    return line


@pytest.mark.parametrize("arguments", [("agents",), ("resume",), ("demo",), ("sandbox",), ()], ids=" ".join)
def test_a_data_folder_that_is_a_file_is_wrong_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ended = call(file_at(tmp_path / "file"), *arguments)
    assert (ended.code, ended.lines) == (2, ())
    assert "a file is in its place. Name another with --data-dir." in one_sentence(ended)


def test_programs_read_it_too(tmp_path: Path) -> None:
    ended = call(file_at(tmp_path / "file"), "agents", "--json")
    assert ended.code == 2
    (record,) = ended.records
    assert (record["event"], record["error"]) == ("failed", "data_folder_unusable")
    assert record["sentence"] == one_sentence(ended)


@pytest.mark.parametrize("command", [("run", "a.mp4", "--agent", "Reframe"), ("resume",), ("demo",)], ids=" ".join)
def test_an_output_folder_that_is_a_file_is_wrong_usage(tmp_path: Path, command: tuple[str, ...]) -> None:
    out = file_at(tmp_path / "out")
    ended = call(tmp_path / "data", *command, "--output-dir", str(out))
    assert ended.code == 2
    assert f"({out}: a file is in its place)" in one_sentence(ended)


def test_an_output_folder_of_the_settings_is_no_wrong_usage(tmp_path: Path) -> None:
    root = tmp_path / "data"
    root.mkdir()
    (root / "settings.json").write_text(json.dumps({"output_folder": str(file_at(tmp_path / "out"))}))
    ended = call(root, "run", "a.mp4", "--agent", "Reframe")
    assert (ended.code, ended.lines) == (1, ())
    assert "Name another with --output-dir." in one_sentence(ended)


def damaged_settings(root: Path) -> None:
    (root / "settings.json").write_text("{")


def unreadable_settings(root: Path) -> None:
    (root / "settings.json").mkdir()


def log_in_the_way(root: Path) -> None:
    file_at(root / "log")


def damaged_journal(root: Path) -> None:
    (root / "journal.sqlite").write_bytes(b"\xff" * 8192)


def journal_of_a_newer_version(root: Path) -> None:
    call(root, "resume")
    with closing(sqlite3.connect(root / "journal.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 1000")


@pytest.mark.parametrize(
    "harm", [damaged_settings, unreadable_settings, log_in_the_way, damaged_journal, journal_of_a_newer_version]
)
def test_what_can_be_done_without_is_told_and_no_end(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    harm(tmp_path)
    ended = call(tmp_path, "resume")
    assert (ended.code, ended.lines) == (0, ("There is nothing unfinished.",))
    one_sentence(ended)


def test_a_journal_that_cannot_be_kept_ends_the_command(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").mkdir()
    ended = call(tmp_path, "resume")
    assert (ended.code, ended.lines) == (1, ())
    one_sentence(ended)
