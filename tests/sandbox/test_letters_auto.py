"""What `auto` chooses for letters in the picture: where they hide least, in which size and in which colours."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.calm import LOOKS, evenly, survey
from mosaic_desktop.sandbox.media.opening import open_source
from tests.sandbox.client import Client
from tests.sandbox.lettered import box_of, looks, write_still
from tests.sandbox.speaking import write_video
from tests.support.media import footage, make_clip

CORNERS = ["top_left", "top_right", "bottom_left", "bottom_right"]
SRT = "1\n00:00:00,100 --> 00:00:00,900\nHello there\n"
Grey = NDArray[np.uint8]


@pytest.mark.parametrize("corner", CORNERS)
@pytest.mark.parametrize("calm", [40, 220])
def test_a_watermark_goes_to_the_calm_corner_and_can_be_read_there(
    client: Client, tmp_path: Path, corner: str, calm: int
) -> None:
    source = write_video(tmp_path / "busy.mp4", [busy_but(corner, calm)] * 20)
    result, told = chosen(client, source, "Watermark", tmp_path)
    left, top, right, bottom = box_of(written(source, result))
    assert ((left + right) / 2 > 320) == ("right" in corner)
    assert ((top + bottom) / 2 > 180) == ("bottom" in corner)
    assert f"position {corner.replace('_', ' ')}" in told
    assert ("colour white" if calm == 40 else "colour black") in told
    inside = first(result)[top:bottom, left:right]
    assert abs(np.percentile(inside, 1 if calm == 220 else 99) - calm) > 100, "of 255"


@pytest.mark.parametrize("corner", ["bottom_right", "top_left"])
def test_a_watermark_keeps_away_from_what_moves(client: Client, tmp_path: Path, corner: str) -> None:
    source = write_video(tmp_path / "moving.mp4", moving_in(corner))
    _, told = chosen(client, source, "Watermark", tmp_path)
    assert f"position {corner.replace('_', ' ')}" not in told


@pytest.mark.parametrize(
    ("name", "corners"),
    [
        ("bigbuckbunny.mp4", ["top right"]),  # sky; elsewhere grass, leaves and the rabbit
        ("carphone_pristine.mp4", ["bottom right", "top left", "top right"]),  # stripes are bottom left
        ("bikes.mp4", ["top left", "bottom left", "top right"]),
    ],
)
def test_in_real_film_it_goes_where_little_is(client: Client, tmp_path: Path, name: str, corners: list[str]) -> None:
    _, told = chosen(client, footage(name), "Watermark", tmp_path)
    assert any(f"position {corner}" in told for corner in corners), told


def test_what_was_given_stays(client: Client, tmp_path: Path) -> None:
    source = write_video(tmp_path / "busy.mp4", [busy_but("top_left", 220)] * 20)
    given = {"position": "bottom_right", "color": "#FF0000", "text": "mine"}
    result, told = chosen(client, source, "Watermark", tmp_path, **given)
    plain = client.process(source, "Watermark", tmp_path / "plain.mp4", **given)
    assert told == "Finished."
    assert np.array_equal(first(result), first(plain))
    _, told = chosen(client, source, "Watermark", tmp_path, color="#FF0000")
    assert told == "Chosen from the video: position top left. Finished."


def test_letters_of_any_given_colour_have_an_edge_that_shows_them(client: Client, tmp_path: Path) -> None:
    source = write_still(tmp_path / "black.mp4", 0, seconds=0.4)
    result = client.process(source, "Watermark", tmp_path / "result.mp4", color="#000000", size=12, opacity=1)
    assert first(result).max() > 200


@pytest.mark.parametrize(("moving", "place"), [("bottom", "top"), ("top", "bottom"), ("middle", "bottom")])
def test_captions_keep_away_from_what_moves(client: Client, tmp_path: Path, moving: str, place: str) -> None:
    source = write_video(tmp_path / "moving.mp4", moving_in(moving))
    _, told = chosen(client, source, "Captions", tmp_path, text=SRT)
    assert f"position {place}, font size 8 %" in told


@pytest.mark.parametrize(("face_at", "place"), [("bottom", "top"), ("top", "bottom"), ("middle", "bottom")])
def test_captions_leave_faces_free(client: Client, tmp_path: Path, face_at: str, place: str) -> None:
    source = write_video(tmp_path / "face.mp4", [face_on_stripes(face_at)] * 25)
    _, told = chosen(client, source, "Captions", tmp_path, text=SRT)
    assert f"position {place}, font size 8 %" in told


@pytest.mark.parametrize("name", ["bigbuckbunny.mp4", "carphone_pristine.mp4", "bikes.mp4"])
def test_captions_of_real_film_do_not_stand_in_its_middle(client: Client, tmp_path: Path, name: str) -> None:
    _, told = chosen(client, footage(name), "Captions", tmp_path, text=SRT)
    assert "position bottom" in told or "position top" in told, told


def test_captions_are_larger_in_tall_pictures(client: Client, tmp_path: Path) -> None:
    heights = {}
    for size in ((640, 360), (360, 640)):
        source = write_still(tmp_path / "grey.mp4", 100, seconds=1, size=size)
        result, _ = chosen(client, source, "Captions", tmp_path, text=SRT, style="plain")
        _, top, _, bottom = box_of(written(source, result))
        heights[size] = bottom - top
    assert heights[360, 640] > 1.25 * heights[640, 360]


@pytest.mark.parametrize(("background", "letters"), [(30, "white"), (240, "black")])
def test_captions_can_be_read_over_what_is_there(client: Client, tmp_path: Path, background: int, letters: str) -> None:
    source = write_still(tmp_path / "grey.mp4", background, seconds=1)
    result, told = chosen(client, source, "Captions", tmp_path, text=SRT)
    assert f"colour {letters}" in told
    seen = list(looks(result))[10][1].reshape(-1, 3).astype(np.int16)
    coloured = np.ptp(seen, axis=1) > 100
    assert coloured.sum() > 500, "the word that is said"


def test_colours_go_with_the_one_that_was_given(client: Client, tmp_path: Path) -> None:
    source = write_still(tmp_path / "grey.mp4", 240, seconds=1)
    _, told = chosen(client, source, "Captions", tmp_path, text=SRT, color="#FFD400")
    assert "highlight white, outline black" in told
    _, told = chosen(client, source, "Captions", tmp_path, text=SRT, outline_color="#000000")
    assert "colour white, highlight yellow" in told


def test_each_short_gets_its_own(client: Client, tmp_path: Path) -> None:
    wanted = {"text": SRT, "remove_pauses": False, "enhance_audio": False, "captions": True, "fit": "crop"}
    state = client.finish(client.start(client.upload(footage("bigbuckbunny.mp4")), "Shorts maker", wanted, auto=True))
    told = state["status_message"]
    assert "Chosen for the vertical video: position" in told
    assert "font size 11 %" in told
    assert "Chosen for the square video: position" in told
    assert "font size 9 %" in told


def test_a_long_video_is_not_read_as_a_whole(tmp_path: Path) -> None:
    source = write_still(tmp_path / "long.mp4", 100, seconds=200, size=(64, 36))
    read = []
    with open_source(source) as opened:
        seen = survey(opened, evenly(opened.duration), [], lambda: read.append(1))
    assert seen is not None
    assert len(read) < 5000 / 4


@pytest.mark.parametrize("seconds", [0.04, 1, 30])
def test_looks_are_spread_over_the_video(tmp_path: Path, seconds: float) -> None:
    source = make_clip(tmp_path / "clip.mp4", seconds=seconds, size=(64, 48))
    times: list[float] = []

    def watched(frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
        for frame in frames:
            assert frame.time is not None
            times.append(frame.time)
            yield frame

    with open_source(source) as opened:
        assert survey(opened, evenly(opened.duration), [watched], lambda: None) is not None
    assert times == sorted(set(times))
    if seconds == 30:
        assert len(times) == 2 * LOOKS
        assert times[-1] > 24


@pytest.mark.parametrize("size", [(2, 2), (16, 4), (4, 64)])
def test_tiny_pictures_break_nothing(client: Client, tmp_path: Path, size: tuple[int, int]) -> None:
    source = write_still(tmp_path / "tiny.mp4", 100, seconds=1, size=size)
    chosen(client, source, "Watermark", tmp_path)


def chosen(client: Client, source: Path, agent: str, folder: Path, **given: object) -> tuple[Path, str]:
    """The result of a run that chooses what is not given, and what the run tells in the end."""
    run_id = client.start(client.upload(source), agent, given, auto=True)
    return client.fetch(run_id, folder / "result.mp4"), str(client.simple(run_id)["status_message"])


def busy_but(corner: str, calm: int) -> Grey:
    """Squares of all greys, and one quarter of an even one."""
    grey = np.random.default_rng(3).integers(0, 256, (45, 80), np.uint8).repeat(8, axis=0).repeat(8, axis=1)
    rows = slice(180, None) if "bottom" in corner else slice(None, 180)
    grey[rows, slice(320, None) if "right" in corner else slice(None, 320)] = calm
    return grey


def moving_in(place: str) -> Iterator[Grey]:
    """A grey wall, and a bright block that goes to and fro there."""
    top = 240 if "bottom" in place else 20 if "top" in place else 130
    left = 340 if "right" in place else 40
    for number in range(50):
        grey = np.full((360, 640), 100, np.uint8)
        at = left + round(100 + 100 * np.sin(number / 4))
        grey[top : top + 100, at : at + 60] = 220
        yield grey


def face_on_stripes(place: str) -> Grey:
    """A man's face of real film there, and over all of the rest more detail than it has, but nothing that moves."""
    grey = np.full((360, 640), 90, np.uint8)
    grey[:, ::8] = 190
    with av.open(str(footage("carphone_pristine.mp4"))) as container:
        film = next(container.decode(video=0)).reformat(352, 288, format="gray").to_ndarray()
    face = film[85:210, 110:240]
    top = {"top": 36, "middle": 120, "bottom": 220}[place]
    grey[top : top + face.shape[0], 255 : 255 + face.shape[1]] = face
    return grey


def first(video: Path) -> NDArray[np.int16]:
    """The sixth picture, in grey."""
    return np.asarray(list(looks(video))[5][1].mean(axis=2), np.int16)


def written(source: Path, result: Path) -> NDArray[np.bool_]:
    """Where the result differs clearly."""
    differs: NDArray[np.bool_] = np.abs(first(source) - first(result)) > 50
    return differs
