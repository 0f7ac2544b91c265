"""Reading SRT and VTT, also as careless programs and text fields leave them."""

import time
from collections.abc import Callable

import pytest

from mosaic_desktop.sandbox.media.subtitles import words_of

SRT = """1
00:00:01,000 --> 00:00:02,000
Hello there,
my friend

2
00:00:03,000 --> 00:00:04,500
in 1984
"""
# YouTube's own: lines of a single space stand for the empty row.
ROLLING = """WEBVTT
Kind: captions

00:00:00.160 --> 00:00:02.310 align:start position:0%
_
hello<00:00:00.480><c> and</c><00:00:00.640><c> welcome</c>

00:00:02.310 --> 00:00:02.320 align:start position:0%
hello and welcome
_

00:00:02.320 --> 00:00:04.000 align:start position:0%
hello and welcome
to<00:00:02.480><c> my</c>
""".replace("_", " ")


def said(text: str) -> list[tuple[float, float, str]]:
    return [(word.start, word.end, word.text) for word in words_of(text)]


def texts(text: str) -> list[str]:
    return [word.text for word in words_of(text)]


def test_words_share_the_time_of_their_cue_by_length() -> None:
    assert said(SRT) == [
        (1.0, 1.261, "Hello"),
        (1.261, 1.565, "there,"),
        (1.565, 1.696, "my"),
        (1.696, 2.0, "friend"),
        (3.0, 3.562, "in"),
        (3.562, 4.5, "1984"),
    ]
    assert [word.text for word in words_of(SRT) if word.ends_line] == ["there,", "friend", "1984"]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("\n\n", "\n \n\n\n"),
        lambda text: text.replace("-->", "->"),
        lambda text: text.replace(",000", ".000").replace(",500", ".5"),
        lambda text: text.replace("00:00:0", "00:0"),
        lambda text: text.replace("00:00:0", "0:0:0"),
        lambda text: text.replace("1\n00", "00").replace("2\n00", "00"),
        lambda text: text.replace("4,500\n", "4,500 X1:100 X2:200 Y1:10 Y2:20\n"),
        lambda text: "WEBVTT - a title\n\nNOTE of nobody\n\n" + text.replace(",", ".").replace("there.", "there,"),
        lambda text: text.replace("Hello", "<i><font color='#ff0000'>Hello</font>").replace("in", "{\\an8}in"),
        lambda text: text.replace("Hello there,\n", "Hello there,\\N"),
        lambda text: "\n\n".join(reversed(text.split("\n\n"))),
        lambda text: text.rstrip(),
    ],
)
def test_careless_texts_say_the_same(change: Callable[[str], str]) -> None:
    assert said(change(SRT)) == said(SRT)


def test_line_breaks_that_a_text_field_swallowed_are_not_needed() -> None:
    flat = SRT.replace("\n", " ")
    assert texts(flat) == texts(SRT)
    assert [word.start for word in words_of(flat)] == [word.start for word in words_of(SRT)]


def test_numbers_that_are_said_stay() -> None:
    assert texts("00:01.000 --> 00:02.000\nI have 3\n\n00:02.000 --> 00:03.000\n4\n\n") == ["I", "have", "3", "4"]


def test_words_with_times_of_their_own_have_those() -> None:
    cue = "WEBVTT\n\nintro\n00:01.000 --> 00:05.000\n<v Ann>one <00:02.000>two three <00:04.000>four\n"
    assert said(cue) == [(1.0, 2.0, "one"), (2.0, 2.8, "two"), (2.8, 4.0, "three"), (4.0, 5.0, "four")]


def test_times_between_syllables_and_out_of_order_break_nothing() -> None:
    cue = "WEBVTT\n\n00:01.000 --> 00:03.000\nsyl<00:01.500>lable <00:09.000>late <00:00.100>early\n"
    assert texts(cue) == ["syllable", "late", "early"]
    moments = [moment for start, end, _ in said(cue) for moment in (start, end)]
    assert moments == sorted(moments)
    assert (moments[0], moments[-1]) == (1.0, 3.0)


def test_rolling_captions_are_said_once() -> None:
    assert said(ROLLING) == [
        (0.16, 0.48, "hello"),
        (0.48, 0.64, "and"),
        (0.64, 2.31, "welcome"),
        (2.32, 2.48, "to"),
        (2.48, 4.0, "my"),
    ]


def test_a_line_that_is_really_said_twice_stays() -> None:
    assert texts("00:01.000 --> 00:02.000\nNo\n\n00:02.000 --> 00:03.000\nNo\n") == ["No", "No"]


def test_cues_that_overlap_come_one_after_the_other() -> None:
    cues = "00:01.000 --> 00:04.000\nfirst\n\n00:03.000 --> 00:05.000\nsecond\n"
    assert said(cues) == [(1.0, 3.0, "first"), (3.0, 5.0, "second")]
    at_once = "00:01.000 --> 00:04.000\nfirst\n\n00:01.000 --> 00:05.000\nother\n"
    assert said(at_once) == [(1.0, 3.0, "first"), (3.0, 5.0, "other")]


def test_signs_and_entities() -> None:
    cue = "00:01.000 --> 00:02.000\n- Tom &amp; Ann <3 &lt;b&gt; caf\N{COMBINING ACUTE ACCENT}e\u200b !\n"
    assert texts(cue)[:3] == ["- Tom &", "Ann", "<3"]
    assert texts(cue)[-1].endswith(" !")
    assert "\u200b" not in "".join(texts(cue))


def test_a_cue_that_ends_before_it_begins_is_seen_for_a_moment() -> None:
    assert said("00:02.000 --> 00:01.000\nodd\n") == [(2.0, 2.5, "odd")]


@pytest.mark.parametrize("text", ["", " \n", "Just words.", "WEBVTT\n", "1\n00:00:01,000 --> 00:00:02,000\n\n", "{}"])
def test_what_is_no_subtitles_has_no_words(text: str) -> None:
    assert words_of(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "{\\" * 100_000,
        "<a" * 100_000,
        "1:" * 100_000,
        "<" * 200_000,
        "00:00:01,000 --> 00:00:02,000 a " * 6000,
        "00:00:01,000 --> 00:00:02,000 " + "a" * 190_000,
        "00:00:01,000 --> 00:00:02,000 " + "a " * 95_000,
        "00:00:01,000 --> 00:00:02,000 " + "<00:00:01.000>" * 14_000,
        "00:00:01,000 --> 00:00:02,000 " + " " * 190_000 + "9",
        "00:00:01,000 --> 00:00:02,000 1" * 6000,
    ],
)
def test_hostile_texts_take_no_time(text: str) -> None:
    begun = time.process_time()
    words_of(text)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("text", ["...", "?!", "♪ ♪", "- ?"])
def test_a_cue_of_signs_alone_is_shown_too(text: str) -> None:
    words = words_of(f"00:00:01,000 --> 00:00:02,000\n{text}\n")
    assert [(word.start, word.end, word.text) for word in words] == [(1.0, 2.0, text)]
