"""Drawing words so that they can be read on anything: heavy letters with an outline and a soft shadow."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import ceil

from PIL import Image, ImageColor, ImageDraw, ImageFilter, ImageFont

from mosaic_desktop.core.resources import resources_dir
from mosaic_desktop.sandbox.media.errors import MediaError

_FONT = "Inter-Bold.otf"
# No font has it.
_NO_SIGN = "\U0010ffff"
_NO_LETTER = "The letter {} cannot be drawn: the font has Latin, Greek and Cyrillic letters only."
_LEFT_OUT = "Left out, since the font has no such signs: {}."
# Kinds of signs that only say how others look, and those that choose between a sign's pictures.
_UNSEEN, _VARIATIONS = ("Cc", "Cf", "Mn"), ("\ufe00", "\ufe0f")
# In shares of the size of the font.
_HEAVIER, _BLUR, _DROP = 0.012, 0.05, 0.04
_SHADOW = 0.55
# Letters darker than this, from 0 to 1, get a white edge instead of a black one.
_DARK = 0.3
# Pixels; the font library refuses much smaller ones.
_SMALLEST = 4.0


def drawable(texts: Sequence[str]) -> list[str]:
    """Without the signs that the font lacks, such as pictures. Raises MediaError where it lacks a letter or digit."""
    missing = _missing(texts)
    letter = min((sign for sign in missing if _is_read(sign)), default=None)
    if letter is not None:
        raise MediaError(_NO_LETTER.format(letter))
    return ["".join(sign for sign in text if sign not in missing).strip() for text in texts]


def left_out(texts: Sequence[str]) -> str:
    """A sentence about the signs that are not drawn; nothing where all are."""
    seen = sorted(sign for sign in _missing(texts) if unicodedata.category(sign) not in _UNSEEN)
    return _LEFT_OUT.format(" ".join(seen)) if seen else ""


def _missing(texts: Sequence[str]) -> set[str]:
    font = _font(16)
    absent = bytes(font.getmask(_NO_SIGN)).strip(b"\0")
    signs = {sign for text in texts for sign in text if not sign.isspace()}
    return {sign for sign in signs if bytes(font.getmask(sign)).strip(b"\0") in (b"", absent)}


def _is_read(sign: str) -> bool:
    """Whether a word without it would be another word."""
    return unicodedata.category(sign)[0] in "LMN" and not _VARIATIONS[0] <= sign <= _VARIATIONS[1]


def brightness(colour: str) -> float:
    """Of #RRGGBB, from 0 black to 1 white (Rec. ITU-R BT.709, without its gamma)."""
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


def contrasting(colour: str) -> str:
    """Black or white, whichever is farther from this colour; mostly black."""
    return "#FFFFFF" if brightness(colour) < _DARK else "#000000"


def _font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(resources_dir() / "fonts" / _FONT, size)


@dataclass(frozen=True, slots=True)
class Piece:
    """A drawn word: `letters` is a mask, `behind` its outline and shadow, both of the same size."""

    letters: Image.Image
    behind: Image.Image

    @property
    def size(self) -> tuple[int, int]:
        return self.letters.size

    def image(self, colour: str) -> Image.Image:
        image = self.behind.copy()
        image.paste(colour, (0, 0), self.letters)
        return image


@dataclass(frozen=True)
class Lettering:
    """`size` is that of the font in pixels, `outline` a colour as #RRGGBB, `stroke` its width as a share of size."""

    size: float
    outline: str
    stroke: float = 0.085

    @cached_property
    def font(self) -> ImageFont.FreeTypeFont:
        return _font(max(_SMALLEST, self.size))

    @cached_property
    def space(self) -> float:
        return self.font.getlength(" ") * 1.05

    @cached_property
    def margin(self) -> int:
        """How far a piece reaches beyond the row's box of its letters."""
        return ceil((self.stroke + 2.5 * _BLUR + _DROP) * self.size)

    @cached_property
    def ascent(self) -> int:
        return self.font.getmetrics()[0]

    @cached_property
    def row(self) -> int:
        """The height of a row."""
        return sum(self.font.getmetrics())

    @cached_property
    def width(self) -> Callable[[str], float]:
        """How wide a text is."""
        return cache(self.font.getlength)

    def size_of(self, text: str) -> tuple[int, int]:
        """Width and height of a piece."""
        return ceil(self.width(text)) + 2 * self.margin, self.row + 2 * self.margin

    def piece(self, text: str) -> Piece:
        size = self.size_of(text)
        place = (self.margin, self.margin + self.ascent)
        letters, outline = (self._drawn(text, size, place, share) for share in (_HEAVIER, self.stroke))
        fallen = Image.new("L", size)
        fallen.paste(outline, (0, round(_DROP * self.size)))
        shadow = fallen.filter(ImageFilter.GaussianBlur(_BLUR * self.size)).point(lambda value: int(value * _SHADOW))
        behind = Image.new("RGBA", size, "#00000000")
        behind.putalpha(shadow)
        edge = Image.new("RGBA", size, self.outline)
        edge.putalpha(outline)
        behind.alpha_composite(edge)
        return Piece(letters, behind)

    def _drawn(self, text: str, size: tuple[int, int], place: tuple[int, int], stroke: float) -> Image.Image:
        mask = Image.new("L", size)
        draw = ImageDraw.Draw(mask)
        draw.text(place, text, fill=255, font=self.font, anchor="ls", stroke_width=stroke * self.size)
        return mask
