"""Lengths and moments in plain words, and which part of a video they ask for."""

import re
from dataclasses import dataclass

_NUMBER = r"\d+(?:\.\d+)?"
# A length, such as "1.5 s" or "30-second".
LENGTH = rf"-?{_NUMBER}[ -]?(?:milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|hours?|h)\b"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?!\d)(?:\.\d+)?"
_MOMENT = rf"(?:(?:second|minute) {_NUMBER}|{LENGTH}|{_CLOCK})"
_UNITS = {"ms": 0.001, "milli": 0.001, "min": 60.0, "h": 3600.0}

# Said before a part, these want the rest of the video.
_AWAY = r"\b(?:cut|remove|delete|skip|drop|lose|chop|trim|get rid of|take)\b(?: (?:off|out|away|the|my|it|and))* $"
_OUT = r"\b(?:cut out|remove|delete|skip|drop|get rid of|take out)\b[^.,;]* $"
_FIRST = re.compile(rf"\b(?:first|opening) ({LENGTH})", re.IGNORECASE)
_LAST = re.compile(rf"\b(?:last|final) ({LENGTH})", re.IGNORECASE)
_SPAN = re.compile(
    rf"\b(?:from|between) ({_MOMENT}|{_NUMBER}) ?(?:to|until|till|through|and|-) ?({_MOMENT})"
    rf"|\b({_CLOCK}) ?(?:to|until|till|through|-|\N{{EN DASH}}) ?({_CLOCK})",
    re.IGNORECASE,
)
_OFF_THE_START = re.compile(rf"({LENGTH}) (?:from|off|at) the (?:start|beginning|front)", re.IGNORECASE)
_OFF_THE_END = re.compile(rf"({LENGTH}) (?:from|off|at) the (?:end|back)", re.IGNORECASE)
_CUT = r"\b(?:cut|remove|delete|drop|trim)\b(?: \w+){0,3}"
_START = re.compile(rf"\b(?:start|begin)\w* (?:it )?(?:at|from) ({_MOMENT})|{_CUT} before ({_MOMENT})", re.IGNORECASE)
_END = re.compile(
    rf"\b(?:end|stop)\w* (?:it )?(?:at|after) ({_MOMENT})|{_CUT} after ({_MOMENT})"
    rf"|\b(?:trim|cut|shorten) (?:\w+ ){{0,2}}(?:down )?to ({LENGTH})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """`start` and `end` in seconds, as Trim takes them; `place` is where the text says so."""

    place: int
    start: float
    end: float


def in_seconds(words: str) -> float:
    """A length or a moment as it is written."""
    if ":" in words:
        total = 0.0
        for digits in words.split(":"):
            total = 60 * total + float(digits)
        return total
    number = re.search(_NUMBER, words)
    assert number is not None
    letters = re.sub(r"[^a-z]", "", words.lower())
    return float(number[0]) * next((size for unit, size in _UNITS.items() if letters.startswith(unit)), 1.0)


def part_of(text: str) -> Part | None:
    """The part of a video that is to be kept; None where the text names none, or not one alone."""
    places, start, end = [], 0.0, 0.0
    if match := _SPAN.search(text):
        first, last = (in_seconds(words) for words in match.groups() if words is not None)
        if re.search(_OUT, text[: match.start()], re.IGNORECASE) and first > 0:
            return None
        return (
            Part(match.start(), last, 0.0) if first == 0 and _is_away(text, match) else Part(match.start(), first, last)
        )
    is_away = False
    if match := _FIRST.search(text):
        places.append(match.start())
        is_away = _is_away(text, match)
        start, end = (in_seconds(match[1]), 0.0) if is_away else (0.0, in_seconds(match[1]))
    if match := _LAST.search(text):
        places.append(match.start())
        if is_away or _is_away(text, match):
            end = -in_seconds(match[1])
        else:
            start, end = -in_seconds(match[1]), 0.0
    if match := _OFF_THE_START.search(text):
        places.append(match.start())
        start = in_seconds(match[1])
    if match := _OFF_THE_END.search(text):
        places.append(match.start())
        end = -in_seconds(match[1])
    if match := _START.search(text):
        places.append(match.start())
        start = in_seconds(match[1] or match[2])
    if match := _END.search(text):
        places.append(match.start())
        end = in_seconds(match[1] or match[2] or match[3])
    return Part(min(places), start, end) if places else None


def _is_away(text: str, match: re.Match[str]) -> bool:
    return re.search(_AWAY, text[: match.start()], re.IGNORECASE) is not None
