"""Which addresses are single YouTube videos, and which are resumable sessions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosaic_desktop.core.links import is_session, youtube_file_id, youtube_id
from mosaic_desktop.core.secrets import Secret

VIDEO = "dQw4w9WgXcQ"


@pytest.mark.parametrize(
    "link",
    [
        "https://www.youtube.com/watch?v={}",
        "http://youtube.com/watch?v={}",
        "https://m.youtube.com/watch?v={}&feature=share",
        "https://music.youtube.com/watch?v={}&list=RD",
        "https://www.youtube.com/watch?list=PL1&index=3&v={}",
        "https://www.youtube.com/watch?v={}#t=30",
        "https://youtu.be/{}",
        "https://youtu.be/{}?si=abcdef",
        "https://youtu.be/{}/",
        "https://www.youtube.com/shorts/{}",
        "https://www.youtube.com/shorts/{}?feature=share",
        "https://www.youtube.com/live/{}?si=x",
        "https://www.youtube.com/embed/{}",
        "https://www.youtube-nocookie.com/embed/{}?rel=0",
        "https://www.youtube.com/v/{}",
        "youtube.com/watch?v={}",
        "www.youtube.com/watch?v={}",
        "youtu.be/{}",
        "youtu.be/{}?next=https://example.org",
        "  https://youtu.be/{}\n",
        "HTTPS://YouTube.com/watch?v={}",
        "https://www.youtube.com:443/watch?v={}",
        "www.youtube.com:443/watch?v={}",
    ],
)
def test_every_usual_form_is_understood(link: str) -> None:
    assert youtube_id(link.format(VIDEO)) == VIDEO


@pytest.mark.parametrize(
    "link",
    [
        "",
        "   ",
        VIDEO,
        "hello",
        "https://www.youtube.com/",
        "https://www.youtube.com/playlist?list=PLrAXtmErZgOeiKm4sgNOknGvNjby9efdf",
        "https://www.youtube.com/@someone",
        "https://www.youtube.com/channel/UCuAXFkgsw1L7xaCfnd5JJOw",
        "https://www.youtube.com/results?search_query=" + VIDEO,
        "https://www.youtube.com/watch?v=tooshort",
        "https://www.youtube.com/watch?v=" + VIDEO + "x",
        "https://www.youtube.com/watch?v=dQw4w9WgXc/",
        "https://youtu.be/../../etc",
        "https://vimeo.com/76979871",
        "https://evil.invalid/watch?v=" + VIDEO,
        "https://youtube.com@evil.invalid/watch?v=" + VIDEO,
        "https://youtube.com.evil.invalid/watch?v=" + VIDEO,
        "https://notyoutube.com/watch?v=" + VIDEO,
        "https://evil.invalid/https://youtu.be/" + VIDEO,
        "ftp://youtube.com/watch?v=" + VIDEO,
        "javascript:alert(1)//youtu.be/" + VIDEO,
        "file:///youtu.be/" + VIDEO,
        "https://[::1/watch?v=" + VIDEO,
        "https://youtu․be/" + VIDEO,
    ],
)
def test_nothing_else_is(link: str) -> None:
    assert youtube_id(link) is None


@given(st.text(max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    for link in (text, f"https://{text}", f"https://youtu.be/{text}", f"https://www.youtube.com/watch?v={text}"):
        found = youtube_id(link)
        assert found is None or (len(found) == 11 and found.isascii())


def test_file_id() -> None:
    assert youtube_file_id(VIDEO) == "youtube_dQw4w9WgXcQ"


@pytest.mark.parametrize(
    ("link", "session"),
    [
        ("https://storage.invalid/bucket/a?uploadType=resumable&upload_id=ABg5-Ux", True),
        ("https://storage.invalid/bucket/a?upload_id=ABg5-Ux&X-Goog-Signature=c0", True),
        ("https://storage.invalid/bucket/a?X-Goog-Signature=c0", False),
        ("https://storage.invalid/bucket/a?upload_id=", False),
        ("https://storage.invalid/upload_id=1?X-Goog-Signature=upload_id", False),
        ("https://[::1/a?upload_id=1", False),
        ("", False),
    ],
)
def test_a_session_says_so_in_its_query(link: str, session: bool) -> None:
    assert is_session(Secret(link)) is session
