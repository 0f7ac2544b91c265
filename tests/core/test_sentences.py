"""Every problem in words for people."""

import re
from pathlib import Path

import pytest

from mosaic_desktop.core.errors import Code, LocalFileError, Problem
from mosaic_desktop.core.limits import MAX_UPLOAD_BYTES, check_size, content_type, looks_like_video
from mosaic_desktop.core.sentences import UNCONFIRMED, sentence


@pytest.mark.parametrize("code", Code)
def test_every_code_has_a_sentence(code: Code) -> None:
    text = sentence(Problem(code))
    assert re.fullmatch(r"[A-Z].{8,180}\.", text)
    assert code.value not in text or " " not in code.value.replace("_", " ")
    assert "_" not in text


@pytest.mark.parametrize("code", Code)
def test_details_do_not_break_sentences(code: Code) -> None:
    assert sentence(Problem(code, "The fan is too loud.")).endswith((".", ")"))


def test_where_the_service_says_more_its_sentence_stands() -> None:
    assert sentence(Problem(Code.OUT_OF_RANGE, "aspect must be 9:16 or 1:1.")) == "aspect must be 9:16 or 1:1."
    assert sentence(Problem(Code.INVALID_KEY, "bad key")).startswith("Mosaic does not accept this API key.")


def test_a_reason_of_the_systems_is_added() -> None:
    assert sentence(Problem(Code.FOLDER_UNWRITABLE, "read-only file system")).endswith("(read-only file system)")


def test_a_code_of_a_later_service_is_told_in_its_words() -> None:
    assert sentence(Problem("quota_paused", "Your plan is paused.")) == "Your plan is paused."
    assert "quota_paused" in sentence(Problem("quota_paused"))


def test_an_unconfirmed_run_tells_of_the_money() -> None:
    assert "may charge twice" in UNCONFIRMED


@pytest.mark.parametrize(
    ("size", "code"),
    [
        (0, Code.FILE_EMPTY),
        (1, Code.FILE_TOO_SMALL),
        (1023, Code.FILE_TOO_SMALL),
        (1024, None),
        (6_000_000_000, None),
        (MAX_UPLOAD_BYTES, None),
        (MAX_UPLOAD_BYTES + 1, Code.FILE_TOO_LARGE),
    ],
)
def test_sizes_the_service_takes(size: int, code: Code | None) -> None:
    if code is None:
        check_size(size)
    else:
        with pytest.raises(LocalFileError) as caught:
            check_size(size)
        assert caught.value.code == code


def test_types_and_what_is_taken_from_folders() -> None:
    assert content_type("CLIP.MOV") == "video/quicktime"
    assert content_type("clip") == "video/mp4"
    assert looks_like_video(Path("/films/Clip.MKV"))
    assert not looks_like_video(Path("/films/.hidden.mp4"))
    assert not looks_like_video(Path("/films/notes.txt"))
