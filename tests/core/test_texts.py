"""Text files in the encodings in which people have them."""

import os
from pathlib import Path

import pytest

from mosaic_desktop.core.texts import MOST_BYTES, read_text

WORDS = "1\n00:00:01,000 --> 00:00:02,000\nÇa va?\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_text_is_read_in_its_own_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "words.srt"
    file.write_bytes(WORDS.encode(encoding))
    assert read_text(file) == WORDS


def test_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "words.srt"
    file.write_bytes(b"one\r\ntwo\n\n")
    assert read_text(file) == "one\r\ntwo\n\n"


def test_the_largest_text_is_read_and_a_larger_one_is_not(tmp_path: Path) -> None:
    file = tmp_path / "words.srt"
    file.write_bytes(b"a" * MOST_BYTES)
    assert len(read_text(file)) == MOST_BYTES
    file.write_bytes(b"a" * (MOST_BYTES + 1))
    with pytest.raises(ValueError, match=r"^words\.srt is larger than 4 MB, too large for a text\.$"):
        read_text(file)


def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^There is no file gone\.srt\.$"):
        read_text(tmp_path / "gone.srt")
    with pytest.raises(ValueError, match=r" is not a file\.$"):
        read_text(tmp_path)
    os.mkfifo(tmp_path / "pipe.srt")
    with pytest.raises(ValueError, match=r"^pipe\.srt is not a file\.$"):
        read_text(tmp_path / "pipe.srt")
    (tmp_path / "film.txt").write_bytes(b"\0\0\0 ftypisom")
    with pytest.raises(ValueError, match=r"^film\.txt is not a text\.$"):
        read_text(tmp_path / "film.txt")
    with pytest.raises(ValueError, match=r" cannot be read: File name too long\.$"):
        read_text(tmp_path / f"{'a' * 300}.srt")
