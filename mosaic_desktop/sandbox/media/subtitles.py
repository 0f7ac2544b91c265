"""Reading subtitles (SubRip and WebVTT, also careless ones) as words with times.

Where a cue says only when it is shown, its words share that time by their length. Cues that overlap come one after the
other, since one caption is shown at a time. YouTube's rolling captions, which repeat the line before, are said once.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from mosaic_desktop.sandbox.media.words import Word

_CLOCK = r"(?:([0-9]{1,4}):)?([0-9]{1,3}):([0-9]{1,2})[.,]([0-9]{1,3})"
_SETTINGS = r"(?:[ \t]+(?:align|line|position|region|size|vertical|[XY][12]):\S+)*"
# Not bound to the start of a line, since a text field of one line may have swallowed the line breaks.
_TIMES = re.compile(rf"(?<![0-9:]){_CLOCK}[ \t]*-+>[ \t]*{_CLOCK}{_SETTINGS}")
_STAMP = re.compile(rf"<{_CLOCK}>")
_INSIDE_A_WORD = re.compile(rf"(?<=\S)<{_CLOCK}>(?=\S)")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|\{\\[^{}]*\}")
_NUMBER_BEHIND = re.compile(r"(?:^|\s)([0-9]+)\s*$")
_LONGEST_WORD = 40
_SHORTEST_SECONDS = 0.5
# Of a cue's time: another that begins this early is said together with it.
_TOGETHER = 0.25


@dataclass(frozen=True, slots=True)
class _Cue:
    """Lines of words, each with its own start where the text gives one."""

    start: float
    end: float
    lines: tuple[tuple[tuple[str, float | None], ...], ...]

    @property
    def texts(self) -> list[list[str]]:
        return [[text for text, _ in line] for line in self.lines]


def words_of(text: str) -> list[Word]:
    """All words in the order of time; none where the text is no subtitles."""
    cues = sorted(_cues(_plain(text)), key=lambda cue: cue.start)
    return [word for cue in _one_at_a_time(_said_once(cues)) for word in _timed(cue)]


def _plain(text: str) -> str:
    unbroken = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", unbroken)


def _cues(text: str) -> Iterator[_Cue]:
    is_vtt = text.lstrip().startswith("WEBVTT")
    times = list(_TIMES.finditer(text))
    for number, found in enumerate(times, start=1):
        is_last = number == len(times)
        body = text[found.end() : len(text) if is_last else times[number].start()]
        if is_vtt:
            # What stands behind an empty line is a comment or the next cue's name.
            body = body.removeprefix("\n").split("\n\n")[0]
        elif not is_last and (behind := _NUMBER_BEHIND.search(body)) and _is_number_of_cue(body, behind, number + 1):
            body = body[: behind.start()]
        lines = tuple(words for line in _lines(body) if (words := _words(line)))
        start, end = _seconds(found.groups()[:4]), _seconds(found.groups()[4:])
        if lines:
            yield _Cue(start, end if end > start else start + _SHORTEST_SECONDS, lines)


def _is_number_of_cue(body: str, behind: re.Match[str], expected: int) -> bool:
    """Cues are numbered; a number that is said stands at the end of a line or has another value."""
    return int(behind[1][-9:]) == expected or body[: behind.start(1)].endswith("\n")


def _lines(body: str) -> list[str]:
    bare = _INSIDE_A_WORD.sub("", _TAG.sub("", body.replace("\\N", "\n")))
    return html.unescape(bare).split("\n")


def _words(line: str) -> tuple[tuple[str, float | None], ...]:
    words: list[tuple[str, float | None]] = []
    stamp: float | None = None
    before = ""
    for piece in _STAMP.sub(lambda found: f" {found[0]} ", line).split():
        if found := _STAMP.fullmatch(piece):
            stamp = _seconds(found.groups())
            continue
        text = _shown(piece)
        if not any(letter.isalnum() for letter in text):
            # A dash or a note on its own goes with the word before, or with the one behind where it opens the line.
            if words:
                words[-1] = (f"{words[-1][0]} {text}".rstrip(), words[-1][1])
            else:
                before = f"{before}{text} ".lstrip()
            continue
        pieces = [text[at : at + _LONGEST_WORD] for at in range(0, len(text), _LONGEST_WORD)]
        words += [(before + pieces[0], stamp), *((piece, None) for piece in pieces[1:])]
        stamp, before = None, ""
    return tuple(words) if words or not before else ((before.rstrip(), stamp),)


def _shown(piece: str) -> str:
    """Without marks that are not seen; those between letters would break them apart."""
    return "".join(letter for letter in piece if unicodedata.category(letter) not in ("Cc", "Cf"))


def _seconds(clock: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = clock
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(f"0.{fraction}")


def _said_once(cues: list[_Cue]) -> Iterator[_Cue]:
    """Without the lines with which a cue repeats the one that it follows at once."""
    before: _Cue | None = None
    for cue in cues:
        kept = cue
        if before is not None and cue.start - before.end < 0.1:
            repeated = cue.texts[:1] == before.texts[-1:]
            if repeated and (len(cue.lines) > 1 or cue.end - cue.start < 0.1):
                kept = replace(cue, lines=cue.lines[1:])
        before = cue
        if kept.lines:
            yield kept


def _one_at_a_time(cues: Iterator[_Cue]) -> Iterator[_Cue]:
    current: _Cue | None = None
    for cue in cues:
        if current is None:
            current = cue
        elif cue.start - current.start < _TOGETHER * (current.end - current.start):
            current = replace(current, end=max(current.end, cue.end), lines=current.lines + cue.lines)
        else:
            yield replace(current, end=min(current.end, cue.start))
            current = cue
    if current is not None:
        yield current


def _timed(cue: _Cue) -> Iterator[Word]:
    """The words of a cue, those without a time between those that have one."""
    words = [(text, stamp, at == len(line) - 1) for line in cue.lines for at, (text, stamp) in enumerate(line)]
    marks, latest = [(0, cue.start)], cue.start
    for number, (_, stamp, _) in enumerate(words):
        if stamp is not None and latest <= stamp < cue.end:
            marks.append((number, stamp))
            latest = stamp
    starts: dict[int, float] = {}
    for (first, begin), (last, end) in pairwise([*marks, (len(words), cue.end)]):
        total = sum(len(text) + 1 for text, _, _ in words[first:last])
        moment = begin
        for number in range(first, last):
            starts[number] = moment
            moment += (end - begin) * (len(words[number][0]) + 1) / total
    starts[len(words)] = cue.end
    for number, (text, _, is_last) in enumerate(words):
        yield Word(round(starts[number], 3), round(starts[number + 1], 3), text, is_last)
