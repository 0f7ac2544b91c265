"""Parameters in plain words: numbers with a unit, colors, sizes and places, as far as an agent has them."""

import re
from collections.abc import Callable, Iterator, Mapping

from mosaic_desktop.sandbox.agents import AUDIO_ENHANCE, CAPTIONS, CLIPS, COLOUR, SHORTS_MAKER, TRIM, WATERMARK, Agent
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
_COLORS = {
    "#FFFFFF": "white",
    "#FFD400": "yellow",
    "#E53935": "red",
    "#43A047": "green",
    "#1E88E5": "blue",
    "#FB8C00": "orange",
    "#EC407A": "pink",
    "#8E24AA": "purple",
    "#000000": "black",
}
_COLOR = rf"(#[0-9A-Fa-f]{{6}}\b|\b(?:{'|'.join(_COLORS.values())})\b(?! (?:and|&) (?:white|black)))"
_EDGES = {"highlight_color": r"highlight\w*", "outline_color": r"(?:outlines?|outlined|borders?|edges?)"}
_PLACES = {"top": r"top|above", "middle": r"middle|cent(?:er|re)d?", "bottom": r"bottom|below"}
_CORNERS = {
    "top_left": r"top left|upper left",
    "top_right": r"top right|upper right",
    "bottom_left": r"bottom left|lower left",
    "bottom_right": r"bottom right|lower right",
    "centre": r"cent(?:er|re)|middle",
}
_STYLES = {"karaoke": "karaoke", "pop": r"pop|popping", "plain": r"plain|simple"}
_SIZES = {1.5: r"huge|very (?:big|large)", 1.35: r"big\w*|large\w*", 0.7: r"small\w*|tiny"}
_QUOTED = r"[\"“”„]([^\"“”„]{1,100})[\"“”„]|(?<!\w)['‘](.{1,100}?)['’](?!\w)"
_SAID = (
    r"(?:\b(?:says?|saying|reads?|reading)|(?:watermark|logo|text):)\s+"
    r"([^,;\n]{1,100}?)(?=$|[,;\n]|\.(?:\s|$)|\s(?:in|at|on|with|and)\s)"
)
_OPACITY = r"(\d{1,3}) ?% (opacity|opaque|transparent)|\bopacity (?:of |to )?(\d{1,3}) ?%"
_HANDLE = r"(?<!\w)(@\w[\w.]{0,60}\w|www\.[\w.-]{1,60}\w)"
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
    if match := re.search(rf"({LENGTH}) (?:of )?padding|padding (?:of |to )?({LENGTH})", text, re.IGNORECASE):
        yield "padding_ms", round(1000 * in_seconds(match[1] or match[2]))
        text = text.replace(match[0], "")
    elif match := re.search(rf"\b(?:leave|keep) ({LENGTH})", text, re.IGNORECASE):
        yield "padding_ms", round(500 * in_seconds(match[1]))
        text = text.replace(match[0], "")
    pause = r"\b(?:pauses?|silen\w*|gaps?|dead air)\b"
    if match := re.search(rf"{pause}[^.;\n]{{0,40}}?({LENGTH})|({LENGTH}) {pause}", text, re.IGNORECASE):
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


def _letters(agent: Agent, text: str) -> Iterator[tuple[str, object]]:
    if agent not in (CAPTIONS, SHORTS_MAKER, WATERMARK):
        return
    if (style := _first(_STYLES, text)) is not None:
        yield "style", style
    yield from _letter_size(agent, text)
    yield from _letter_colors(text)
    if (place := _first(_CORNERS if agent is WATERMARK else _PLACES, text)) is not None:
        yield "position", place
    if found_words(r"(?<!no )(?<!not )(?<!without )(?:capitals?|upper ?case|all caps)", text):
        yield "uppercase", True


def _letter_size(agent: Agent, text: str) -> Iterator[tuple[str, object]]:
    name = "size" if agent is WATERMARK else "font_size"
    if match := re.search(r"\bsize (?:of |to )?(\d{1,3}(?:\.\d+)?)(?! ?(?:px|pt))", text, re.IGNORECASE):
        yield name, float(match[1])
        return
    factor = next((factor for factor, words in _SIZES.items() if found_words(words, text)), None)
    usual = agent.properties[name]["default"]
    if factor is not None and isinstance(usual, int | float):
        yield name, usual * factor


def _letter_colors(text: str) -> Iterator[tuple[str, object]]:
    for name, words in (
        ("highlight_color", r"highlight\w*"),
        ("outline_color", r"(?:outlines?|outlined|borders?|edges?)"),
    ):
        if match := re.search(rf"{_COLOR} {words}\b|\b{words} (?:(?:in|is) )?{_COLOR}", text, re.IGNORECASE):
            yield name, _code(match[1] or match[2])
            text = text.replace(match[0], " ")
    if match := re.search(_COLOR, text, re.IGNORECASE):
        color = _code(match[0])
        if color == "#FFD400":
            yield "highlight_color", "#FFFFFF"  # or the spoken word would look like the others
        yield "color", color


def _code(color: str) -> str:
    return next((code for code, word in _COLORS.items() if word == color.lower()), color.upper())


def _opacity(_: Agent, text: str) -> Iterator[tuple[str, object]]:
    if match := re.search(_OPACITY, text, re.IGNORECASE):
        share = int(match[1] or match[3]) / 100
        yield "opacity", 1 - share if match[2] == "transparent" else share
    elif found_words(r"(?:semi|half)-? ?transparent|transparent|faint|subtle|see-through", text):
        yield "opacity", 0.4


def own_words(prompt: str) -> str | None:
    """What the prompt wants to be written, letter by letter."""
    tries = (re.search(pattern, prompt, re.IGNORECASE) for pattern in (_QUOTED, _SAID, _HANDLE))
    found = next(filter(None, tries), None)
    return None if found is None else next(filter(None, found.groups()))


def without_quotes(prompt: str) -> str:
    """The prompt without what stands in quotes, which is no wish."""
    return re.sub(_QUOTED, "“”", prompt)


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


_READERS: tuple[Reader, ...] = (_sound, _times, _counts, _shape, _letters, _opacity, _picture)


def _first(choices: Mapping[str, str], text: str) -> str | None:
    """The choice whose word comes first."""
    places = [(found[0][0], choice) for choice, words in choices.items() if (found := found_words(words, text))]
    return min(places)[1] if places else None


def _within(schema: Mapping[str, object], value: object) -> object:
    """Numbers moved into what is allowed, since a wish is not a request that could be refused."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if isinstance(low, int | float) and isinstance(high, int | float):
        return min(max(value, low), high)
    return value
