"""Clips: the most interesting parts of a video, one video each."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.media.film import Film, write_film
from mosaic_desktop.sandbox.media.interest import MOMENTS_PER_SECOND, Changes, best_windows, interest
from mosaic_desktop.sandbox.media.levels import WINDOW_SECONDS, Levels
from mosaic_desktop.sandbox.media.opening import open_source
from mosaic_desktop.sandbox.media.scenes import looks
from mosaic_desktop.sandbox.steps.listening import listen, quiet_spans, threshold_for
from mosaic_desktop.sandbox.steps.notes import CLIPS
from mosaic_desktop.sandbox.steps.step import Report, Work, finished
from mosaic_desktop.sandbox.steps.telling import chosen

Span = tuple[float, float]

_LISTENING = 0.2
_PAUSE_SECONDS = 0.25
# So much of a pause stays around speech.
_BREATH_SECONDS = 0.1
# Edges move by this share of the length at most, and by no more than so many seconds.
_MOVE_SHARE, _MOVE_SECONDS = 0.15, 2.0
# Where the number is free, clips are about this share of the video.
_AUTO_SHARE = 1 / 4


def score(work: Work) -> Made:
    """Write which spans become clips, and how interesting each is."""
    with open_source(work.source) as source:
        has_sound, duration, frame_seconds = source.audio is not None, source.duration, float(1 / source.frame_rate)
    levels, changes = Levels(), Changes()
    if has_sound:
        listen(work, levels, share=_LISTENING)
    seen = _watch(work, changes)
    # A picture that stands still to the end is shown as long as there is sound.
    duration = max(frame_seconds, duration if has_sound else min(duration, seen + frame_seconds))
    length = float(work.parameters["length_s"])
    moments = max(1, round(duration * MOMENTS_PER_SECOND))
    scores = interest(changes, levels.all, moments)
    if duration <= length:
        work.write_note(CLIPS, [(0.0, duration, round(float(scores.mean()), 3))])
        return Made()
    window, gap = (round(work.parameters[name] * MOMENTS_PER_SECOND) for name in ("length_s", "min_gap_s"))
    count = int(work.parameters["count"])
    if work.is_free("count"):
        count = min(max(round(duration * _AUTO_SHARE / length), 1), 10)
    # Room for the edges to move, where the video is long enough for it.
    roomy = gap + 2 * round(_reach(length) * MOMENTS_PER_SECOND)
    firsts = max((best_windows(scores, min(window, moments), apart, count) for apart in (roomy, gap)), key=len)
    windows = [(first / MOMENTS_PER_SECOND, min(first / MOMENTS_PER_SECOND + length, duration)) for first in firsts]
    starts, ends = _edges(levels.all, changes.cuts, duration)
    spans = moved_to(windows, starts, ends, duration, float(work.parameters["min_gap_s"]))
    values = (float(scores[first : first + window].mean()) for first in firsts)
    work.write_note(CLIPS, [(*span, round(value, 3)) for span, value in zip(spans, values, strict=True)])
    return Made(remark=chosen({"count": len(spans)}) if work.is_free("count") else "")


def _watch(work: Work, changes: Changes) -> float:
    """Let it see all pictures; gives when the last one is shown."""
    time = 0.0
    with open_source(work.source) as source:
        for done, look in enumerate(looks(source), start=1):
            time = look.time
            changes.see(look)
            total = max(source.frame_count, done)
            work.report(_LISTENING + (1 - _LISTENING) * done / total, done, total)
    return time


def _edges(levels: NDArray[np.float32], cuts: Sequence[float], duration: float) -> tuple[list[float], list[float]]:
    """Good moments for a clip to start and to end: scene cuts, and where speech begins and ends."""
    starts, ends = [0.0, *cuts], [*cuts, duration]
    loud = levels > threshold_for(levels) if levels.size else np.empty(0, np.bool_)
    for first, last in quiet_spans(loud, levels.size * WINDOW_SECONDS):
        if last - first >= _PAUSE_SECONDS:
            starts.append(last - _BREATH_SECONDS)
            ends.append(first + _BREATH_SECONDS)
    return starts, ends


def moved_to(
    windows: Sequence[Span], starts: Iterable[float], ends: Iterable[float], duration: float, gap: float
) -> list[Span]:
    """The windows with each edge at the nearest good moment, where one is near; still `gap` seconds apart."""
    good_starts, good_ends = np.array(list(starts)), np.array(list(ends))
    spans: list[Span] = []
    limits = [*(first - gap for first, _ in windows[1:]), duration]
    for (first, last), limit in zip(windows, limits, strict=True):
        reach = _reach(last - first)
        earliest = spans[-1][1] + gap if spans else 0.0
        spans.append(
            (_nearest(good_starts, first, reach, earliest, last), _nearest(good_ends, last, reach, first, limit))
        )
    return spans


def _reach(length: float) -> float:
    return min(_MOVE_SHARE * length, _MOVE_SECONDS)


def _nearest(moments: NDArray[np.float64], wanted: float, reach: float, low: float, high: float) -> float:
    near = moments[(np.abs(moments - wanted) <= reach) & (moments >= low) & (moments <= high)]
    return float(near[np.argmin(np.abs(near - wanted))]) if near.size else wanted


def cut_clips(work: Work) -> Made:
    """Write one video for each span, labelled by their number in order of time."""
    clips = work.note(CLIPS)
    with open_source(work.source) as source:
        rate, whole = float(source.frame_rate), source.duration
    counts = [max(1, round((end - start) * rate)) for start, end, _ in clips]
    names = []
    for number, (start, end, _) in enumerate(clips):
        label, name = str(number + 1), f"clip-{number + 1}.mp4"
        # All of a video need not be encoded again.
        keep = None if start == 0 and end >= whole - 1 / rate else [(start, end)]
        before, total = sum(counts[:number]), sum(counts)
        write_film(work.result / name, work.source, Film(keep), _part(work.report, before, counts[number], total))
        names.append((label, name))
    return finished(work.result, names)


def _part(report: Report, before: int, frames: int, total: int) -> Report:
    """The progress of one clip as that of all, counted in frames."""

    def tell(share: float, *_: int) -> None:
        done = before + round(min(share, 1.0) * frames)
        report(done / total, done, total)

    return tell
