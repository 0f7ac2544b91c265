"""Mirror, Colour, Trim, Watermark and Captions on three real films, by what comes out."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.captions import captioned
from mosaic_desktop.sandbox.media.subtitles import words_of
from tests.sandbox.client import Client
from tests.sandbox.lettered import box_of, is_yellow, look, looks, stills
from tests.sandbox.measuring import sound
from tests.sandbox.real_clips import FILMS, SPEECH, Shown, Wish, excerpt, finished, heard_from

SECONDS = 2.0
Films = dict[str, Path]
# A word each 0.4 s.
SAID, FIRST, EACH = ("run", "to", "me"), 0.4, 0.4
SPOKEN = "WEBVTT\n\n00:00.400 --> 00:01.600\n<00:00.400>run <00:00.800>to <00:01.200>me\n"
FONT_PERCENT = 14
STYLES = ("karaoke", "pop")


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Films:
    """Two seconds of each film; those without sound got real speech."""
    folder = tmp_path_factory.mktemp("films")
    said = {name: None if name == FILMS[0] else SPEECH for name in FILMS}
    return {name: excerpt(folder / name, name, SECONDS, said=said[name], said_from=0.5) for name in FILMS}


@pytest.fixture(scope="module")
def file_ids(client: Client, films: Films) -> dict[str, str]:
    return {name: client.upload(path) for name, path in films.items()}


def planes(path: Path) -> Iterator[tuple[NDArray[np.float32], ...]]:
    """Each picture as light, blue and red (Y, Cb and Cr, 0 to 255)."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            flat = frame.to_ndarray(format="yuv420p").astype(np.float32)
            yield flat[: frame.height], *flat[frame.height :].reshape(2, frame.height // 2, frame.width // 2)


def test_mirror_turns_every_picture(client: Client, tmp_path: Path, films: Films, file_ids: dict[str, str]) -> None:
    axes = {"horizontal": 1, "vertical": 0}
    wanted = [*((name, "horizontal") for name in FILMS), (FILMS[2], "vertical")]
    wishes = {one: Wish(file_ids[one[0]], "Mirror", {"direction": one[1]}) for one in wanted}
    for (name, direction), path in finished(client, tmp_path, wishes).items():
        for before, after in zip(planes(films[name]), planes(path), strict=True):
            assert np.abs(np.flip(before[0], axes[direction]) - after[0]).mean() < 4, "of 255: what coding changes"
            assert np.abs(before[0] - after[0]).mean() > 10, "what is turned is not as it was"
            for one, other in zip(before[1:], after[1:], strict=True):
                assert np.abs(np.flip(one, axes[direction]) - other).mean() < 2
        assert np.array_equal(sound(path), sound(films[name]))


# Brightness, contrast, saturation and warmth; what they make of light, blue and red: times and plus, around the middle.
COLOURS = {
    "brighter and flatter": ((0.1, 0.7, 1, 0), (0.7, 25.5), (1, 0), (1, 0)),
    "more contrast and colour": ((0, 1.4, 1.5, 0), (1.4, 0), (1.5, 0), (1.5, 0)),
    "darker, grey and warm": ((-0.15, 1, 0, 1), (1, -38.25), (0, -14), (0, 14)),
}


def test_colours_are_exactly_what_was_asked(
    client: Client, tmp_path: Path, films: Films, file_ids: dict[str, str]
) -> None:
    names = ("brightness", "contrast", "saturation", "warmth")
    wishes = {
        (film, kind): Wish(file_ids[film], "Colour", dict(zip(names, COLOURS[kind][0], strict=True)))
        for film, kind in product(FILMS, COLOURS)
    }
    for (film, kind), path in finished(client, tmp_path, wishes).items():
        for before, after in zip(planes(films[film]), planes(path), strict=True):
            for (times, plus), one, other in zip(COLOURS[kind][1:], before, after, strict=True):
                apart = other - np.clip((one - 128) * times + 128 + plus, 0, 255)
                assert abs(apart.mean()) < 1, (film, kind)
                assert np.abs(apart).mean() < 4, "of 255: what coding changes"
        assert np.array_equal(sound(path), sound(films[film]))


@pytest.mark.parametrize(("start", "end"), [(0.6, 1.4), (-1.5, -0.5)])
def test_trim_keeps_the_right_pictures_and_their_sound(
    client: Client, tmp_path: Path, films: Films, file_ids: dict[str, str], start: float, end: float
) -> None:
    wishes = {name: Wish(file_ids[name], "Trim", {"start": start, "end": end}) for name in FILMS}
    for name, path in finished(client, tmp_path, wishes).items():
        whole, part = Shown.of(films[name]), Shown.of(path)
        first, worst = part.run_in(whole)
        assert worst < 4, "of 255: what coding changes"
        frame = float(np.diff(whole.times)[0])
        seconds = len(whole.times) * frame
        wanted = (start if start >= 0 else seconds + start, end if end > 0 else seconds + end)
        # Cuts fall between pictures.
        assert abs(whole.times[first] - wanted[0]) <= frame / 2 + 0.001
        assert abs(whole.times[first] + len(part.greys) * frame - wanted[1]) <= frame / 2 + 0.001
        place, alike = heard_from(path, films[name])
        assert alike > 0.95
        assert abs(place - whole.times[first]) <= frame


@pytest.mark.parametrize("position", ["top_left", "bottom_right"])
def test_watermark_writes_into_its_corner_only(
    client: Client, tmp_path: Path, films: Films, file_ids: dict[str, str], position: str
) -> None:
    wanted = {"position": position, "text": "@mosaic", "size": 9}
    wishes = {name: Wish(file_ids[name], "Watermark", wanted) for name in FILMS}
    for name, path in finished(client, tmp_path, wishes).items():
        changes = [np.abs(one[0] - other[0]) for one, other in zip(planes(films[name]), planes(path), strict=True)]
        height, width = changes[0].shape
        ink = np.mean(changes, axis=0) > 25
        left, top, right, bottom = box_of(ink)
        assert ink[top:bottom, left:right].mean() > 0.15, "letters"
        assert 0.3 < (right - left) / (9 / 100 * min(width, height)) / len("@mosaic") < 1, "of this size"
        assert all(change[ink].mean() > 25 for change in changes), "in every picture"
        assert 0.05 * width - 2 <= left < right <= 0.95 * width + 2
        assert 0.1 * height - 2 <= top < bottom <= 0.9 * height + 2
        if position == "top_left":
            assert (left / width, top / height) == pytest.approx((0.05, 0.1), abs=0.05)
        else:
            assert (right / width, bottom / height) == pytest.approx((0.95, 0.9), abs=0.05)
        for change in changes:
            # Coding and the soft shadow reach a little farther than the letters.
            change[max(0, top - 16) : bottom + 16, max(0, left - 16) : right + 16] = 0
            assert change.mean() < 3, "of 255: what coding changes"
        assert np.array_equal(sound(path), sound(films[name]))


Captioned = dict[tuple[str, str], Path]


@pytest.fixture(scope="module")
def captions(client: Client, file_ids: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Captioned:
    """Each film in each style."""
    wishes = {
        (name, style): Wish(file_ids[name], "Captions", {"text": SPOKEN, "style": style, "font_size": FONT_PERCENT})
        for name, style in product(FILMS, STYLES)
    }
    return finished(client, tmp_path_factory.mktemp("captions"), wishes)


def lower_parts(before: Path, after: Path) -> Iterator[tuple[float, NDArray[np.uint8], NDArray[np.bool_]]]:
    """For each picture its time, the lower half of it, and where that is clearly another than it was."""
    for (time, one), (_, other) in zip(looks(before), looks(after), strict=True):
        part, was = (picture[picture.shape[0] // 2 :] for picture in (other, one))
        yield time, part, np.abs(part.astype(np.int16) - was).max(axis=2) > 60


def word_at(time: float) -> int:
    """The number of the word that is said; below 0 or too large where there is none."""
    return int(np.floor((time + 0.001 - FIRST) / EACH))


@pytest.mark.parametrize(("name", "style"), list(product(FILMS, STYLES)))
def test_words_are_seen_in_their_place_while_they_are_said(
    films: Films, captions: Captioned, name: str, style: str
) -> None:
    for time, part, ink in lower_parts(films[name], captions[name, style]):
        height, width, _ = part.shape
        inside = ink[: round(0.8 * height) + 4, round(0.05 * width) - 4 : round(0.95 * width) + 4]
        assert ink.sum() - inside.sum() < 0.0005 * ink.size, "nothing outside the margins"
        said = 0 <= word_at(time) < len(SAID)
        assert inside.mean() > 0.004 if said else inside.mean() < 0.001, time


@pytest.mark.parametrize("name", FILMS)
def test_the_highlight_moves_from_word_to_word(films: Films, captions: Captioned, name: str) -> None:
    places: list[list[float]] = [[] for _ in SAID]
    for time, part, ink in lower_parts(films[name], captions[name, "karaoke"]):
        if 0 <= word_at(time) < len(SAID):
            places[word_at(time)].append(float(np.median(np.flatnonzero((ink & is_yellow(part)).any(axis=0)))))
    assert all(len(each) >= 9 for each in places)
    assert max(np.ptp(each) for each in places) < 0.03 * part.shape[1], "it stays on a word while that is said"
    firsts = [each[0] for each in places]
    assert min(np.diff(firsts)) > 0.05 * part.shape[1], "and goes to the right"


@pytest.mark.parametrize("name", FILMS)
def test_popping_words_change_their_size(films: Films, captions: Captioned, name: str) -> None:
    heights: list[list[int]] = [[] for _ in SAID]
    for time, part, ink in lower_parts(films[name], captions[name, "pop"]):
        if 0 <= word_at(time) < len(SAID):
            _, top, _, bottom = box_of(ink & is_yellow(part))
            heights[word_at(time)].append(bottom - top)
    for first, *following in heights:
        assert first < 0.8 * following[-1], "it comes in small"
        assert max(following[:3]) > following[-1], "and overshoots"
        assert np.ptp(following[5:]) <= 2, "and then stands"


@pytest.mark.parametrize(("name", "style"), list(product(FILMS, STYLES)))
def test_letters_are_readable(captions: Captioned, name: str, style: str) -> None:
    for time, picture in looks(captions[name, style]):
        if not FIRST + 0.2 <= time < FIRST + len(SAID) * EACH - 0.05 or (time - FIRST) % EACH < 0.2:
            continue
        height, width, _ = picture.shape
        # Where letters and their outline are is known from the same words on grey.
        wanted = captioned(words_of(SPOKEN), look(style=style, size=FONT_PERCENT / 100))
        (plain,) = wanted(stills(128, (width, height), time, time + 0.01))
        drawn = plain.reformat(format="rgb24").to_ndarray().astype(np.int16).mean(axis=2)
        letters, outline = drawn > 150, drawn < 12
        assert min(letters.sum(), outline.sum()) > 0.003 * drawn.size
        light = picture.mean(axis=2)
        assert light[letters].mean() - light[outline].mean() > 110, "of 255"
        assert np.percentile(light[letters], 10) - np.percentile(light[outline], 90) > 60
