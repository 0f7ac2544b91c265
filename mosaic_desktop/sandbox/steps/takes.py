"""Finding takes: of a phrase that was said again, only the last time is kept."""

from collections.abc import Sequence

from mosaic_desktop.sandbox.made import Made
from mosaic_desktop.sandbox.media.fingerprint import HOP_SECONDS, Ear, Spectra, beginning_likeness, comparable
from mosaic_desktop.sandbox.media.levels import Levels
from mosaic_desktop.sandbox.steps.listening import is_loud, listen, spans_to_keep
from mosaic_desktop.sandbox.steps.notes import KEEP
from mosaic_desktop.sandbox.steps.step import Report, Work

# Takes follow each other; what is said again much later is meant.
_NEAR_SECONDS = 60.0
_NEAR_PHRASES = 6
# Too short to be told from any other word.
_SHORTEST_SECONDS = 0.4
# Comparing costs the product of both lengths; what so long a beginning has in common is the same take.
_LONGEST_ROWS = round(20 / HOP_SECONDS)
_LISTENING = 0.7

Phrases = Sequence[tuple[float, float]]


def find_takes(work: Work) -> Made:
    """Write which spans of the video are kept: the phrases that are not said again, with some of the pauses."""
    levels, ear = Levels(), Ear()
    duration = listen(work, levels, ear, share=_LISTENING)
    shortest, padding = work.parameters["min_pause_ms"] / 1000, work.parameters["padding_ms"] / 1000
    loud, told = is_loud(work, levels.all)
    phrases = spans_to_keep(loud, duration, shortest, 0.0)
    last = last_takes(phrases, comparable(ear.all), float(work.parameters["similarity"]), work.report)
    work.write_note(KEEP, widened(phrases, last, duration, padding))
    return Made(remark=told)


def last_takes(phrases: Phrases, sound: Spectra, similarity: float, report: Report) -> list[bool]:
    """For each phrase whether none of the next ones begins with it. `sound`: rows of the whole video."""
    rows = [sound[round(start / HOP_SECONDS) : round(end / HOP_SECONDS)][:_LONGEST_ROWS] for start, end in phrases]
    kept = []
    for number, (start, end) in enumerate(phrases):
        report(_LISTENING + (1 - _LISTENING) * number / len(phrases))
        following = range(number + 1, min(number + 1 + _NEAR_PHRASES, len(phrases)))
        near = [rows[other] for other in following if phrases[other][0] - end < _NEAR_SECONDS]
        said_again = end - start >= _SHORTEST_SECONDS and any(
            beginning_likeness(rows[number], other) >= similarity for other in near
        )
        kept.append(not said_again)
    return kept


def widened(phrases: Phrases, kept: Sequence[bool], duration: float, padding: float) -> list[tuple[float, float]]:
    """The kept phrases with `padding` seconds around them, of each pause at most the half."""
    befores = [-phrases[0][0], *(end for _, end in phrases)]
    afters = [*(start for start, _ in phrases[1:]), 2 * duration - phrases[-1][1]]
    result: list[tuple[float, float]] = []
    for (start, end), before, after, stays in zip(phrases, befores, afters, kept, strict=False):
        if not stays:
            continue
        first, last = max(start - padding, (before + start) / 2), min(end + padding, (end + after) / 2)
        if result and result[-1][1] >= first:
            first = result.pop()[0]
        result.append((first, last))
    return result
