"""Finding the subject of a video, so that a crop can follow it."""

import numpy as np
from av.video.frame import VideoFrame

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.media.framing import window_share
from mosaic_desktop.sandbox.media.picture import upright
from mosaic_desktop.sandbox.media.source import open_source
from mosaic_desktop.sandbox.media.tracking import FRAMES_PER_SECOND, Tracker
from mosaic_desktop.sandbox.steps.notes import TRACK
from mosaic_desktop.sandbox.steps.step import Work

_ANALYSIS = [
    ("fps", str(FRAMES_PER_SECOND)),
    ("scale", "160:160:force_original_aspect_ratio=decrease"),
    ("format", "gray"),
]


def track(work: Work, aspect: str | None = None) -> Made:
    """Write the shape, the parameter's where none is given, and where the subject is from moment to moment."""
    with open_source(work.source) as source:
        total = max(1, round(source.duration * FRAMES_PER_SECOND))
        wanted, tracker = aspect or str(work.parameters["aspect"]), None
        for done, frame in enumerate(upright(source, _ANALYSIS), start=1):
            if tracker is None:
                wanted = _aspect(work, frame) if aspect is None and work.is_free("aspect") else wanted
                tracker = Tracker(*window_share(frame.width, frame.height, wanted))
            tracker.see(frame.to_ndarray().astype(np.uint8, copy=False))
            work.report(done / total, done, max(done, total))
    centres = tracker.path() if tracker else np.empty((0, 2))
    work.write_note(TRACK, {"aspect": wanted, "centres": centres.round(4).tolist()})
    return Made()


def _aspect(work: Work, frame: VideoFrame) -> str:
    return "9:16" if frame.width > frame.height else "1:1"
