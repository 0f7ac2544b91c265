"""Reframe, measured: exact shapes, the subject in view, sound as it was."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.sandbox.client import Client
from tests.sandbox.measuring import pictures, write_moving_square
from tests.support.media import facts, footage, make_clip

AGENT = "Reframe"
SHAPES = {"9:16": Fraction(9, 16), "1:1": Fraction(1), "4:5": Fraction(4, 5), "16:9": Fraction(16, 9)}


def test_every_shape_is_exact(client: Client, tmp_path: Path) -> None:
    file_id = client.upload(make_clip(tmp_path / "wide.mp4", seconds=1, size=(640, 360)))
    wishes = [{"aspect": aspect, "fit": fit} for aspect in SHAPES for fit in ("crop", "blur")]
    runs = [client.start(file_id, AGENT, wish) for wish in wishes]
    for wish, run_id in zip(wishes, runs, strict=True):
        result = facts(client.fetch(run_id, tmp_path / "result.mp4"))
        assert Fraction(result.width, result.height) == SHAPES[wish["aspect"]], wish
        assert result.width % 2 == result.height % 2 == 0
        assert (result.frames, result.video_codec, result.audio_codec) == (25, "h264", "aac")


def test_real_film_chosen_by_auto_becomes_vertical(client: Client, tmp_path: Path) -> None:
    run_id = client.start(client.upload(footage("bigbuckbunny.mp4")), AGENT, auto=True)
    result = facts(client.fetch(run_id, tmp_path / "result.mp4"))
    assert (result.width, result.height, result.frames) == (396, 704, 132)


def test_the_subject_stays_in_view_without_jitter(client: Client, tmp_path: Path) -> None:
    source = write_moving_square(tmp_path / "square.mp4", seconds=6)
    result = client.process(source, AGENT, tmp_path / "result.mp4")
    squares = [picture > 170 for _, picture in pictures(result)]
    assert len(squares) == 150
    assert sum(np.count_nonzero(square) > 0.95 * 60 * 60 for square in squares) >= 0.95 * len(squares)
    centres = [np.nonzero(square)[1].mean() for square in squares]
    assert np.abs(np.diff(centres)).max() <= 4


def test_sound_is_copied(client: Client, clips: Path, tmp_path: Path) -> None:
    result = facts(client.process(clips / "short.mp4", AGENT, tmp_path / "result.mp4"))
    source = facts(clips / "short.mp4")
    assert result.audio_codec == source.audio_codec
    assert abs(result.audio_duration - source.audio_duration) < 0.03


@pytest.mark.parametrize("rotation", [90, 180])
def test_turned_pictures_are_cut_upright(client: Client, tmp_path: Path, rotation: int) -> None:
    source = make_clip(tmp_path / "turned.mp4", seconds=1, size=(320, 180), rotation=rotation, audio=False)
    result = facts(client.process(source, AGENT, tmp_path / "result.mp4", fit="crop", aspect="9:16"))
    assert (result.width, result.height) == ((90, 160) if rotation == 180 else (180, 320))
    assert result.rotation == 0


def test_odd_sizes_and_pixels_that_are_not_square(client: Client, tmp_path: Path) -> None:
    odd = make_clip(tmp_path / "odd.mkv", seconds=1, size=(321, 181), codec="libvpx-vp9")
    assert facts(client.process(odd, AGENT, tmp_path / "odd.mp4", aspect="1:1")).width == 180
    wide = make_clip(tmp_path / "wide.mp4", seconds=1, size=(320, 240), pixel_aspect=Fraction(4, 3))
    assert facts(client.process(wide, AGENT, tmp_path / "wide-16-9.mp4", aspect="16:9")).width == 416
