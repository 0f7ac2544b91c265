"""Reframe, measured on real film: where the window is, found by matching the result with what went in."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import repeat
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
FIGURE_WIDTH = 72
# Pixels by which the step from frame to frame may differ from the step before: a glide, not a jolt.
MOST_JOLT = 7
# What whole pixels and the matching of pictures come to, however small the picture is.
COARSE = 2
# Times that the window may shake in a scene.
MOST_SHAKES = 0


# Where the subject is in real film, by eye: for each shot, the left and right end of a head, of hips, or of the hatch
# of a bus, in some pictures; between them it moves evenly.
Shots = list[dict[int, tuple[float, float]]]
SUBJECTS: dict[str, Shots] = {
    "bigbuckbunny.mp4": [
        {0: (0.24, 0.34), 12: (0.30, 0.40), 24: (0.34, 0.43), 36: (0.36, 0.46), 48: (0.30, 0.42), 60: (0.30, 0.41)}
        | {96: (0.30, 0.42), 108: (0.32, 0.45), 120: (0.28, 0.42), 131: (0.30, 0.43)}
    ],
    "carphone_pristine.mp4": [
        {0: (0.34, 0.64), 12: (0.31, 0.62), 24: (0.34, 0.64), 36: (0.27, 0.61), 48: (0.27, 0.60), 72: (0.26, 0.60)}
        | {84: (0.15, 0.52), 96: (0.17, 0.50), 108: (0.19, 0.53), 119: (0.22, 0.55)}
    ],
    "bikes.mp4": [
        {0: (0.47, 0.57), 29: (0.47, 0.57)},
        {30: (0.40, 0.49), 36: (0.56, 0.65), 40: (0.70, 0.82)},
        {106: (0.62, 0.74), 135: (0.60, 0.74)},
        {187: (0.23, 0.31), 191: (0.29, 0.37), 195: (0.35, 0.45), 199: (0.48, 0.58), 203: (0.61, 0.71)}
        | {207: (0.78, 0.88)},
    ],
}
# The middle of the driver's face in carphone_pristine.mp4, by eye, in shares of the picture.
DRIVER = {0: (0.48, 0.42), 36: (0.44, 0.44), 60: (0.44, 0.43), 84: (0.35, 0.43), 119: (0.38, 0.42)}


def film(name: str, first: int = 0, last: int = 120, from_right: float = 1.0) -> list[Gray]:
    """Pictures of real film at one size, there and back again, as many as are wanted. `from_right`: how much of the
    width is taken.
    """
    with av.open(str(footage(name))) as container:
        seen = [
            np.asarray(frame.reformat(round(WIDTH / from_right), HEIGHT, format="gray").to_ndarray(), np.uint8)
            for number, frame in enumerate(container.decode(video=0))
            if first <= number < last
        ]
    seen = [picture[:, -WIDTH:] for picture in seen]
    return ((seen + seen[::-1]) * (COUNT // len(seen) + 1))[:COUNT]


def hill(first: int = 0, last: int = 120) -> list[Gray]:
    """Grass and trees in the wind: what is behind the animal in Big Buck Bunny."""
    return film("bigbuckbunny.mp4", first, last, from_right=0.5)


def still(background: list[Gray]) -> list[Gray]:
    return [background[0]] * COUNT


def panned(background: list[Gray]) -> list[Gray]:
    """A camera that pans over a larger picture of the film."""
    large = VideoFrame.from_ndarray(background[0], format="gray").reformat(960, 540).to_ndarray().astype(np.uint8)
    return [large[90 : 90 + HEIGHT, left : left + WIDTH] for left in np.linspace(0, 310, COUNT).astype(int)]


def street() -> list[Gray]:
    """Traffic behind a fence."""
    return film("bikes.mp4", 140, 186)


def two_scenes() -> list[Gray]:
    return still(hill(60, 61))[: COUNT // 2] + still(film("bikes.mp4", 220, 221))[COUNT // 2 :]


def walked(places: list[float], seconds: list[float]) -> Path1D:
    return np.interp(SECONDS, seconds, places)


SWING: Path1D = 0.5 + 0.28 * np.sin(2 * np.pi * SECONDS / 3.6)
SLOW, FAST = walked([0.15, 0.8], [0, 6]), walked([0.12, 0.88, 0.12, 0.5], [0, 2.4, 4.8, 6])
HELD = np.full(COUNT, 0.3)
STOPS = walked([0.2, 0.2, 0.8, 0.8, 0.5], [0, 1, 2.8, 4.6, 6])
TURNS = walked([0.3, 0.5, 0.35, 0.6, 0.4, 0.7, 0.5], [0, 1, 2, 3, 4, 5, 6])
JUMPS = np.concatenate([walked([0.2, 0.4], [0, 3])[: COUNT // 2], walked([0.85, 0.6], [3, 6])[COUNT // 2 :]])


def coats() -> Iterator[Gray]:
    """Somebody in a patched coat, who has no face."""
    patches = np.random.default_rng(8).integers(0, 255, (10, 6)).astype(np.uint8)
    coat = np.kron(patches, np.ones((14, 12), np.uint8))
    return repeat(coat, COUNT)


def heads() -> Iterator[Gray]:
    """The driver, who speaks and turns his head."""
    faces = film("carphone_pristine.mp4")
    numbers = [*range(120), *range(119, -1, -1)][:COUNT]
    for picture, number in zip(faces, numbers, strict=True):
        x, y = (np.interp(number, list(DRIVER), places) for places in zip(*DRIVER.values(), strict=True))
        left, top = round(x * WIDTH) - 110, round(y * HEIGHT) - 105
        cut = np.ascontiguousarray(picture[top : top + 210, left : left + 220])
        yield VideoFrame.from_ndarray(cut, format="gray").reformat(FIGURE_WIDTH, 80).to_ndarray().astype(np.uint8)


def with_figure(background: Iterable[Gray], figures: Iterator[Gray], path: Path1D) -> Iterator[Gray]:
    """Somebody round walks there, whose middle is at `path`."""
    for picture, figure, middle in zip(background, figures, path, strict=True):
        height, width = figure.shape
        down, right = np.mgrid[:height, :width]
        body = (2 * down / height - 1) ** 2 + (2 * right / width - 1) ** 2 <= 1
        grey = picture.copy()
        left = round(middle * WIDTH - width / 2)
        grey[120 : 120 + height, left : left + width][body] = figure[body]
        yield grey


def upright(path: Path) -> Iterator[Gray]:
    """Pictures as they are seen: some films have pixels that are wider than high."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        width = int(stream.width * (stream.sample_aspect_ratio or 1) / 2) * 2
        for frame in container.decode(stream):
            yield frame.reformat(width, format="gray").to_ndarray().astype(np.uint8)


def window_lefts(source: Path, result: Path) -> list[int]:
    """Where the left edge of the result's picture is in that of the source, frame by frame."""
    return [left for left, _ in corners(source, result)]


def corners(source: Path, result: Path) -> Iterator[tuple[int, int]]:
    """Left and top of the result's picture in that of the source, frame by frame. The window keeps nearly all of one
    side of the picture.
    """
    for whole, (_, part) in zip(upright(source), pictures(result), strict=True):
        rows, columns = (slice(side // 24, None, max(1, side // 16)) for side in part.shape)
        places = np.lib.stride_tricks.sliding_window_view(whole, part.shape)[:, :, rows, columns].astype(np.int16)
        apart = np.abs(places - part[rows, columns]).mean(axis=(2, 3))
        assert apart.min() < np.median(apart) / 3, "the same picture"
        top, left = np.unravel_index(int(apart.argmin()), apart.shape)
        yield int(left), int(top)


@pytest.mark.parametrize(
    ("background", "figures", "path"),
    [
        pytest.param(hill, coats, SLOW, id="slow before moving grass"),
        pytest.param(lambda: hill(75, 95), coats, FAST, id="fast before moving grass"),
        pytest.param(street, coats, TURNS, id="turning before traffic"),
        pytest.param(lambda: still(street()), coats, STOPS, id="stopping"),
        pytest.param(lambda: still(hill()), coats, SWING, id="swinging"),
        pytest.param(lambda: panned(street()), coats, STOPS, id="stopping while the camera pans"),
        pytest.param(lambda: panned(hill()), coats, FAST, id="fast while the camera pans"),
        pytest.param(two_scenes, coats, JUMPS, id="two scenes"),
        pytest.param(street, heads, STOPS, id="a face that stops before traffic"),
        pytest.param(lambda: film("bikes.mp4", 0, 30), heads, TURNS, id="a face that turns before a bus"),
        pytest.param(lambda: film("bigbuckbunny.mp4"), heads, SLOW, id="a face before an animal that waves"),
    ],
)
def test_the_subject_stays_in_the_window_which_glides(
    client: Client,
    tmp_path: Path,
    background: Callable[[], list[Gray]],
    figures: Callable[[], Iterator[Gray]],
    path: Path1D,
) -> None:
    source = write_video(tmp_path / "walk.mp4", with_figure(background(), figures(), path))
    result = client.process(source, "Reframe", tmp_path / "result.mp4", aspect="9:16")
    lefts, width = np.array(window_lefts(source, result)), next(pictures(result))[1].shape[1]
    left, right = path * WIDTH - FIGURE_WIDTH / 2, path * WIDTH + FIGURE_WIDTH / 2
    inside = (left >= lefts - 2) & (right <= lefts + width + 2)
    assert inside.mean() >= 0.95
    steps = np.diff(lefts)
    scene = np.array([COUNT // 2 - 1]) if path is JUMPS else np.array([], int)
    assert np.abs(np.diff(np.delete(steps, scene))).max() <= MOST_JOLT
    assert max(map(shakes, np.split(lefts, scene + 1))) <= MOST_SHAKES
    if path is JUMPS:
        assert abs(steps[scene[0]]) > 100, "with the cut the window jumps, in one frame"


@pytest.mark.parametrize(
    ("name", "aspect"),
    [*((name, "9:16") for name in SUBJECTS), ("bigbuckbunny.mp4", "1:1"), ("carphone_pristine.mp4", "4:5")],
)
def test_real_film_keeps_its_subject_and_has_no_jolts(client: Client, tmp_path: Path, name: str, aspect: str) -> None:
    result = client.process(footage(name), "Reframe", tmp_path / "result.mp4", aspect=aspect)
    part, whole = next(pictures(result))[1], next(upright(footage(name)))
    assert Fraction(part.shape[1], part.shape[0]) == Fraction(*map(int, aspect.split(":")))
    lefts, scale = np.array(window_lefts(footage(name), result)), 1 / whole.shape[1]
    inside = []
    for shot in SUBJECTS[name]:
        numbers = np.arange(min(shot), max(shot) + 1)
        left, right = (np.interp(numbers, list(shot), ends) for ends in zip(*shot.values(), strict=True))
        first, last = lefts[numbers] * scale, (lefts[numbers] + part.shape[1]) * scale
        # Of a head that fills the window, a tenth may be outside.
        fills = right - left > 0.8 * (last - first)
        spare = np.where(fills, 0.1 * (right - left), 2 * scale)
        inside.extend((first <= left + spare) & (right <= last + spare))
    assert np.mean(inside) >= 0.95
    cuts = {"bikes.mp4": [30, 76, 137, 187, 242]}.get(name, [])
    for scene in np.split(lefts, cuts):
        assert np.abs(np.diff(scene, 2)).max() <= max(MOST_JOLT * whole.shape[1] / WIDTH, COARSE)
        assert shakes(scene) <= MOST_SHAKES


def shakes(lefts: NDArray[np.int_]) -> int:
    """How often the window turns round, and again within half a second."""
    moved = np.flatnonzero(np.diff(lefts))
    ways = np.sign(np.diff(lefts)[moved])
    turns = moved[1:][ways[1:] != ways[:-1]]
    return int(np.count_nonzero(np.diff(turns) <= 12))


def noisy(picture: Gray) -> Iterator[Gray]:
    """The same picture again and again, with the noise of a camera."""
    noise = np.random.default_rng(9)
    for _ in range(COUNT):
        yield np.clip(picture + noise.normal(0, 4, picture.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    "scene",
    [
        pytest.param(lambda: still(film("carphone_pristine.mp4")), id="a face"),
        pytest.param(lambda: noisy(film("carphone_pristine.mp4")[0]), id="a face with noise"),
        pytest.param(lambda: noisy(hill()[0]), id="a hill with noise"),
        pytest.param(lambda: with_figure(street(), repeat(next(heads()), COUNT), HELD), id="a face before traffic"),
        pytest.param(lambda: with_figure(noisy(hill()[0]), coats(), HELD), id="a coat with noise"),
    ],
)
def test_while_the_subject_stands_still_so_does_the_window(
    client: Client, tmp_path: Path, scene: Callable[[], Iterator[Gray]]
) -> None:
    source = write_video(tmp_path / "still.mp4", scene())
    result = client.process(source, "Reframe", tmp_path / "result.mp4", aspect="9:16")
    assert len(set(corners(source, result))) == 1


def test_the_whole_of_a_real_film_is_in_the_blurred_frame(client: Client, tmp_path: Path) -> None:
    source = footage("carphone_pristine.mp4")
    result = client.process(source, "Reframe", tmp_path / "result.mp4", aspect="9:16", fit="blur")
    for (_, picture), whole in zip(pictures(result), upright(source), strict=True):
        height, width = picture.shape
        assert Fraction(width, height) == Fraction(9, 16)
        high = (width * whole.shape[0] // whole.shape[1] + 1) // 2 * 2
        small = VideoFrame.from_ndarray(whole, format="gray").reformat(width, high).to_ndarray()
        top = (height - high) // 4 * 2
        inside = picture[top : top + high].astype(int)
        assert np.abs(inside - small).mean() < 6
        around = np.concatenate([picture[:top], picture[top + high :]])
        assert around.std() > 5, "and no bars"
        assert np.abs(np.diff(around.astype(int), axis=1)).mean() < np.abs(np.diff(inside, axis=1)).mean() / 2


def test_in_tall_film_a_face_is_in_the_window_with_its_shoulders(client: Client, tmp_path: Path) -> None:
    room = np.full((960, 360), 120, np.uint8)
    tall = []
    for picture in film("carphone_pristine.mp4"):
        room[480:] = 90
        room[500:680] = VideoFrame.from_ndarray(picture, format="gray").reformat(360, 180).to_ndarray()
        tall.append(room.copy())
    result = client.process(write_video(tmp_path / "tall.mp4", tall), "Reframe", tmp_path / "result.mp4", aspect="16:9")
    height = next(pictures(result))[1].shape[0]
    for _, top in corners(tmp_path / "tall.mp4", result):
        assert top < 500 + 0.25 * 180
        assert top + height > 500 + 0.85 * 180


@pytest.mark.parametrize("seen", [1, 30])
def test_where_nothing_can_be_told_the_window_is_in_the_middle(seen: int) -> None:
    tracker = Tracker(0.3, 1.0)
    for _ in range(seen):
        tracker.see(np.full((90, 160), 90, np.uint8))
    assert np.abs(tracker.path() - 0.5).max() < 0.01
