"""Listening to the sound of a video: what in it is loud, and what is quiet."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.graphs import GAPLESS, audio_chain, push_all
from mosaic_desktop.sandbox.media.levels import WINDOW_SECONDS
from mosaic_desktop.sandbox.media.opening import open_source
from mosaic_desktop.sandbox.steps.step import Report, Work
from mosaic_desktop.sandbox.steps.telling import chosen

_NO_SOUND = "This video has no sound, so there are no pauses to find."
_SILENT = "The sound of this video is silent from beginning to end, so nothing would be left."
_ALL_QUIET = "The whole video is quieter than {:g} dB, so nothing would be left. Choose a lower silence threshold."
# The lowest threshold there is.
_LOWEST_DB = -60.0


class Listener(Protocol):
    """Takes sound frame by frame."""

    def add(self, frame: AudioFrame) -> None:
        """Hear the next frame."""


def listen(work: Work, *listeners: Listener, share: float = 1.0) -> float:
    """Let all hear the sound of the video without holes, as this share of the work; gives the video's seconds. Raises
    MediaError where there is no sound.
    """
    with open_source(work.source) as source:
        if source.audio is None:
            raise MediaError(_NO_SOUND)
        frames = heard(source.sounds(), source.duration, lambda passed: work.report(share * passed))
        for frame in push_all(audio_chain(source.audio, [GAPLESS]), frames):
            for listener in listeners:
                listener.add(frame)
        return source.duration


def heard(frames: Iterator[AudioFrame], seconds: float, report: Report) -> Iterator[AudioFrame]:
    """The frames of sound so long, with the share that has passed as a sign of life."""
    for frame in frames:
        report(min(1.0, (frame.time or 0.0) / seconds) if seconds else 0.0)
        yield frame


def is_loud(work: Work, levels: NDArray[np.float32]) -> tuple[NDArray[np.bool_], str]:
    """Which levels are no silence, and a sentence if the threshold was chosen. Raises MediaError where all are."""
    if not (levels > _LOWEST_DB).any():
        raise MediaError(_SILENT)
    threshold, told = float(work.parameters["threshold_db"]), ""
    if work.is_free("threshold_db"):
        threshold = threshold_for(levels)
        told = chosen({"threshold_db": round(threshold)})
    loud = levels > threshold
    if not loud.any():
        raise MediaError(_ALL_QUIET.format(threshold))
    return loud, told


def threshold_for(levels: NDArray[np.float32]) -> float:
    """A third of the way from the room's noise to the voice."""
    quiet, loud = np.percentile(levels, [10, 90])
    return float(np.clip(quiet + (loud - quiet) / 3, _LOWEST_DB, -20))


def spans_to_keep(
    loud: NDArray[np.bool_], duration: float, shortest: float, padding: float
) -> list[tuple[float, float]]:
    """What is left of `duration` seconds without its pauses; `loud` has one value for every 10 ms.

    A pause at the very start or end has no padding on its outer side.
    """
    keep, position = [], 0.0
    for first, last in quiet_spans(loud, duration):
        cut_from = first + padding if first > 0 else 0.0
        cut_to = last - padding if last < duration else duration
        if last - first < shortest or cut_to <= cut_from:
            continue
        if cut_from > position:
            keep.append((position, cut_from))
        position = cut_to
    if position < duration:
        keep.append((position, duration))
    return keep


def quiet_spans(loud: NDArray[np.bool_], duration: float) -> list[tuple[float, float]]:
    """What is not loud of `duration` seconds, however short; at the start and end it may have no length."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]])))
    starts, ends = edges[0::2] * WINDOW_SECONDS, edges[1::2] * WINDOW_SECONDS
    return list(zip([0.0, *ends], [*starts, duration], strict=True))
