"""What stands around the lists."""

import pytest

from mosaic_desktop.core.activity import Activity
from mosaic_desktop.core.pace import TransferLimits
from mosaic_desktop.gui.text.numbers import video_counts
from mosaic_desktop.gui.text.window import activity_words, checked_words, limit_words, run_button


def test_counts() -> None:
    assert video_counts(0, 0) == ""
    assert video_counts(2, 4_820_000_000) == "2 videos · 4.82 GB"
    assert checked_words(2, 2) == "2 videos checked"
    assert checked_words(1, 3) == "1 of 3 checked can run"
    assert checked_words(0, 1) == "The checked video cannot run"
    assert checked_words(0, 0) == "No video checked"
    assert run_button(1) == "Run on 1 video"
    assert run_button(0) == "Run"


def test_the_status_line_leaves_out_what_does_not_move() -> None:
    assert activity_words(Activity()) == ()
    busy = Activity(uploads=2, upload_rate=41_800_000, downloads=1, download_rate=12_300_000, runs=3)
    assert activity_words(busy) == ("2 uploads · 41.8 MB/s", "1 download · 12.3 MB/s", "3 runs going")
    assert activity_words(Activity(uploads=2, downloads=1)) == ("2 uploads", "1 download")


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (TransferLimits(), ()),
        (TransferLimits(upload_rate=2_500_000), ("uploads limited to 2.5 MB/s",)),
        (TransferLimits(download_rate=800_000), ("downloads limited to 800 KB/s",)),
        (
            TransferLimits(upload_rate=2_500_000, download_rate=10_000_000),
            ("uploads limited to 2.5 MB/s", "downloads limited to 10 MB/s"),
        ),
        (TransferLimits(upload_rate=1_000_000, download_rate=1_000_000), ("limited to 1 MB/s each way",)),
    ],
)
def test_limits_that_are_on_are_said(limits: TransferLimits, words: tuple[str, ...]) -> None:
    assert limit_words(limits) == words
