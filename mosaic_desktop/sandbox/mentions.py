"""Which agents a prompt names, and which of them it wants to be left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mosaic_desktop.sandbox.agents import (
    AUDIO_ENHANCE,
    CAPTIONS,
    CLIPS,
    COLOUR,
    MIRROR,
    REFRAME,
    ROUGH_CUT,
    SILENCE_REMOVAL,
    TRIM,
    WATERMARK,
    Agent,
)

# Words of other things that look like those of an agent: "cool captions" are no matter of colors.
_OF_LETTERS = r"(?! (?:\w+ )?(?:captions?|subtitles?|text|letters|words|font|watermark|mode))"
_NO_COLOR = "".join(f"(?<!{color} )" for color in ("white", "yellow", "red", "green", "blue", "orange", "pink"))
_WORDS: Mapping[Agent, str] = {
    SILENCE_REMOVAL: r"silen\w* remov\w*|silen\w*|pauses?|gaps?|dead air|jump ?cuts?|tighten|tighter",
    ROUGH_CUT: r"rough ?cuts?|bad takes?|retakes?|repeated|repetitions?|mistakes?|false starts?",
    REFRAME: r"vertical|portrait|square|landscape|widescreen|horizontal|crop\w*|re-?fram\w*|aspect|phone"
    r"|blur\w*|(?:9|1|4|16) ?(?:[:x]|by) ?(?:16|1|5|9)|1080x(?:1920|1080|1350)|1920x1080"
    r"|for (?:\w+ )?(?:reels|shorts|tik ?tok|stor(?:y|ies))",
    CAPTIONS: r"captions?|captioned|captioning|subtitles?|subtitled|subs|karaoke",
    CLIPS: r"(?<!my )(?<!the )(?<!these )(?<!those )clips|\d{1,3} clip"
    rf"|(?:seconds?|secs?|s|minutes?|min)[ -](?:long )?clip|best (?:parts?|moments?|bits)"
    rf"|{_NO_COLOR}highlights(?! in)|highlight reel",
    WATERMARK: r"watermark\w*|logo|branding|(?:put|add|write) (?=[\"“‘'])",
    MIRROR: r"mirror\w*|flip|flipped",
    COLOUR: rf"(?:no|without|remove(?: the| all)?) colou?rs?|colou?rs?|colou?rful|bright\w*{_OF_LETTERS}"
    rf"|dark\w*{_OF_LETTERS}|contrast\w*|(?:de)?saturat\w*"
    r"|vivid|vibrant|monochrome|black (?:and|&) white|b&w|gr[ae]yscale|warmer|warmth|warm(?! welcome)|cooler|colder"
    r"|cool (?:tones?|look|colou?rs?)",
    AUDIO_ENHANCE: r"de-?nois\w*|nois\w* (?:reduction|remov\w*|cancel\w*)|nois\w*|hiss|hum|audio|sounds?|loud\w*"
    r"|quiet\w*|volume|level\w*|(?:-?[\d.]+ ?)?lufs|normali[sz]\w*|enhance\w*|clean\w* up",
}
# Where a video goes and what it is says what to do only if nothing else does.
_IF_ALONE: Mapping[Agent, str] = {
    REFRAME: r"instagram|youtube|linkedin",
    TRIM: r"trim\w*",
    AUDIO_ENHANCE: r"podcast|clean\w*|voices?",
}
# What nobody wants: "no pauses" and "remove the noise" ask for its agent, "keep the pauses" does not.
_BAD = re.compile(
    r"silen\w*|pauses?|gaps?|dead air|bad takes?|retakes?|repeated|repetitions?|mistakes?|false starts?"
    r"|nois\w*|hiss|hum"
)
# One side of what its agent does: without it the rest of that agent may be wanted all the same.
_DETAIL = re.compile(r"crop\w*|blur\w*|de-?nois\w*|nois\w* .*")
_NOT = r"\b(?:no|not|don['’]?t|doesn['’]?t|never|without|skip|avoid|nor|neither)\b"
# A word of denial reaches a few words far, one of removal to the next thing that is asked for.
_DENIED = re.compile(rf"{_NOT}(?! only)(?:(?! and )[^\w'’]+[\w'’]+){{0,4}}\W*$", re.IGNORECASE)
_TAKEN_AWAY = re.compile(
    r"\b(?:remov\w*|delet\w*|eras\w*|hide|get rid of|take (?:out|off|away)|strip|disable|turn off)\b"
    r"(?!.*\b(?:add|make|put|give|burn|write|turn|set)\b)",
    re.IGNORECASE,
)
_DENIAL = re.compile(_NOT, re.IGNORECASE)
_WORKED_ON = re.compile(r"\b(?:re?mov|cut|delet|touch|chang|trim|tak|tighten|drop)\w*", re.IGNORECASE)
_KEEP = r"\b(?:keep|leave|preserve)\b"
_TO_KEEP = re.compile(_KEEP, re.IGNORECASE)
_KEPT = re.compile(rf"{_KEEP}(?: [\w'’]+){{0,3}} ?$", re.IGNORECASE)
_CLAUSE = re.compile(r"[.,;!?\n]|\b(?:but|then|just|instead|with)\b", re.IGNORECASE)
_OR = re.compile(r"\b(?:or|nor)\b|/", re.IGNORECASE)
_OFF = re.compile(r" (?:off|disabled)\b", re.IGNORECASE)
_ENOUGH = re.compile(r" enough\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mentions:
    """`wanted`: agents with the words that name them and where these are. `details`: words of what the prompt will not
    have of an agent.
    """

    wanted: dict[Agent, list[tuple[int, str]]]
    declined: frozenset[Agent]
    details: tuple[str, ...]


def found_words(pattern: str, text: str) -> list[tuple[int, str]]:
    """Where whole words of this pattern are, and which."""
    matches = re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE)
    return [(match.start(), match[0].lower()) for match in matches]


def mentions(text: str) -> Mentions:
    """Of what is wanted here and declined there, the last counts."""
    wanted: dict[Agent, list[tuple[int, str]]] = {}
    declined: set[Agent] = set()
    details: list[str] = []
    behind_last = 0
    for place, word, agent in _all(_WORDS, text) or _all(_IF_ALONE, text):
        before, after = _CLAUSE.split(text[:place])[-1], text[place + len(word) :]
        near = before if _OR.search(text[behind_last:place]) else text[max(behind_last, place - len(before)) : place]
        behind_last = place + len(word)
        if not _is_declined(agent, word, (before, near, after)):
            wanted.setdefault(agent, []).append((place, word))
            declined.discard(agent)
            continue
        declined.add(agent)
        if _DETAIL.fullmatch(word):
            details.append(word)
        else:
            wanted.pop(agent, None)
    return Mentions(wanted, frozenset(declined - wanted.keys()), tuple(details))


def _all(words: Mapping[Agent, str], text: str) -> list[tuple[int, str, Agent]]:
    found = [(place, word, agent) for agent, pattern in words.items() for place, word in found_words(pattern, text)]
    return sorted(found, key=lambda mention: mention[0])


def _is_declined(agent: Agent, word: str, around: tuple[str, str, str]) -> bool:
    """`around`: the clause before the word, what of it is behind the word before, and what follows."""
    before, near, after = around
    if _BAD.fullmatch(word):
        return _is_left_alone(before)
    if _OFF.match(after) or (_DENIED.search(near) and not _ENOUGH.match(after)):
        return True
    if agent in (CAPTIONS, WATERMARK):
        return bool(_TAKEN_AWAY.search(before))
    return agent in (COLOUR, MIRROR, AUDIO_ENHANCE) and bool(_KEPT.search(before))


def _is_left_alone(before: str) -> bool:
    """Whether "don't cut" or "keep" stands there; one behind the other, since long texts take long otherwise."""
    denial = _DENIAL.search(before)
    return bool(_TO_KEEP.search(before) if denial is None else _WORKED_ON.search(before, denial.end()))
