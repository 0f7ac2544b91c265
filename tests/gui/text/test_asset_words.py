"""Every state of a video has its words, and its second line says what matters first."""

from pathlib import Path

import pytest

from mosaic_desktop.core.asset import Asset, AssetId, AssetState, Keeps
from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.video import MediaInfo
from mosaic_desktop.gui.text.assets import asset_line, asset_sentence, asset_state

MEDIA = MediaInfo(872.0, 3840, 2160, "prores", "aac", 25.0)


def make_asset(state: AssetState = AssetState.READY, **more: object) -> Asset:
    return Asset(AssetId("1"), "interview.mov", Path("/v/interview.mov"), None, 2_410_000_000, 0, state, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", AssetState)
def test_every_asset_state_has_a_word_and_more_than_a_color(state: AssetState) -> None:
    words = asset_state(make_asset(state))
    assert words.word
    assert words.icon or words.progress is not None


def test_an_upload_says_how_far_and_how_long() -> None:
    row = make_asset(AssetState.UPLOADING, bytes_done=1_494_300_000, rate=38_100_000, eta=24.0, media=MEDIA)
    words = asset_state(row)
    assert (words.word, words.right, words.progress) == ("Uploading 62 %", "38.1 MB/s · 24 s", 620)
    assert asset_line(row) == "Starts over if it stops · 2.41 GB · 14:32"
    assert asset_sentence(row) == (
        "interview.mov, 2.41 GB, 14:32, uploading 62 percent, 24 s left, starts over if it stops"
    )
    assert asset_line(make_asset(media=MEDIA)) == "2.41 GB · 14:32 · 3840×2160 · ProRes"


def test_an_upload_without_a_settled_rate_promises_nothing() -> None:
    assert asset_state(make_asset(AssetState.UPLOADING)).right == ""


@pytest.mark.parametrize(
    ("state", "keeps", "kept", "line"),
    [
        (AssetState.UPLOADING, Keeps.NOTHING, 0, "Starts over if it stops · 2.41 GB · 14:32"),
        (AssetState.PAUSED, Keeps.NOTHING, 0, "Starts from the beginning · 2.41 GB · 14:32"),
        (AssetState.UPLOADING, Keeps.ACROSS_RESTARTS, 0, "What arrives is kept at the service · 2.41 GB · 14:32"),
        (AssetState.UPLOADING, Keeps.ACROSS_RESTARTS, 1_200_000_000, "1.2 of 2.41 GB kept at the service · 14:32"),
        (AssetState.PAUSED, Keeps.ACROSS_RESTARTS, 1_200_000_000, "1.2 of 2.41 GB kept at the service · 14:32"),
        (AssetState.QUEUED, Keeps.UNTIL_EXIT, 900_000_000, "900 MB of 2.41 GB kept until you quit · 14:32"),
        (AssetState.UPLOADING, Keeps.UNTIL_EXIT, 0, "What arrives is kept until you quit · 2.41 GB · 14:32"),
        (AssetState.READY, Keeps.ACROSS_RESTARTS, 2_410_000_000, "2.41 GB · 14:32 · 3840×2160 · ProRes"),
    ],
)
def test_a_row_says_what_is_kept_if_it_stops_now(state: AssetState, keeps: Keeps, kept: int, line: str) -> None:
    row = make_asset(state, keeps=keeps, bytes_kept=kept, bytes_done=max(kept, 1), media=MEDIA)
    assert asset_line(row) == line


def test_a_paused_upload_that_is_not_kept_says_that_it_begins_anew() -> None:
    """Also when its bytes are forgotten already, as they are once it is paused."""
    row = make_asset(AssetState.PAUSED, keeps=Keeps.NOTHING, bytes_done=0)
    assert asset_line(row) == "Starts from the beginning · 2.41 GB"
    assert asset_sentence(row) == "interview.mov, 2.41 GB, paused, starts from the beginning"
    assert asset_line(make_asset(AssetState.PAUSED, content_sent=True)) == "All of it is sent · 2.41 GB"


def test_a_row_that_waits_for_its_turn_says_nothing_of_what_is_kept() -> None:
    assert asset_line(make_asset(AssetState.QUEUED)) == "2.41 GB"


def test_of_a_failed_upload_it_is_said_what_is_kept() -> None:
    problem = Problem(Code.UNREACHABLE)
    row = make_asset(AssetState.FAILED, problem=problem, keeps=Keeps.ACROSS_RESTARTS, bytes_kept=1_200_000_000)
    assert asset_line(row) == "Retry when you are online again · 1.2 of 2.41 GB kept at the service"


def test_rows_of_the_same_name_say_where_they_are() -> None:
    assert asset_line(make_asset(), "monday") == "monday · 2.41 GB"
    assert asset_sentence(make_asset(), "monday") == "interview.mov in monday, 2.41 GB, ready"


def test_a_known_file_is_compared_and_not_sent_again() -> None:
    comparing = make_asset(AssetState.COMPARING)
    assert asset_state(comparing).word == "Comparing…"
    assert asset_line(comparing) == "Looks like an earlier upload · 2.41 GB"
    reused = make_asset(file_id="file-1", reused_from="talk.mov")
    assert asset_line(reused) == "Already uploaded as talk.mov"
    assert asset_sentence(reused) == "interview.mov, 2.41 GB, ready, already uploaded as talk.mov"


def test_waiting_says_what_for() -> None:
    waiting = make_asset(AssetState.QUEUED, problem=Problem(Code.UNREACHABLE))
    assert asset_state(waiting).word == "Waiting for a connection"
    assert asset_state(make_asset(AssetState.QUEUED)).word == "Waiting for a free slot"
    strange = make_asset(AssetState.QUEUED, problem=Problem("a word of tomorrow"))
    assert asset_state(strange).word == "Trying again soon"


def test_a_failed_video_says_why_in_short_and_in_full() -> None:
    row = make_asset(AssetState.FAILED, problem=Problem(Code.FILE_CHANGED))
    assert asset_state(row).word == "File has changed"
    assert asset_line(row) == "Retry sends it as it is now"
    assert "The file changed since it was added. Retry sends it as it is now." in asset_sentence(row)


def test_a_link_needs_no_upload() -> None:
    row = Asset(AssetId("1"), "YouTube x", link="https://youtu.be/x", state=AssetState.READY)
    assert asset_line(row) == "YouTube · no upload needed"
