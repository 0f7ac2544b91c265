"""Mirror, Colour and Trim, measured in pixels and frames."""

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from mosaic_desktop.sandbox.steps.pictures import stages
from mosaic_desktop.sandbox.steps.step import Work
from tests.sandbox.client import Client
from tests.sandbox.lettered import write_still
from tests.sandbox.measuring import level, pictures, sound, write_flashes
from tests.support.media import facts, footage, make_clip

FRAME = 0.04


def colours(path: Path) -> list[NDArray[np.int16]]:
    """Each picture as height x width x (red, green, blue)."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24").astype(np.int16) for frame in container.decode(video=0)]


def mean_colour(path: Path) -> NDArray[np.float64]:
    """Red, green and blue of the whole video, 0 to 255."""
    means = np.array([picture.mean(axis=(0, 1)) for picture in colours(path)[::8]])
    return means.mean(axis=0, dtype=np.float64)  # type: ignore[no-any-return]


def test_auto_brightens_what_is_dark(client: Client, tmp_path: Path) -> None:
    plain = {"brightness": -0.25, "contrast": 0.6, "saturation": 1, "warmth": 0}
    dark = client.process(footage("carphone_pristine.mp4"), "Colour", tmp_path / "dark.mp4", **plain)
    run_id = client.start(client.upload(dark), "Colour", {"saturation": 1, "warmth": 0}, auto=True)
    better = client.fetch(run_id, tmp_path / "better.mp4")
    assert (mean_colour(better) - mean_colour(dark)).mean() > 20


@pytest.mark.parametrize("given", [{"contrast": 1.0}, {"brightness": 0.2}, {}])
def test_auto_chooses_what_was_not_given_and_tells_it(client: Client, tmp_path: Path, given: dict[str, float]) -> None:
    dim = write_still(tmp_path / "dim.mp4", 60, seconds=0.2)
    run_id = client.start(client.upload(dim), "Colour", {"saturation": 1, "warmth": 0, **given}, auto=True)
    brightness = mean_colour(client.fetch(run_id, tmp_path / "result.mp4")).mean()
    told = client.simple(run_id)["status_message"]
    for name in ("brightness", "contrast"):
        assert (name in told) == (name not in given), told
    assert brightness > 70


def test_what_touches_the_picture_is_the_node_and_not_the_name_of_a_parameter(tmp_path: Path) -> None:
    parameters = {"opacity": 0.5, "saturation": 1.5, "direction": "horizontal"}
    work = Work("cut", tmp_path, tmp_path, {}, parameters, frozenset(), lambda *_: None)
    assert stages(work) == []


def test_a_part_is_kept_to_the_frame(client: Client, tmp_path: Path) -> None:
    source = write_flashes(tmp_path / "flashes.mp4", ((2.0, 2.4), (4.0, 4.8)), seconds=8)
    result = client.process(source, "Trim", tmp_path / "result.mp4", start=1.6, end=4.4)
    found = facts(result)
    assert abs(found.duration - 2.8) <= FRAME / 2
    assert abs(found.audio_duration - 2.8) <= FRAME
    bright = [time for time, picture in pictures(result) if picture.mean() > 128]
    assert abs(bright[0] - 0.4) < FRAME / 2
    assert abs(bright[-1] - (2.8 - FRAME)) < FRAME / 2
    loud = np.flatnonzero(np.abs(sound(result)) > 0.1) / 48000
    assert abs(loud[0] - 0.4) <= FRAME


def test_all_of_a_video_is_not_encoded_again(client: Client, tmp_path: Path) -> None:
    source = footage("bigbuckbunny.mp4")
    result = client.process(source, "Trim", tmp_path / "result.mp4")
    assert all(np.array_equal(*pair) for pair in zip(colours(source), colours(result), strict=True))
    assert np.array_equal(sound(source), sound(result))


def test_a_part_far_behind_keeps_sound_and_picture_together(client: Client, tmp_path: Path) -> None:
    source = make_clip(tmp_path / "long.mp4", seconds=90, size=(160, 120), pauses=((70.0, 71.0),))
    run_id = client.start(client.upload(source), "Trim", {"start": 69.5, "end": 71.5})
    found = facts(result := client.fetch(run_id, tmp_path / "result.mp4"))
    assert abs(found.duration - 2.0) <= FRAME / 2
    heard = sound(result)
    assert level(heard, 0.05, 0.46) > -20
    assert level(heard, 0.54, 1.46) < -50
    assert level(heard, 1.54, 1.95) > -20


@pytest.mark.parametrize(
    ("parameters", "duration", "pause"),
    [({"start": -3}, 3.0, 0.0), ({"end": -1}, 3.0, 1.0), ({"start": -60, "end": -2.5}, 1.5, 1.0)],
)
def test_moments_below_zero_count_from_the_end(
    client: Client, clips: Path, tmp_path: Path, parameters: dict[str, object], duration: float, pause: float
) -> None:
    result = client.process(clips / "talk.mp4", "Trim", tmp_path / "result.mp4", **parameters)
    assert abs(facts(result).duration - duration) <= FRAME
    assert level(sound(result), pause + FRAME, pause + 0.45) < -50


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"start": 60}, "begins at 60 s, but the video ends after"),
        ({"start": 2, "end": 1}, "ends at 1 s, before it begins at 2 s"),
    ],
)
def test_a_part_that_is_not_there_is_told(
    client: Client, clips: Path, parameters: dict[str, object], sentence: str
) -> None:
    run_id = client.start(client.upload(clips / "talk.mp4"), "Trim", parameters)
    assert client.finish(run_id)["status"] == "failed"
    assert sentence in client.node(run_id, "Trim")["error"]
