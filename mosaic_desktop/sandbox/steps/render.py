"""Making the finished video out of what the nodes before found out and what the parameters say."""

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.media.film import Film, Spans, write_film
from mosaic_desktop.sandbox.media.lettering import left_out
from mosaic_desktop.sandbox.steps.choices import choose
from mosaic_desktop.sandbox.steps.notes import KEEP, SOUND
from mosaic_desktop.sandbox.steps.pictures import is_watermark, stages
from mosaic_desktop.sandbox.steps.step import Work, finished

_VIDEO = "video.mp4"


def render(work: Work, label: str = "", keep: Spans | None = None) -> Made:
    """Write the one video of this node. `label` tells it from those of other nodes. Without `keep` all is kept that a
    node before left.
    """
    work, remark = choose(work, label)
    film = Film(work.note(KEEP) if keep is None else keep, stages(work), work.file(SOUND))
    write_film(work.result / _VIDEO, work.source, film, work.report)
    if is_watermark(work):
        remark = f"{remark}\n{left_out([str(work.parameters['text'])])}".strip()
    return finished(work.result, [(label, _VIDEO)], remark)
