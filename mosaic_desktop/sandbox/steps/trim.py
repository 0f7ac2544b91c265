"""Trim: one part of a video."""

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.opening import open_source
from mosaic_desktop.sandbox.steps.render import render
from mosaic_desktop.sandbox.steps.step import Work

_BEHIND = "The part begins at {:g} s, but the video ends after {:g} s. Choose an earlier start."
_EMPTY = "The part ends at {:g} s, before it begins at {:g} s. Choose a later end, or 0 for the end of the video."


def trim(work: Work) -> Made:
    """Write what is between the two moments."""
    with open_source(work.source) as source:
        duration, frame = source.duration, float(1 / source.frame_rate)
    start, end = float(work.parameters["start"]), float(work.parameters["end"])
    start = max(0.0, duration + start) if start < 0 else start
    end = duration + end if end <= 0 else end
    if start > duration - frame / 2:
        raise MediaError(_BEHIND.format(start, round(duration, 2)))
    if end <= start:
        raise MediaError(_EMPTY.format(end, start))
    if start <= 0 and end >= duration:
        return render(work)  # all of it need not be encoded again
    return render(work, keep=[(start, max(min(end, duration), start + frame))])
