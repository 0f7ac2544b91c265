"""Faces in real film: found where a person sees them, and not where nobody is."""

from collections.abc import Iterator

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.faces import Face, FaceFinder
from tests.support.media import footage

# The tip of the driver's nose in carphone_pristine.mp4, by eye: number of the picture, shares of width and height.
DRIVER = {0: (0.47, 0.5), 40: (0.43, 0.52), 80: (0.38, 0.44), 110: (0.38, 0.5)}


def colours(name: str, numbers: set[int]) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    with av.open(str(footage(name))) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number in numbers:
                yield number, np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


@pytest.fixture(scope="module")
def finder() -> FaceFinder:
    return FaceFinder()


def holds(face: Face, place: tuple[float, float]) -> bool:
    return face.left < place[0] < face.right and face.top < place[1] < face.bottom


def test_the_driver_has_one_face(finder: FaceFinder) -> None:
    for number, picture in colours("carphone_pristine.mp4", set(DRIVER)):
        (face,) = finder.find(picture)
        assert holds(face, DRIVER[number])
        assert face.sure > 0.8
        assert 0.03 < face.area < 0.15


def test_the_picture_may_have_any_shape(finder: FaceFinder) -> None:
    ((_, picture),) = colours("carphone_pristine.mp4", {0})
    tall = np.vstack([np.zeros_like(picture), np.zeros_like(picture), picture])
    (face,) = finder.find(tall)
    assert holds(face, (DRIVER[0][0], (2 + DRIVER[0][1]) / 3))


def test_two_people_have_two_faces(finder: FaceFinder) -> None:
    ((_, picture),) = colours("carphone_pristine.mp4", {0})
    faces = finder.find(np.hstack([picture, picture[:, ::-1]]))
    assert len([face for face in faces if face.sure > 0.7]) == 2


@pytest.mark.parametrize("picture", [np.zeros((90, 160, 3), np.uint8), np.full((1, 1, 3), 200, np.uint8)])
def test_where_nothing_is_there_is_no_face(finder: FaceFinder, picture: NDArray[np.uint8]) -> None:
    assert finder.find(picture) == []
