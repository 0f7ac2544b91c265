"""Finding faces in pictures, by a small neural network that looks at the whole picture at once.

Source: V. Bazarevsky and others, BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs, 2019; its model for
cameras that film others, which knows faces from about a twentieth of the picture up.
"""

from dataclasses import dataclass

import numpy as np
import onnxruntime
from av.video.frame import VideoFrame
from numpy.typing import NDArray
from PIL import Image

from mosaic_desktop.core.resources import resources_dir

Colours = NDArray[np.uint8]
_Floats = NDArray[np.float64]

_MODEL = "blazeface_back_256.onnx"
_SIDE = 256
# The places that the network looks from: how many in a row, and how many faces it can tell at each.
_GRIDS = ((16, 2), (8, 6))
# What is less sure is a face no more often than not. As the logarithm of its odds, which the network gives.
_LEAST_ODDS = 0.2
# Boxes that share more than this of what both cover are of one face.
_SAME_FACE = 0.3
_ERRORS_ONLY = 3
# A face that went further than this is looked at again at once, one that did not after so many frames.
_MOVED, _FRAMES_WAITED = 0.04, 2


@dataclass(frozen=True, slots=True)
class Face:
    """A box from brow to chin, in shares of the picture. `sure`: from 0.55 to 1."""

    left: float
    top: float
    right: float
    bottom: float
    sure: float

    @property
    def middle(self) -> float:
        """Where its middle is between left and right."""
        return (self.left + self.right) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        """The share of the picture that it covers."""
        return (self.right - self.left) * self.height


class FaceFinder:
    """Holds the network, which works in the calling thread."""

    def __init__(self) -> None:
        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = 1, _ERRORS_ONLY
        model = resources_dir() / "models" / _MODEL
        self._network = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._input = self._network.get_inputs()[0].name
        self._places = np.concatenate([_places(*grid) for grid in _GRIDS])

    def find(self, picture: Colours) -> list[Face]:
        """The faces in a picture (height x width x red, green, blue), the surest first."""
        height, width, _ = picture.shape
        scale = _SIDE / max(height, width)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        corner = (_SIDE - size[0]) // 2, (_SIDE - size[1]) // 2
        square = Image.new("RGB", (_SIDE, _SIDE))
        square.paste(Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR), corner)
        inputs = np.asarray(square, np.float32)[np.newaxis] / 127.5 - 1
        values = [np.asarray(value)[0] for value in self._network.run(None, {self._input: inputs})]
        odds, shapes = np.concatenate(values[:2])[:, 0], np.concatenate(values[2:])[:, :4]
        found = np.flatnonzero(odds > _LEAST_ODDS)
        found = found[np.argsort(-odds[found])]
        sure = 1 / (1 + np.exp(-odds[found, np.newaxis]))
        middles, halves = self._places[found] * _SIDE + shapes[found, :2] - corner, shapes[found, 2:] / 2
        boxes = np.hstack([(middles - halves) / size, (middles + halves) / size, sure])
        return _apart([Face(*map(float, box)) for box in boxes])


class FaceWatch:
    """Looks for faces in frames of a video: often where they come, go or move, else seldom, since a look takes long."""

    def __init__(self) -> None:
        self._finder = FaceFinder()
        self._faces: list[Face] | None = None
        self._wait = 0

    def cut(self) -> None:
        """What is seen from here on is another scene."""
        self._faces, self._wait = None, 0

    def see(self, picture: VideoFrame) -> list[Face] | None:
        """The faces in the next frame; None where it was not looked at."""
        if self._wait:
            self._wait -= 1
            return None
        # Threads take longer to make than such a picture.
        colours = picture.reformat(format="rgb24", threads=1).to_ndarray().astype(np.uint8, copy=False)
        before, self._faces = self._faces, self._finder.find(colours)
        self._wait = _FRAMES_WAITED if _calm(before, self._faces) else 0
        return self._faces


def _calm(before: list[Face] | None, now: list[Face]) -> bool:
    """Whether as many faces are there as before, and the surest one where it was."""
    if before is None or len(before) != len(now):
        return False
    return not now or abs(now[0].middle - before[0].middle) < _MOVED


def _places(count: int, each: int) -> _Floats:
    """The middles of a grid's squares row by row, x and y in shares, each so many times."""
    middles = (np.arange(count) + 0.5) / count
    down, right = np.meshgrid(middles, middles, indexing="ij")
    return np.stack([right.ravel(), down.ravel()], axis=1).repeat(each, axis=0)


def _apart(faces: list[Face]) -> list[Face]:
    """Each face once: of boxes over one another the surest, which comes first."""
    kept: list[Face] = []
    for face in faces:
        if all(_overlap(face, other) < _SAME_FACE for other in kept):
            kept.append(face)
    return kept


def _overlap(one: Face, other: Face) -> float:
    """What both cover of what any of them covers."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    both = max(width, 0.0) * max(height, 0.0)
    return both / (one.area + other.area - both)
