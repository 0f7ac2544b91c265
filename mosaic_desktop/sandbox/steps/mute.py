"""A video without sound in an agent to which sound is one thing of several: the others can be had."""

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.media.opening import open_source
from mosaic_desktop.sandbox.steps.step import Work

_MUTE = "This video has no sound, so only its picture was edited."


def nothing_to_hear(work: Work, switch: str) -> Made | None:
    """What a step on sound has made where there is none, and the agent has a switch for that step; else None."""
    if switch not in work.parameters:
        return None
    with open_source(work.source) as source:
        return Made(remark=_MUTE) if source.audio is None else None
