"""Finding the pauses in the sound of a video."""

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.media.levels import Levels
from mosaic_desktop.sandbox.steps.listening import is_loud, listen, spans_to_keep
from mosaic_desktop.sandbox.steps.mute import nothing_to_hear
from mosaic_desktop.sandbox.steps.notes import KEEP
from mosaic_desktop.sandbox.steps.step import Work


def find_pauses(work: Work) -> Made:
    """Write which spans of the video are kept."""
    if made := nothing_to_hear(work, "remove_pauses"):
        return made
    levels = Levels()
    duration = listen(work, levels)
    shortest, padding = work.parameters["min_silence_ms"] / 1000, work.parameters["padding_ms"] / 1000
    loud, told = is_loud(work, levels.all)
    work.write_note(KEEP, spans_to_keep(loud, duration, shortest, padding))
    return Made(remark=told)
