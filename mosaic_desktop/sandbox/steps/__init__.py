"""What nodes do: one function a node type. Loaded in worker processes only."""

from collections.abc import Callable, Mapping

from mosaic_desktop.sandbox.steps.audio import denoise, level
from mosaic_desktop.sandbox.steps.measure import measure
from mosaic_desktop.sandbox.steps.reframe import find_subject, reframe
from mosaic_desktop.sandbox.steps.silence import cut, find_pauses
from mosaic_desktop.sandbox.steps.stand_in import stand_in
from mosaic_desktop.sandbox.steps.step import Made, Work

STEPS: Mapping[str, Callable[[Work], Made]] = {
    "denoise": denoise,
    "level": level,
    "find_pauses": find_pauses,
    "cut": cut,
    "find_subject": find_subject,
    "reframe": reframe,
    "measure": measure,
    "stand_in": stand_in,
}
