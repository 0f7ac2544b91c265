"""What `auto` leaves open about the picture, chosen from a few looks at it and at what letters would cover.

Reads the parameters of Colour, Captions and Watermark that nobody gave; what was given stays.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mosaic_desktop.sandbox.media.calm import LOOKS, Survey, evenly, survey
from mosaic_desktop.sandbox.media.captions import caption_box
from mosaic_desktop.sandbox.media.exposure import brightness_range
from mosaic_desktop.sandbox.media.lettering import brightness, contrasting
from mosaic_desktop.sandbox.media.opening import open_source
from mosaic_desktop.sandbox.media.watermark import watermark_box
from mosaic_desktop.sandbox.media.words import Word
from mosaic_desktop.sandbox.steps.notes import WORDS
from mosaic_desktop.sandbox.steps.pictures import below_letters, is_colour, is_watermark
from mosaic_desktop.sandbox.steps.step import Work
from mosaic_desktop.sandbox.steps.telling import chosen

_WHITE, _BLACK, _YELLOW, _RED = "#FFFFFF", "#000000", "#FFD400", "#C62828"
# Where nearly all is at least so bright, from 0 to 1, dark letters are read more easily than light ones.
_BRIGHT = 0.5
# The first one where all are alike: where one looks for it.
_CORNERS = ("bottom_right", "bottom_left", "top_right", "top_left")
# By how much less must go on there than at the bottom, where captions are looked for.
_PLACES = {"bottom": 0.0, "top": 0.1, "middle": 0.3}
# Percent of the shorter side, for wide, square and tall pictures. Tall ones are watched on small screens.
_SIZES = (8, 9, 11)
_SQUARE_TO = 1.2
# Words that tell how large captions are.
_ENOUGH = 300
# By how much colours differ at least that tell words apart, from 0 to 1.
_APART = 0.1
# How far the middle of what is seen is moved at most, of the range from black to white.
_MOST_SHIFT = 0.2


def choose(work: Work, label: str) -> tuple[Work, str]:
    """The work with what it may choose, and a sentence about that; empty where there is no choice."""
    if not work.automatic:
        return work, ""
    if is_watermark(work):
        best = _watermark(work)
    elif is_colour(work):
        best = _exposure(work)
    elif work.note(WORDS):
        best = _captions(work)
    else:
        return work, ""
    free = {name: value for name, value in best.items() if work.is_free(name)}
    return replace(work, parameters={**work.parameters, **free}), chosen(free, label)


def _exposure(work: Work) -> Mapping[str, Any]:
    """Brightness and contrast that use most of the range from black to white, without doing much."""
    if not (work.is_free("brightness") or work.is_free("contrast")):
        return {}
    with open_source(work.source) as source:
        low, high = brightness_range(source)
    contrast = min(max(0.9 / max(high - low, 0.01), 1.0), 1.5)
    contrast = round(contrast, 2) if work.is_free("contrast") else work.parameters["contrast"]
    middle = (low + high) / 2
    moved = middle + min(max(0.5 - middle, -_MOST_SHIFT), _MOST_SHIFT)
    return {"brightness": round(moved - 0.5 - (middle - 0.5) * contrast, 2), "contrast": contrast}


def _watermark(work: Work) -> Mapping[str, Any]:
    with open_source(work.source) as source:
        seen = survey(source, evenly(source.duration), below_letters(work), lambda: work.report(0.0))
    if seen is None:
        return {}
    text, size = str(work.parameters["text"]), work.parameters["size"] / 100
    places = _CORNERS if work.is_free("position") else (work.parameters["position"],)
    boxes = {place: watermark_box(text, size, place, seen.width, seen.height) for place in places}
    calmest = min(places, key=lambda place: seen.activity_in(boxes[place]))
    return {"position": calmest, "color": _letters_on(seen.brightness_in(boxes[calmest]))}


def _captions(work: Work) -> Mapping[str, Any]:
    words = [Word(*word) for word in work.note(WORDS)]
    # What is seen when nothing is said matters little.
    moments = [words[look * len(words) // LOOKS].start for look in range(LOOKS)]
    with open_source(work.source) as source:
        seen = survey(source, moments, below_letters(work), lambda: work.report(0.0))
    if seen is None:
        return {}
    size = _size(seen) if work.is_free("font_size") else work.parameters["font_size"]
    places = tuple(_PLACES) if work.is_free("position") else (work.parameters["position"],)
    boxes = {place: caption_box(words[:_ENOUGH], size / 100, place, seen.width, seen.height) for place in places}
    best = min(places, key=lambda place: seen.activity_in(boxes[place]) + _PLACES[place])
    return {"position": best, "font_size": size, **_colours(work, seen.brightness_in(boxes[best]))}


def _size(seen: Survey) -> float:
    wide, square, tall = _SIZES
    shape = seen.width / seen.height
    return wide if shape > _SQUARE_TO else tall if shape < 1 / _SQUARE_TO else square


def _colours(work: Work, background: float) -> Mapping[str, str]:
    """The colours of captions: each that was not given goes with those that were."""
    given = {
        name: str(work.parameters[name])
        for name in ("color", "outline_color", "highlight_color")
        if not work.is_free(name)
    }
    edge = given.get("outline_color")
    letters = given.get("color") or (contrasting(edge) if edge else _letters_on(background))
    edge = edge or contrasting(letters)
    bright = brightness(edge) > 0.5
    highlight = _RED if bright else _YELLOW
    if abs(brightness(letters) - brightness(highlight)) < _APART:
        highlight = _BLACK if bright else _WHITE
    return {"color": letters, "highlight_color": highlight, "outline_color": edge}


def _letters_on(background: float) -> str:
    return _BLACK if background > _BRIGHT else _WHITE
