"""Parameters in plain words: numbers with a unit, colors, sizes and places, as far as an agent has them."""

import re
from collections.abc import Callable, Iterator, Mapping

from mosaic_desktop.sandbox.agents import CAPTIONS, CLIPS, COLOUR, SHORTS_MAKER, TRIM, WATERMARK, Agent

_NUMBER = r"(-?\d+(?:\.\d+)?)"
_SECONDS = rf"{_NUMBER} ?(ms|milliseconds?|seconds?|secs?|s|minutes?|min)\b"
_SHAPES = {
    "9:16": r"9:16|vertical\w*|shorts?|reels?|tik ?tok|phone",
    "1:1": r"1:1|square",
    "4:5": r"4:5|portrait",
    "16:9": r"16:9|landscape|widescreen",
}
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
_QUOTED = r"[\"“”„']([^\"“”„']{1,100})[\"“”„']"

Reader = Callable[[Agent, str], Iterator[tuple[str, object]]]


def found_words(pattern: str, text: str) -> list[tuple[int, str]]:
    """Where whole words of this pattern are, and which."""
    matches = re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE)
    return [(match.start(), match[0].lower()) for match in matches]


def wishes(agent: Agent, text: str) -> dict[str, object]:
    """The parameters of this agent that the text sets, within the agent's bounds."""
    found = {name: value for read in _READERS for name, value in read(agent, text) if name in agent.properties}
    return {name: _within(agent.properties[name], value) for name, value in found.items()}


def _sound(_: Agent, text: str) -> Iterator[tuple[str, object]]:
    if match := re.search(rf"{_NUMBER} ?lufs\b", text, re.IGNORECASE):
        yield "target_lufs", -abs(float(match[1]))
    if match := re.search(rf"{_NUMBER} ?db\b", text, re.IGNORECASE):
        yield "threshold_db", -abs(float(match[1]))


def _times(agent: Agent, text: str) -> Iterator[tuple[str, object]]:
    found = [_seconds(match) for match in re.finditer(_SECONDS, text, re.IGNORECASE)]
    if not found:
        return
    if agent is TRIM:
        yield from zip(("start", "end"), [0.0, *found][-2:], strict=True)
    elif agent is CLIPS:
        yield "length_s", found[0]
    else:
        yield "min_silence_ms", round(found[0] * 1000)
        yield "min_pause_ms", round(found[0] * 1000)


def _seconds(match: re.Match[str]) -> float:
    unit = match[2].lower()
    scale = 0.001 if unit.startswith(("ms", "milli")) else 60 if unit.startswith("min") else 1
    return abs(float(match[1])) * scale


def _counts(_: Agent, text: str) -> Iterator[tuple[str, object]]:
    if match := re.search(r"(\d{1,3}) (?:\w+ )?(?:clips?|highlights?|parts?|moments?)\b", text, re.IGNORECASE):
        yield "count", int(match[1])


def _shape(agent: Agent, text: str) -> Iterator[tuple[str, object]]:
    if (shape := _first(_SHAPES, text)) is not None:
        yield "aspect", shape
    wanted = {
        shape
        for shape, words in (("vertical", r"9:16|vertical\w*"), ("square", r"1:1|square"))
        if found_words(words, text)
    }
    if agent is SHORTS_MAKER and len(wanted) == 1:
        yield "shapes", wanted.pop()
    if found_words(r"blur\w*", text):
        yield "fit", "blur"


def _letters(agent: Agent, text: str) -> Iterator[tuple[str, object]]:
    yield from ((name, value) for name, value in (("style", _first(_STYLES, text)),) if value is not None)
    for factor, words in _SIZES.items():
        if found_words(words, text):
            name = "size" if agent is WATERMARK else "font_size"
            usual = agent.properties.get(name, {}).get("default")
            if isinstance(usual, int | float):
                yield name, usual * factor
            break
    if agent in (CAPTIONS, SHORTS_MAKER, WATERMARK):
        if (color := _first(_COLORS, text)) is not None:
            yield "color", color
            if color == "#FFD400" and "highlight_color" in agent.properties:
                yield "highlight_color", "#FFFFFF"  # or the spoken word would look like the others
        place = _first(_CORNERS if agent is WATERMARK else _PLACES, text)
        if place is not None:
            yield "position", place
    if agent is WATERMARK and (quoted := re.search(_QUOTED, text)):
        yield "text", quoted[1]
    if found_words(r"capitals?|capital letters|upper ?case|all caps", text):
        yield "uppercase", True


def _picture(agent: Agent, text: str) -> Iterator[tuple[str, object]]:
    if found_words(r"vertically|upside down|top to bottom", text):
        yield "direction", "vertical"
    if agent is not COLOUR:
        return
    steps = {
        "brightness": ((0.15, r"bright\w*"), (-0.15, r"dark\w*")),
        "contrast": ((1.3, r"(?:more )?contrast\w*"),),
        "saturation": ((0.0, r"black and white|gr[ae]yscale"), (1.5, r"colou?rful|saturat\w*|vivid")),
        "warmth": ((0.5, r"warm\w*"), (-0.5, r"cool\w*|cold\w*")),
    }
    for name, choices in steps.items():
        for value, words in choices:
            if found_words(words, text):
                yield name, value
                break


_READERS: tuple[Reader, ...] = (_sound, _times, _counts, _shape, _letters, _picture)


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
