"""Reframe, measured on real film: where the window is, found by matching the result with what went in."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.tracking import Tracker
from tests.sandbox.client import Client
from tests.sandbox.measuring import pictures
from tests.sandbox.speaking import write_video
from tests.support.media import footage

Gray = NDArray[np.uint8]
Path1D = NDArray[np.float64]

WIDTH, HEIGHT = 640, 360
COUNT = 150
SECONDS = np.arange(COUNT) / 25
FIGURE_WIDTH, FIGURE_HEIGHT = 72, 140
# Pixels by which the step from frame to frame may differ from the step before: a glide, not a jolt. The cropping filter
# goes by two pixels at a time, which alone makes differences of up to four.
MOST_JOLT = 8


def film(name: str, first: int = 0, last: int = 120) -> list[Gray]:
    """Pictures of real film at one size, there and back again, as many as are wanted."""
    with av.open(str(footage(name))) as container:
        seen = [
            np.asarray(frame.reformat(WIDTH, HEIGHT, format="gray").to_ndarray(), np.uint8)
            for number, frame in enumerate(container.decode(video=0))
            if first <= number < last
        ]
    return ((seen + seen[::-1]) * (COUNT // len(seen) + 1))[:COUNT]


def still(name: str, number: int) -> list[Gray]:
    return film(name, number, number + 1)


def panned(name: str, number: int) -> list[Gray]:
    """A camera that pans over a larger picture of the film."""
    (picture,) = still(name, number)[:1]
    large = VideoFrame.from_ndarray(picture, format="gray").reformat(960, 540).to_ndarray().astype(np.uint8)
    return [large[90 : 90 + HEIGHT, left : left + WIDTH] for left in np.linspace(0, 310, COUNT).astype(int)]


def two_scenes() -> list[Gray]:
    return still("bigbuckbunny.mp4", 60)[: COUNT // 2] + still("bikes.mp4", 60)[COUNT // 2 :]


def walked(places: list[float], seconds: list[float]) -> Path1D:
    return np.interp(SECONDS, seconds, places)


SWING: Path1D = 0.5 + 0.28 * np.sin(2 * np.pi * SECONDS / 3.6)
SLOW, FAST = walked([0.15, 0.8], [0, 6]), walked([0.12, 0.88, 0.12, 0.5], [0, 2.4, 4.8, 6])
STOPS = walked([0.2, 0.2, 0.8, 0.8, 0.5], [0, 1, 2.8, 4.6, 6])
TURNS = walked([0.3, 0.5, 0.35, 0.6, 0.4, 0.7, 0.5], [0, 1, 2, 3, 4, 5, 6])
JUMPS = np.concatenate([walked([0.2, 0.4], [0, 3])[: COUNT // 2], walked([0.85, 0.6], [3, 6])[COUNT // 2 :]])


def with_figure(background: list[Gray], path: Path1D) -> Iterator[Gray]:
    """Somebody in a patched coat walks there, whose middle is at `path`."""
    down, right = np.mgrid[:FIGURE_HEIGHT, :FIGURE_WIDTH]
    body = (2 * down / FIGURE_HEIGHT - 1) ** 2 + (2 * right / FIGURE_WIDTH - 1) ** 2 <= 1
    patches = np.random.default_rng(8).integers(0, 255, (10, 6)).astype(np.uint8)
    coat = np.kron(patches, np.ones((14, 12), np.uint8))
    for picture, middle in zip(background, path, strict=True):
        grey = picture.copy()
        left = round(middle * WIDTH - FIGURE_WIDTH / 2)
        grey[120 : 120 + FIGURE_HEIGHT, left : left + FIGURE_WIDTH][body] = coat[body]
        yield grey


def window_lefts(source: Path, result: Path) -> list[int]:
    """Where the left edge of the result's picture is in that of the source, frame by frame."""
    found = []
    for (_, whole), (_, part) in zip(pictures(source), pictures(result), strict=True):
        top = (whole.shape[0] - part.shape[0]) // 2
        rows = slice(4, None, max(1, part.shape[0] // 16))
        places = np.lib.stride_tricks.sliding_window_view(whole[top : top + part.shape[0]][rows], part.shape[1], axis=1)
        apart = np.abs(places[:, :, ::3].astype(np.int16) - part[rows, np.newaxis, ::3]).mean(axis=(0, 2))
        assert apart.min() < 10, "the same picture"
        found.append(int(apart.argmin()))
    return found


@pytest.mark.parametrize(
    ("background", "path"),
    [
        pytest.param(lambda: film("bigbuckbunny.mp4"), SLOW, id="slow before moving film"),
        pytest.param(lambda: film("bigbuckbunny.mp4", 75, 95), FAST, id="fast before moving film"),
        pytest.param(lambda: film("carphone_pristine.mp4"), TURNS, id="turning before moving film"),
        pytest.param(lambda: still("bikes.mp4", 60), STOPS, id="stopping"),
        pytest.param(lambda: still("bigbuckbunny.mp4", 60), SWING, id="swinging"),
        pytest.param(lambda: panned("bikes.mp4", 160), STOPS, id="stopping while the camera pans"),
        pytest.param(lambda: panned("bigbuckbunny.mp4", 60), FAST, id="fast while the camera pans"),
        pytest.param(two_scenes, JUMPS, id="two scenes"),
    ],
)
def test_the_subject_stays_in_the_window_which_glides(
    client: Client, tmp_path: Path, background: Callable[[], list[Gray]], path: Path1D
) -> None:
    source = write_video(tmp_path / "walk.mp4", with_figure(background(), path))
    result = client.process(source, "Reframe", tmp_path / "result.mp4", aspect="9:16")
    lefts, width = np.array(window_lefts(source, result)), next(pictures(result))[1].shape[1]
    left, right = path * WIDTH - FIGURE_WIDTH / 2, path * WIDTH + FIGURE_WIDTH / 2
    inside = (left >= lefts - 2) & (right <= lefts + width + 2)
    assert inside.mean() >= 0.95
    steps = np.diff(lefts)
    scene = np.array([COUNT // 2 - 1]) if path is JUMPS else np.array([], int)
    assert np.abs(np.diff(np.delete(steps, scene))).max() <= MOST_JOLT
    if path is JUMPS:
        assert abs(steps[scene[0]]) > 100, "with the cut the window jumps, in one frame"


@pytest.mark.parametrize("name", ["bigbuckbunny.mp4", "bikes.mp4"])
def test_real_film_has_the_exact_shape_and_no_jolts(client: Client, tmp_path: Path, name: str) -> None:
    result = client.process(footage(name), "Reframe", tmp_path / "result.mp4", aspect="9:16")
    part = next(pictures(result))[1]
    assert Fraction(part.shape[1], part.shape[0]) == Fraction(9, 16)
    lefts = np.array(window_lefts(footage(name), result))
    cuts = {"bikes.mp4": [30, 76, 137, 187, 242]}.get(name, [])
    scale = WIDTH / next(pictures(footage(name)))[1].shape[1]
    for scene in np.split(lefts, cuts):
        assert np.abs(np.diff(scene, 2)).max() * scale <= MOST_JOLT


@pytest.mark.parametrize("seen", [1, 30])
def test_where_nothing_can_be_told_the_window_is_in_the_middle(seen: int) -> None:
    tracker = Tracker(0.3, 1.0)
    for _ in range(seen):
        tracker.see(np.full((90, 160), 90, np.uint8))
    assert np.abs(tracker.path() - 0.5).max() < 0.01
