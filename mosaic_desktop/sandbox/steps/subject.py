"""Finding the subject of a video, so that a crop can follow it."""

import numpy as np

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.faces import FaceWatch
from mosaic_desktop.sandbox.media.following import FRAMES_PER_SECOND
from mosaic_desktop.sandbox.media.framing import window_share
from mosaic_desktop.sandbox.media.opening import open_source
from mosaic_desktop.sandbox.media.scenes import Gray, looks
from mosaic_desktop.sandbox.media.tracking import Tracker
from mosaic_desktop.sandbox.steps.notes import TRACK
from mosaic_desktop.sandbox.steps.step import Work
from mosaic_desktop.sandbox.steps.telling import chosen

_TOO_NARROW = "This picture of {} x {} pixels is too narrow to find a subject in it."


def track(work: Work, aspect: str | None = None) -> Made:
    """Write the shape, the parameter's where none is given, and where the subject is from moment to moment."""
    faces = FaceWatch()
    with open_source(work.source) as source:
        half_frame = float(1 / source.frame_rate) / 2
        wanted, tracker, scenes, told = aspect or str(work.parameters["aspect"]), None, [(0.0, 0)], ""
        for done, look in enumerate(looks(source), start=1):
            total = max(source.frame_count, done)
            if tracker is None:
                if aspect is None and work.is_free("aspect"):
                    wanted = _aspect(look.grey)
                    told = chosen({"aspect": wanted})
                height, width = look.grey.shape
                if min(height, width) < 2:
                    raise MediaError(_TOO_NARROW.format(source.video.width, source.video.height))
                tracker = Tracker(*window_share(width, height, wanted))
            if look.cut:
                tracker.cut()
                faces.cut()
                scenes.append((look.time, tracker.seen))
            # Where frames are far apart, one is seen several times.
            while look.time + half_frame >= tracker.seen / FRAMES_PER_SECOND:
                tracker.see(look.grey, faces.see(look.picture))
                work.report(done / total, done, total)  # here too, since that may be thousands of times
            work.report(done / total, done, total)
    centres = tracker.path() if tracker else np.empty((0, 2))
    work.write_note(TRACK, {"aspect": wanted, "centres": centres.round(4).tolist(), "scenes": scenes})
    return Made(remark=told)


def _aspect(grey: Gray) -> str:
    return "9:16" if grey.shape[1] > grey.shape[0] else "1:1"
