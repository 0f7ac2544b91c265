"""Captions, measured in pixels: when they are seen, where, in which colours, and what happens to strange texts."""

from pathlib import Path

import numpy as np
import pytest
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.captions import captioned
from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.film import Film, write_film
from mosaic_desktop.sandbox.media.graphs import filtered
from mosaic_desktop.sandbox.media.lettering import drawable
from mosaic_desktop.sandbox.media.subtitles import words_of
from tests.sandbox.client import Client, answer, refusal
from tests.sandbox.lettered import (
    BUSY,
    box_of,
    differing,
    is_white,
    is_yellow,
    look,
    looks,
    stills,
    write_still,
)
from tests.sandbox.measuring import sound
from tests.support.media import facts, footage, make_clip

SRT = """1
00:00:00,400 --> 00:00:00,800
Hello there

2
00:00:01,200 --> 00:00:01,600
see you
"""
SPOKEN = "WEBVTT\n\n00:00.000 --> 00:01.200\n<00:00.000>one <00:00.400>two <00:00.800>three\n"
LONG = """1
00:00:00,000 --> 00:00:01,000
The extraordinarily incomprehensible circumstances of antidisestablishmentarianism, Ång gyp

2
00:00:01,000 --> 00:00:02,000
Donaudampfschifffahrtsgesellschaftskapitän
"""
# Sixteen to nine, nine to sixteen, square, and a ribbon.
SIZES = [(640, 360), (360, 640), (480, 480), (640, 128)]


def test_captions_are_seen_when_they_are_said_and_not_otherwise(client: Client, tmp_path: Path) -> None:
    source = write_still(tmp_path / "grey.mp4", 128, seconds=2)
    result = client.process(source, "Captions", tmp_path / "result.mp4", text=SRT, style="plain")
    seen = [time for time, picture in looks(result) if differing(picture, 128).any()]
    assert seen == pytest.approx([0.4 + n / 25 for n in range(10)] + [1.2 + n / 25 for n in range(10)], abs=0.001)
    assert facts(result).frames == 50


def test_only_the_place_of_the_letters_changes_and_the_sound_is_copied(client: Client, tmp_path: Path) -> None:
    source = footage("bigbuckbunny.mp4")
    result = client.process(source, "Captions", tmp_path / "result.mp4", text=SRT)
    for (time, before), (_, after) in zip(looks(source), looks(result), strict=True):
        change = np.abs(after.astype(np.int16) - before).max(axis=2)
        assert change[: 720 * 3 // 4].mean() < 6, "of 255: what coding changes"
        lower = change[720 * 3 // 4 : 648, 64:1216]
        assert (lower > 60).mean() > 0.02 if 0.4 <= time < 0.8 or 1.2 <= time < 1.6 else (lower > 60).mean() < 0.01
    assert np.array_equal(sound(result), sound(source))


def test_the_highlight_moves_with_the_words(client: Client, tmp_path: Path) -> None:
    source = write_still(tmp_path / "grey.mp4", 128, seconds=1.2)
    result = client.process(source, "Captions", tmp_path / "result.mp4", text=SPOKEN)
    places = {}
    for time, picture in looks(result):
        yellow = np.flatnonzero(is_yellow(picture).any(axis=0))
        white = np.flatnonzero(is_white(picture).any(axis=0))
        assert yellow.size
        assert white.size
        places[round(time, 2)] = (yellow.min(), yellow.max(), white.min(), white.max())
    first, second, third = places[0.2], places[0.6], places[1.0]
    assert first[1] < first[2], "what is said first stands left of the rest"
    assert first[1] < second[0] < second[1] < third[0]
    assert third[3] < third[0]
    assert len({time for time, place in places.items() if place == first} & {0.0, 0.36}) == 2
    assert len({time for time, place in places.items() if place == second} & {0.4, 0.76}) == 2


def test_words_pop_up_as_they_are_said(client: Client, tmp_path: Path) -> None:
    source = write_still(tmp_path / "grey.mp4", 128, seconds=1.2)
    result = client.process(source, "Captions", tmp_path / "result.mp4", text=SPOKEN, style="pop")
    boxes = {round(time, 2): box_of(differing(picture, 128)) for time, picture in looks(result)}
    heights = [boxes[time][3] - boxes[time][1] for time in (0.0, 0.08, 0.36)]
    assert heights[0] < 0.75 * heights[2], "it comes in small"
    assert heights[1] > 1.03 * heights[2], "and overshoots"
    lefts, rights = zip(*((box[0], box[2]) for box in (boxes[0.36], boxes[0.76], boxes[1.16])), strict=True)
    assert max(lefts) - min(lefts) <= 2, "words that stand do not move"
    assert rights[0] < rights[1] < rights[2]


@pytest.mark.parametrize("style", ["karaoke", "pop", "plain"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("position", ["top", "middle", "bottom"])
@pytest.mark.parametrize("font_size", [0.03, 0.09, 0.2])
def test_captions_stay_inside_the_margins(style: str, size: tuple[int, int], position: str, font_size: float) -> None:
    wanted = look(style=style, position=position, size=font_size)
    width, height = size
    any_seen = False
    for frame in captioned(words_of(LONG), wanted)(stills(128, size, 0, 2, step=0.031)):
        luma = frame.reformat(format="gray").to_ndarray()
        changed = np.abs(luma.astype(np.int16) - luma[0, 0]) > 2
        if not changed.any():
            continue
        any_seen = True
        left, top, right, bottom = box_of(changed)
        assert 0.05 * width <= left < right <= 0.95 * width
        assert 0.1 * height <= top < bottom <= 0.9 * height
        middle = (top + bottom) / 2 / height
        assert {"top": middle < 0.55, "middle": 0.35 < middle < 0.6, "bottom": middle > 0.45}[position]
    assert any_seen


@pytest.mark.parametrize("size", SIZES[:3])
def test_margins_hold_in_finished_videos(client: Client, tmp_path: Path, size: tuple[int, int]) -> None:
    source = write_still(tmp_path / "grey.mp4", 128, seconds=2, size=size)
    result = client.process(source, "Captions", tmp_path / "result.mp4", text=LONG, style="pop", uppercase=True)
    ink = np.logical_or.reduce([differing(picture, 128) for _, picture in looks(result)])
    left, top, right, bottom = box_of(ink)
    # Coding smears by less than a block.
    assert left >= 0.05 * size[0] - 4
    assert right <= 0.95 * size[0] + 4
    assert top >= 0.1 * size[1]
    assert bottom <= 0.9 * size[1] + 4


@pytest.mark.parametrize("background", [0, 128, 255, BUSY])
def test_letters_are_readable_on_any_background(client: Client, tmp_path: Path, background: int) -> None:
    source = write_still(tmp_path / "still.mp4", background, seconds=0.8, size=(1280, 720))
    result = client.process(source, "Captions", tmp_path / "result.mp4", text=SRT, style="plain")
    luma = next(picture for time, picture in looks(result) if time >= 0.6).mean(axis=2)
    # Where letters and their outline are is known from the same words on grey.
    (plain,) = captioned(words_of(SRT), look(style="plain"))(stills(128, (1280, 720), 0.6, 0.61))
    drawn = plain.reformat(format="rgb24").to_ndarray().astype(np.int16).mean(axis=2)
    letters, outline = drawn > 235, drawn < 12
    assert letters.sum() > 3000
    assert outline.sum() > 3000
    assert luma[letters].mean() - luma[outline].mean() > 180, "of 255"
    assert np.percentile(luma[letters], 5) - np.percentile(luma[outline], 95) > 120
    light = drawn > 128
    beside = [np.roll(light, shift, axis) for shift in (-3, 3) for axis in (0, 1)]
    assert np.median(drawn[np.logical_or.reduce(beside) & ~light]) == 0
    assert np.percentile(drawn[np.logical_or.reduce(beside) & ~light], 90) < 90, "the outline goes all around"


def test_cut_out_words_are_never_seen(tmp_path: Path) -> None:
    source = write_still(tmp_path / "grey.mp4", 128, seconds=2)
    film = Film(keep=[(0.0, 0.4), (0.8, 1.4)], stages=[captioned(words_of(SRT), look())])
    write_film(tmp_path / "result.mp4", source, film, lambda *_: None)
    seen = [time for time, picture in looks(tmp_path / "result.mp4") if differing(picture, 128).any()]
    assert seen == pytest.approx([0.8 + n / 25 for n in range(5)], abs=0.001), "1.2 to 1.4 s, moved by what is cut"


@pytest.mark.parametrize(
    ("matrix", "size", "red"),
    [(1, (640, 360), 63), (6, (640, 360), 81), (2, (640, 360), 81), (2, (1280, 720), 63)],
    ids=["709", "601", "not said, small", "not said, large"],
)
@pytest.mark.parametrize("full", [False, True])
def test_colours_are_what_was_asked_for(matrix: int, size: tuple[int, int], red: int, full: bool) -> None:
    frames = list(stills(128, size, 0.6, 0.61))
    frames[0].colorspace, frames[0].color_range = matrix, 2 if full else 1
    wanted = look(style="karaoke", highlight="#FF0000", size=0.2)
    (frame,) = captioned(words_of(SRT), wanted)(iter(frames))
    luma, blue, redness = planes_of(frame)
    expected_red = (red - 16) * 255 / 219 if full else red
    reddest = redness == redness.max()
    assert redness.max() == (255 if full else 240)
    assert np.median(luma[::2, ::2][reddest]) == pytest.approx(expected_red, abs=1)
    assert luma.max() == (255 if full else 235)
    white = (luma[::2, ::2] == luma.max()) & (luma[1::2, 1::2] == luma.max())
    assert np.median(blue[white]) == 128
    assert np.median(redness[white]) == 128
    assert luma.min() == (0 if full else 16)


def test_pictures_whose_rows_stand_upside_down_in_memory_are_written_on_too() -> None:
    stage = captioned(words_of(SRT), look())
    (expected,) = stage(stills(128, (640, 360), 0.6, 0.61))
    flipped = filtered([("vflip", "")])(stills(128, (640, 360), 0.6, 0.61))
    (found,) = stage(flipped)
    for one, other in zip(planes_of(expected), planes_of(found), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("size", [(2, 2), (16, 16), (64, 2), (2, 64), (300, 20)])
def test_tiny_pictures_break_nothing(size: tuple[int, int]) -> None:
    assert len(list(captioned(words_of(LONG), look(size=0.2))(stills(128, size, 0, 2, step=0.5)))) == 4


def test_a_text_of_the_greatest_length_is_drawn(client: Client, tmp_path: Path) -> None:
    cue = "00:00:{:02}.{:03} --> 00:00:{:02}.{:03}\nwords that are said, {}\n\n"
    times = [(n // 20, n % 20 * 50, (n + 1) // 20, (n + 1) % 20 * 50, n) for n in range(1100)]
    text = "WEBVTT\n\n" + "".join(cue.format(*each) for each in times)
    text += "NOTE " + "x" * (200_000 - len(text) - 5)
    source = write_still(tmp_path / "grey.mp4", 128, seconds=1)
    result = client.process(source, "Captions", tmp_path / "result.mp4", text=text, style="pop")
    assert all(differing(picture, 128).any() for _, picture in looks(result))


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"text": "Hello there"}, "neither SRT nor VTT"),
        ({"text": SRT.replace("00:00:0", "00:10:0")}, "first caption is at 600.4 s, but the video ends after"),
        ({"text": SRT.replace("Hello", "你好")}, "letter 你 cannot be drawn"),
        ({}, "No speech was heard in this video."),
    ],
)
def test_what_cannot_be_drawn_is_told(
    client: Client, clips: Path, parameters: dict[str, object], sentence: str
) -> None:
    run_id = client.start(client.upload(clips / "talk.mp4"), "Captions", parameters)
    assert client.finish(run_id)["status"] == "failed"
    assert sentence in client.node(run_id, "Transcribe")["error"]


def test_a_video_without_sound_needs_a_text(client: Client, tmp_path: Path) -> None:
    silent = make_clip(tmp_path / "silent.mp4", seconds=1, audio=False)
    assert "no sound, so there is no speech" in client.failure(silent, "Captions")["error"]
    result = client.process(silent, "Captions", tmp_path / "result.mp4", text=SRT)
    assert facts(result).frames == 25


def test_signs_that_the_font_lacks_are_left_out_and_told(client: Client, tmp_path: Path) -> None:
    source = write_still(tmp_path / "grey.mp4", 128, seconds=0.8)
    with_signs = SRT.replace("there", "there \N{FIRE}\N{VARIATION SELECTOR-16}") + (
        "\n3\n00:00:01,600 --> 00:00:01,800\n\N{EIGHTH NOTE}\n"
    )
    runs = [
        client.start(client.upload(source), "Captions", {"text": text, "style": "plain"}) for text in (SRT, with_signs)
    ]
    results = [client.fetch(run_id, tmp_path / f"{run_id}.mp4") for run_id in runs]
    for (_, one), (_, other) in zip(*(looks(result) for result in results), strict=True):
        assert np.array_equal(one, other)
    told = [client.simple(run_id)["status_message"] for run_id in runs]
    assert told == ["Finished.", "Left out, since the font has no such signs: \N{EIGHTH NOTE} \N{FIRE}. Finished."]


@pytest.mark.parametrize(
    "text",
    ["こんにちは", "مرحبا", "नमस्ते", "안녕하세요", "שלום", "สวัสดี", "你好", "room १२", "٣٤"],
)
def test_letters_and_digits_that_the_font_lacks_are_never_left_out(text: str) -> None:
    with pytest.raises(MediaError, match="cannot be drawn: the font has Latin, Greek and Cyrillic letters only"):
        drawable([text])


def test_accents_of_all_kinds_are_drawn() -> None:
    texts = ["Ça suffit, Łódź", "Tiếng Việt", "q\N{COMBINING TILDE}", "Ελλάδα", "Ёлки", "50 € = 8 000 ₽", "№ 5", "½"]
    assert drawable(texts) == texts


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", "x" * 200_001),
        ("style", "loud"),
        ("font_size", 2.9),
        ("font_size", 21),
        ("color", "yellow"),
        ("color", "#FFD40"),
        ("outline_color", "FFD400"),
        ("highlight_color", 5),
        ("position", "left"),
        ("uppercase", "yes"),
    ],
)
def test_parameters_that_do_not_fit_are_named(client: Client, file_id: str, field: str, value: object) -> None:
    wish = {"file_id": file_id, "agent_id": client.agent_id("Captions"), "parameters": {field: value}}
    response = client.post("/run-agent", wish)
    assert refusal(response) == (422, "parameter_out_of_range")
    assert response.json()["field"] == field


def test_the_schema_speaks_of_colours(client: Client) -> None:
    agents = answer(client.get("/get-user-agents-simple"))["agents"]
    (schema,) = (agent["parameters_schema"] for agent in agents if agent["name"] == "Captions")
    for name in ("color", "highlight_color", "outline_color"):
        assert schema["properties"][name]["format"] == "color"


def planes_of(frame: VideoFrame) -> list[NDArray[np.uint8]]:
    height, flat = frame.height, frame.to_ndarray()
    quarter = height * frame.width // 4
    chroma = flat[height:].reshape(-1)
    half = (height // 2, frame.width // 2)
    return [flat[:height], chroma[:quarter].reshape(half), chroma[quarter:].reshape(half)]  # type: ignore[list-item]
