"""Drops and pastes in every form in which programs offer them."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl

from mosaic_desktop.gui.drop import Offered, describe, read_mime

LINK = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


def urls(*texts: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl(text) for text in texts])
    return mime


def text(words: str) -> QMimeData:
    mime = QMimeData()
    mime.setText(words)
    return mime


@pytest.mark.parametrize(
    ("mime", "found"),
    [
        (urls("file:///v/a%20film.mp4", "file:///v/day"), [Path("/v/a film.mp4"), Path("/v/day")]),
        (urls("file:///v/a.mp4", "file:///v/a.mp4"), [Path("/v/a.mp4")]),
        (urls(LINK), [LINK]),
        (urls("ftp://host/a.mp4"), []),
        (text(LINK), [LINK]),
        (text(f"look: {LINK} and https://youtu.be/dQw4w9WgXcQ"), [LINK, "https://youtu.be/dQw4w9WgXcQ"]),
        (text("youtu.be/dQw4w9WgXcQ"), ["youtu.be/dQw4w9WgXcQ"]),
        (text("/v/a.mp4\n/v/b c.mov\n"), [Path("/v/a.mp4"), Path("/v/b c.mov")]),
        (text("file:///v/a.mp4"), [Path("/v/a.mp4")]),
        (text("~/a.mp4"), [Path("~/a.mp4").expanduser()]),
        (text("just words"), []),
        (QMimeData(), []),
    ],
)
def test_reading(mime: QMimeData, found: list[Offered]) -> None:
    if found == [Path("~/a.mp4").expanduser()] or mime.text() == "~/a.mp4":
        found = [Path("~/a.mp4").expanduser()]  # the home of this test, not of the collection
    assert read_mime(mime) == found


@pytest.mark.parametrize(
    ("offered", "words"),
    [
        ([], ""),
        ([Path("a.mp4")], "Drop 1 video to add it"),
        ([Path("a.mp4"), Path("b.MOV"), Path("c.mkv")], "Drop 3 videos to add them"),
        ([Path("a.mp4"), Path("day"), LINK], "Drop 1 video, 1 folder and 1 link to add them"),
        ([Path("notes.txt")], "Drop 1 file to add it"),
    ],
)
def test_describing(offered: list[Offered], words: str) -> None:
    assert describe(offered) == words
