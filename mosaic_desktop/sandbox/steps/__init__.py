"""What nodes do: one function a node type. Loaded in worker processes only."""

from collections.abc import Callable, Mapping
from functools import partial

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.steps.audio import denoise, level, master
from mosaic_desktop.sandbox.steps.clips import cut_clips, score
from mosaic_desktop.sandbox.steps.measure import measure
from mosaic_desktop.sandbox.steps.render import render
from mosaic_desktop.sandbox.steps.silence import find_pauses
from mosaic_desktop.sandbox.steps.stand_in import stand_in
from mosaic_desktop.sandbox.steps.step import Work
from mosaic_desktop.sandbox.steps.subject import track
from mosaic_desktop.sandbox.steps.takes import find_takes
from mosaic_desktop.sandbox.steps.transcribe import transcribe
from mosaic_desktop.sandbox.steps.trim import trim

STEPS: Mapping[str, Callable[[Work], Made]] = {
    "denoise": denoise,
    "level": level,
    "find_pauses": find_pauses,
    "find_takes": find_takes,
    "cut": render,
    "score": score,
    "cut_clips": cut_clips,
    "track": track,
    "crop": render,
    "master": master,
    "track_vertical": partial(track, aspect="9:16"),
    "track_square": partial(track, aspect="1:1"),
    "render_vertical": partial(render, label="vertical"),
    "render_square": partial(render, label="square"),
    "render_original": render,
    "mirror": render,
    "colour": render,
    "trim": trim,
    "transcribe": transcribe,
    "draw": render,
    "watermark": render,
    "measure": measure,
    "stand_in": stand_in,
}
