"""Numbers in exactly the words that users read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosaic_desktop.core.units import (
    codec_name,
    format_bytes,
    format_duration,
    format_part,
    format_percent,
    format_rate,
    format_wait,
    listed,
    plural,
)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1.7, "1 byte"),
        (2, "2 bytes"),
        (999, "999 bytes"),
        (999.9, "999 bytes"),
        (1_000, "1 KB"),
        (18_400, "18 KB"),
        (999_499, "999 KB"),
        (999_500, "1 MB"),
        (1_000_000, "1 MB"),
        (1_234_567, "1.23 MB"),
        (9_994_000, "9.99 MB"),
        (9_995_000, "10 MB"),
        (12_345_678, "12.3 MB"),
        (99_940_000, "99.9 MB"),
        (99_950_000, "100 MB"),
        (999_499_999, "999 MB"),
        (999_500_000, "1 GB"),
        (2_410_000_000, "2.41 GB"),
        (5_000_000_000, "5 GB"),
        (6_000_000_000, "6 GB"),
        (10 * 1024**3, "10.7 GB"),
        (999_500_000_000, "1 TB"),
        (12_000_000_000_000_000, "12000 TB"),
    ],
)
def test_bytes(count: float, text: str) -> None:
    assert format_bytes(count) == text


@given(st.integers(0, 10**18))
def test_a_size_is_never_off_by_more_than_half_a_unit_of_its_last_digit(count: int) -> None:
    number, unit = format_bytes(count).split()
    factor = {"byte": 1, "bytes": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}[unit]
    digits = len(number.replace(".", "").lstrip("0"))
    assert digits <= 3 or unit == "TB"
    assert abs(float(number) * factor - count) <= max(0.0051 * count, 500 if unit == "KB" else 0)


@pytest.mark.parametrize(
    ("done", "whole", "text"),
    [
        (1_200_000_000, 6_000_000_000, "1.2 of 6 GB"),
        (0, 6_000_000_000, "0 bytes of 6 GB"),
        (900_000_000, 6_000_000_000, "900 MB of 6 GB"),
        (5_000, 5_000, "5 of 5 KB"),
    ],
)
def test_a_part_and_its_whole_share_a_unit(done: float, whole: float, text: str) -> None:
    assert format_part(done, whole) == text


def test_rates() -> None:
    assert format_rate(2_500_000.0) == "2.5 MB/s"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"),
        (4.4, "0:04"),
        (59.5, "1:00"),
        (872, "14:32"),
        (3599.6, "1:00:00"),
        (7100, "1:58:20"),
        (360_000, "100:00:00"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1 s"),
        (0.2, "1 s"),
        (24, "24 s"),
        (89.4, "89 s"),
        (90, "2 min"),
        (125, "2 min"),
        (3_540, "59 min"),
        (3_580, "1 h"),
        (3_600, "1 h"),
        (3_900, "1 h 5 min"),
        (86_000, "23 h 53 min"),
        (86_390, "24 h"),
        (86_400, "over a day"),
        (1e9, "over a day"),
    ],
)
def test_waits(seconds: float, text: str) -> None:
    assert format_wait(seconds) == text


@pytest.mark.parametrize(("per_mille", "text"), [(0, "0 %"), (9, "0 %"), (415, "41 %"), (999, "99 %"), (1000, "100 %")])
def test_only_what_is_done_is_a_hundred_percent(per_mille: int, text: str) -> None:
    assert format_percent(per_mille) == text


@pytest.mark.parametrize(("count", "text"), [(0, "0 videos"), (1, "1 video"), (2, "2 videos"), (1200, "1,200 videos")])
def test_plurals(count: int, text: str) -> None:
    assert plural(count, "video") == text


def test_codecs_have_their_usual_names() -> None:
    assert [codec_name(codec) for codec in ("h264", "hevc", "theora")] == ["H.264", "HEVC", "THEORA"]


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((), ""),
        (("2 videos",), "2 videos"),
        (("1 a", "2 b"), "1 a and 2 b"),
        (("1 a", "2 b", "3 c"), "1 a, 2 b and 3 c"),
    ],
)
def test_parts_are_listed_in_words(parts: tuple[str, ...], text: str) -> None:
    assert listed(parts) == text
