"""Parameters in plain words: numbers with a unit, shapes, colors and places, as far as an agent has them."""

import re
from collections.abc import Callable, Iterator, Mapping

from mosaic_desktop.sandbox.agents import AUDIO_ENHANCE, CLIPS, COLOUR, TRIM, Agent
from mosaic_desktop.sandbox.letters import letters
from mosaic_desktop.sandbox.mentions import found_words
from mosaic_desktop.sandbox.moments import LENGTH, in_seconds, part_of

# What names a shape by itself goes before the places where such a shape is usual.
_SHAPES = (
    {
        "9:16": r"9 ?(?::|x|by) ?16|1080x1920|vertical|upright",
        "1:1": r"1 ?(?::|x|by) ?1|1080x1080|square",
        "4:5": r"4 ?(?::|x|by) ?5|1080x1350|portrait",
        "16:9": r"16 ?(?::|x|by) ?9|1920x1080|landscape|widescreen|horizontal",
    },
    {
        "9:16": r"youtube shorts?|for (?:\w+ )?shorts|reels?|tik ?toks?|stor(?:y|ies)|phone",
        "1:1": r"linkedin",
        "4:5": r"instagram (?:post|feed)",
        "16:9": r"youtube(?! shorts?)",
    },
)
_ANY_SHAPE = rf"(?:{'|'.join(_SHAPES[0].values())})"
# What the video is now: "from 16:9", "my landscape video into", "it's vertical".
_OTHER_SHAPE = re.compile(
    rf"\b(?:from|it'?s|it is|is) (?:an? )?{_ANY_SHAPE}|{_ANY_SHAPE}(?: \w+){{0,2}} (?:in)?to (?!fit)", re.IGNORECASE
)
_SHORT_SHAPES = {"9:16": "vertical", "1:1": "square"}
_DIGITS = {
    word: str(number)
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
} | {
    "fifteen": "15",
    "twenty": "20",
    "thirty": "30",
    "sixty": "60",
    "ninety": "90",
    "half a": "0.5",
    "a couple of": "2",
}
_PADDING = re.compile(rf"({LENGTH}) (?:of )?padding|padding (?:of |to )?({LENGTH})", re.IGNORECASE)
_LEFT_OF_PAUSES = re.compile(rf"\b(?:leave|keep) ({LENGTH})", re.IGNORECASE)
_PAUSES = r"\b(?:pauses?|silen\w*|gaps?|dead air)\b"
_LENGTH_OF_PAUSES = re.compile(rf"{_PAUSES}[^.;\n]{{0,40}}?({LENGTH})|({LENGTH}) {_PAUSES}", re.IGNORECASE)

Reader = Callable[[Agent, str], Iterator[tuple[str, object]]]


def in_digits(text: str) -> str:
    """The text with numbers as digits, and signs as keyboards have them."""
    text = text.replace("\N{MINUS SIGN}", "-").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    words = "|".join(_DIGITS)
    text = re.sub(rf"\b({words})(?= \w)", lambda match: _DIGITS[match[1].lower()], text, flags=re.IGNORECASE)
    text = re.sub(r"\b(first|last) (?=(?:second|minute)\b)", r"\1 1 ", text, flags=re.IGNORECASE)
    return re.sub(r"\ban? (?=(?:second|minute)s?\b)", "1 ", text, flags=re.IGNORECASE)


def wishes(agent: Agent, text: str) -> dict[str, object]:
    """The parameters of this agent that the text sets, within the agent's bounds."""
    found = {name: value for read in _READERS for name, value in read(agent, text) if name in agent.properties}
    return {name: _within(agent.properties[name], value) for name, value in found.items()}


def unread_lengths(agent: Agent, text: str) -> list[str]:
    """Lengths in the text, as they stand there, that set nothing of this agent and are no part of the video either."""
    if "length_s" in agent.properties or part_of(text) is not None:
        return []
    if "padding_ms" in agent.properties:
        for read in (_PADDING, _LEFT_OF_PAUSES, _LENGTH_OF_PAUSES):
            text = read.sub(" ", text)
    return re.findall(rf"(?<![\w:.])(?:\d+:)?{LENGTH}", text, re.IGNORECASE)


def short_shapes(text: str) -> str | None:
    """Which shapes Shorts maker is asked for; None where the text names none that it makes."""
    made = [_SHORT_SHAPES[shape] for shape in _shapes(text) if shape in _SHORT_SHAPES]
    return "both" if len(made) > 1 else next(iter(made), None)


def _sound(agent: Agent, text: str) -> Iterator[tuple[str, object]]:
    if match := re.search(r"(-?\d+(?:\.\d+)?) ?lufs\b", text, re.IGNORECASE):
        yield "target_lufs", -abs(float(match[1]))
    elif agent is AUDIO_ENHANCE and found_words(r"quieter|softer|less loud|too loud", text):
        yield "target_lufs", -23.0
    if match := re.search(r"(-?\d+(?:\.\d+)?) ?db\b", text, re.IGNORECASE):
        yield "threshold_db", -abs(float(match[1]))
    noise = r"(?:\w+ )?(?:de-?)?nois\w*"
    if match := re.search(
        rf"\b(?:de-?)?nois\w*[\w ]{{0,20}}?(\d{{1,3}}) ?%|(\d{{1,3}}) ?% {noise}", text, re.IGNORECASE
    ):
        yield "denoise", int(match[1] or match[2]) / 100
    elif found_words(rf"(?:strong\w*|heav\w*|aggressive\w*|max\w*) {noise}", text):
        yield "denoise", 0.9
    elif found_words(rf"(?:light\w*|gent\w*|slight\w*|subtle|a little|a bit of) {noise}", text):
        yield "denoise", 0.25


def _times(agent: Agent, text: str) -> Iterator[tuple[str, object]]:
    if agent is TRIM and (part := part_of(text)) is not None:
        yield from ((name, moment) for name, moment in (("start", part.start), ("end", part.end)) if moment)
    if agent is CLIPS and (match := re.search(LENGTH, text, re.IGNORECASE)):
        yield "length_s", in_seconds(match[0])
    if match := _PADDING.search(text):
        yield "padding_ms", round(1000 * in_seconds(match[1] or match[2]))
        text = text.replace(match[0], "")
    elif match := _LEFT_OF_PAUSES.search(text):
        yield "padding_ms", round(500 * in_seconds(match[1]))
        text = text.replace(match[0], "")
    if match := _LENGTH_OF_PAUSES.search(text):
        for name in ("min_silence_ms", "min_pause_ms"):
            yield name, round(1000 * in_seconds(match[1] or match[2]))


def _counts(_: Agent, text: str) -> Iterator[tuple[str, object]]:
    pieces = r"(?:clips?|highlights?|parts?|moments?|bits)\b"
    text = re.sub(rf"(?:of )?{LENGTH}", "", text, flags=re.IGNORECASE)
    if match := re.search(
        rf"\b(\d{{1,3}})(?: x)?\s+(?:\w+ ){{0,2}}{pieces}|\b(\d{{1,3}}) of them", text, re.IGNORECASE
    ):
        yield "count", int(match[1] or match[2])
    elif re.search(r"\b(?:a|an)\s+(?:\w+ )?clip\b", text, re.IGNORECASE):
        yield "count", 1


def _shape(agent: Agent, text: str) -> Iterator[tuple[str, object]]:
    """Named in any case, so that nobody is surprised by the usual one."""
    yield "aspect", next(iter(_shapes(text)), agent.properties.get("aspect", {}).get("default"))
    if found_words(r"blur\w*", text):
        yield "fit", "blur"


def _shapes(text: str) -> list[str]:
    """The shapes that are asked for, in their order."""
    for words in (_OTHER_SHAPE.sub(" ", text), text):
        for shapes in _SHAPES:
            found = {shape: places[0] for shape, names in shapes.items() if (places := found_words(names, words))}
            if found:
                return sorted(found, key=lambda shape: found[shape])
    return []


def _picture(agent: Agent, text: str) -> Iterator[tuple[str, object]]:
    if found_words(r"vertically|upside down|top to bottom", text):
        yield "direction", "vertical"
    if agent is not COLOUR:
        return
    less = r"(?:less|lower|reduce(?: the)?|decrease(?: the)?)"
    steps = {
        "brightness": (
            (0.15, r"too dark|less dark"),
            (-0.15, r"too bright|less bright\w*"),
            (0.15, r"bright\w*"),
            (-0.15, r"dark\w*"),
        ),
        "contrast": ((0.8, rf"{less} contrast"), (1.3, r"contrast\w*")),
        "saturation": (
            (0.0, r"(?:no|without|remove(?: the| all)?) colou?rs?|black (?:and|&) white|b&w|monochrome|gr[ae]yscale"),
            (0.6, rf"{less} saturat\w*|{less} colou?rful|desaturat\w*"),
            (1.5, r"colou?rful|saturat\w*|vivid|vibrant"),
        ),
        "warmth": ((-0.5, r"too warm|less warm\w*|cool\w*|cold\w*"), (0.5, r"too cold|warm\w*")),
    }
    for name, choices in steps.items():
        for value, words in choices:
            if found_words(words, text):
                yield name, value
                break


_READERS: tuple[Reader, ...] = (_sound, _times, _counts, _shape, letters, _picture)


def _within(schema: Mapping[str, object], value: object) -> object:
    """Numbers moved into what is allowed, since a wish is not a request that could be refused."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if isinstance(low, int | float) and isinstance(high, int | float):
        return min(max(value, low), high)
    return value
