"""How long a video is, for its price."""

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.media.opening import open_source
from mosaic_desktop.sandbox.steps.step import Work


def measure(work: Work) -> Made:
    """Only looks; makes nothing."""
    with open_source(work.source) as source:
        return Made(duration_ms=round(source.duration * 1000))
