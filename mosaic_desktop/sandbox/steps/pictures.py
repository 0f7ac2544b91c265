"""What a node does to pictures: what its type says, and what the nodes before found out."""

from collections.abc import Iterator

import numpy as np

from mosaic_desktop.sandbox.media.captions import CaptionLook, captioned
from mosaic_desktop.sandbox.media.framing import blurred, cropped
from mosaic_desktop.sandbox.media.graphs import Stage, filtered
from mosaic_desktop.sandbox.media.watermark import watermarked
from mosaic_desktop.sandbox.media.words import Word
from mosaic_desktop.sandbox.steps.notes import TRACK, WORDS
from mosaic_desktop.sandbox.steps.step import Work

_MIRRORS = {"horizontal": "hflip", "vertical": "vflip"}


def stages(work: Work) -> list[Stage]:
    """In the order in which they happen; none where the agent does not touch the picture."""
    return [*below_letters(work), *_captions(work), *_watermark(work)]


def below_letters(work: Work) -> list[Stage]:
    """Those that come before letters are drawn."""
    return [*_framing(work), *_colour(work), *_mirror(work)]


def _framing(work: Work) -> Iterator[Stage]:
    track = work.note(TRACK)
    if track is None:
        return
    if work.parameters["fit"] == "blur":
        yield blurred(track["aspect"])
    else:
        yield cropped(track["aspect"], np.array(track["centres"]).reshape(-1, 2), track["scenes"])


def _mirror(work: Work) -> Iterator[Stage]:
    if work.step == "mirror":
        yield filtered([(_MIRRORS[work.parameters["direction"]], "")])


def _colour(work: Work) -> Iterator[Stage]:
    if not is_colour(work):
        return
    brightness, contrast = work.parameters["brightness"], work.parameters["contrast"]
    saturation, warmth = work.parameters["saturation"], 14 * work.parameters["warmth"]
    light = f"clip((val-128)*{contrast:.4f}+128+{255 * brightness:.2f},0,255)"
    blue, red = (f"clip((val-128)*{saturation:.4f}+128{shift:+.2f},0,255)" for shift in (-warmth, warmth))
    yield filtered([("lutyuv", f"y='{light}':u='{blue}':v='{red}'")])


def _captions(work: Work) -> Iterator[Stage]:
    words = work.note(WORDS)
    if words is None:
        return
    wanted = work.parameters
    look = CaptionLook(
        style=wanted["style"],
        size=wanted["font_size"] / 100,
        colour=wanted["color"],
        highlight=wanted["highlight_color"],
        outline=wanted["outline_color"],
        position=wanted["position"],
    )
    yield captioned([Word(*word) for word in words], look)


def _watermark(work: Work) -> Iterator[Stage]:
    wanted = work.parameters
    if is_watermark(work):
        look = (wanted["color"], wanted["opacity"], wanted["position"])
        yield watermarked(str(wanted["text"]), wanted["size"] / 100, *look)


def is_watermark(work: Work) -> bool:
    return work.step == "watermark"


def is_colour(work: Work) -> bool:
    return work.step == "colour"
