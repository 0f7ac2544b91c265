"""Making the finished video out of what the nodes before found out and what the parameters say."""

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.media.film import Film, write_film
from mosaic_desktop.sandbox.steps.notes import KEEP, SOUND
from mosaic_desktop.sandbox.steps.pictures import stages
from mosaic_desktop.sandbox.steps.step import Work, finished

_VIDEO = "video.mp4"


def render(work: Work, label: str = "") -> Made:
    """Write the one video of this node. `label` tells it from those of other nodes."""
    film = Film(work.note(KEEP), stages(work), work.file(SOUND))
    write_film(work.result / _VIDEO, work.source, film, work.report)
    return finished(work.result, [(label, _VIDEO)])
