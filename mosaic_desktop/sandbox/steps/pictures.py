"""What a node does to pictures, read from its parameters and from what the nodes before found out."""

from collections.abc import Iterator

import numpy as np

from mosaic_desktop.sandbox.media.framing import blurred, cropped
from mosaic_desktop.sandbox.media.graphs import Stage
from mosaic_desktop.sandbox.steps.notes import TRACK
from mosaic_desktop.sandbox.steps.step import Work


def stages(work: Work) -> list[Stage]:
    """In the order in which they happen; none where the agent does not touch the picture."""
    return [*_framing(work)]


def _framing(work: Work) -> Iterator[Stage]:
    track = work.note(TRACK)
    if track is None:
        return
    if work.parameters["fit"] == "blur":
        yield blurred(track["aspect"])
    else:
        yield cropped(track["aspect"], np.array(track["centres"]).reshape(-1, 2))
