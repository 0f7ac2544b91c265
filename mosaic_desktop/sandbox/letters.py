"""What a prompt says about letters in the picture: what is written, how large, in which colors and where."""

import re
from collections.abc import Iterator, Mapping

from mosaic_desktop.sandbox.agents import CAPTIONS, SHORTS_MAKER, WATERMARK, Agent
from mosaic_desktop.sandbox.mentions import found_words

# Names of colors by their codes.
COLORS = {
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
_COLOR = rf"(#[0-9A-Fa-f]{{6}}\b|\b(?:{'|'.join(COLORS.values())})\b(?! (?:and|&) (?:white|black)))"
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


def own_words(prompt: str) -> str | None:
    """What the prompt wants to be written, letter by letter."""
    tries = (re.search(pattern, prompt, re.IGNORECASE) for pattern in (_QUOTED, _SAID, _HANDLE))
    found = next(filter(None, tries), None)
    return None if found is None else next(filter(None, found.groups()))


def without_quotes(prompt: str) -> str:
    """The prompt without what stands in quotes, which is no wish."""
    return re.sub(_QUOTED, "“”", prompt)


def letters(agent: Agent, text: str) -> Iterator[tuple[str, object]]:
    """The parameters of letters that the text sets, whether or not the agent has each of them."""
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
    yield from _opacity(text)


def _letter_size(agent: Agent, text: str) -> Iterator[tuple[str, object]]:
    name = "size" if agent is WATERMARK else "font_size"
    if match := re.search(r"\bsize (?:of |to )?(\d{1,3}(?:\.\d+)?)(?! ?(?:px|pt))", text, re.IGNORECASE):
        yield name, float(match[1])
        return
    factor = next((factor for factor, words in _SIZES.items() if found_words(words, text)), None)
    usual = agent.properties[name]["default"]
    if factor is not None and isinstance(usual, int | float):
        yield name, round(usual * factor * 2) / 2  # as a person would say it, not 12.15


def _letter_colors(text: str) -> Iterator[tuple[str, object]]:
    for name, words in _EDGES.items():
        if match := re.search(rf"{_COLOR} {words}\b|\b{words} (?:(?:in|is) )?{_COLOR}", text, re.IGNORECASE):
            yield name, _code(match[1] or match[2])
            text = text.replace(match[0], " ")
    if match := re.search(_COLOR, text, re.IGNORECASE):
        color = _code(match[0])
        if color == "#FFD400":
            yield "highlight_color", "#FFFFFF"  # or the spoken word would look like the others
        yield "color", color


def _code(color: str) -> str:
    return next((code for code, word in COLORS.items() if word == color.lower()), color.upper())


def _opacity(text: str) -> Iterator[tuple[str, object]]:
    if match := re.search(_OPACITY, text, re.IGNORECASE):
        share = int(match[1] or match[3]) / 100
        yield "opacity", 1 - share if match[2] == "transparent" else share
    elif found_words(r"(?:semi|half)-? ?transparent|transparent|faint|subtle|see-through", text):
        yield "opacity", 0.4


def _first(choices: Mapping[str, str], text: str) -> str | None:
    """The choice whose word comes first."""
    places = [(found[0][0], choice) for choice, words in choices.items() if (found := found_words(words, text))]
    return min(places)[1] if places else None
