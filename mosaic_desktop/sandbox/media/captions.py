"""Captions: a few words at a time, in step with what is said."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

from av.video.frame import VideoFrame
from PIL import Image

from mosaic_desktop.sandbox.media.caption_layout import Caption, captions_of, corners
from mosaic_desktop.sandbox.media.graphs import Stage
from mosaic_desktop.sandbox.media.lettering import Lettering
from mosaic_desktop.sandbox.media.overlay import Overlay, Painter, overlay, painted
from mosaic_desktop.sandbox.media.safe_area import Box, SafeArea
from mosaic_desktop.sandbox.media.words import Words

# Times in files are rounded to their clock.
_ROUNDING = 0.001
# The sizes that a word goes through when it pops up, and how long each lasts.
_POP = (0.6, 0.92, 1.12, 1.06, 1.0)
_POP_SECONDS = 1 / 30


@dataclass(frozen=True, slots=True)
class CaptionLook:
    """`style`: plain, karaoke (the word that is said has the highlight colour) or pop (words come as they are said).

    `size`: of the font, as a share of the picture's shorter side. Colours are #RRGGBB.
    """

    style: str
    size: float
    colour: str
    highlight: str
    outline: str
    position: str


def captioned(words: Words, look: CaptionLook) -> Stage:
    """Draw these words, whose times are those of the pictures."""

    def painter_for(frame: VideoFrame) -> Painter:
        return _Captions(words, look, frame).at

    return painted(painter_for)


def caption_box(words: Words, size: float, position: str, width: int, height: int) -> Box:
    """Where most captions of these words stand in pictures of this width and height."""
    lettering, area = Lettering(size * min(width, height), "#000000"), SafeArea.of(width, height)
    captions = list(_captions_in(words, lettering, width, height))
    across, rows = (median(sizes) for sizes in zip(*((one.width, len(one.rows)) for one in captions), strict=True))
    around = 2 * lettering.margin
    return area.box(round(across) + around, round(rows * lettering.row) + around, position)


def _captions_in(words: Words, lettering: Lettering, width: int, height: int) -> Iterator[Caption]:
    room = max(1, SafeArea.of(width, height).width - 2 * lettering.margin)
    return captions_of(words, lettering, room, tall=height > width)


class _Captions:
    """Knows which caption is on, and keeps what was drawn of that one."""

    def __init__(self, words: Words, look: CaptionLook, frame: VideoFrame) -> None:
        self._look, self._frame = look, frame
        lettering = Lettering(look.size * min(frame.width, frame.height), look.outline)
        self._captions = list(_captions_in(words, lettering, frame.width, frame.height))
        self._starts = [caption.words[0].start for caption in self._captions]
        self._number = -1
        self._drawing: _Drawing | None = None

    def at(self, seconds: float) -> Sequence[Overlay]:
        """What is seen at this time."""
        now = seconds + _ROUNDING
        number = bisect_right(self._starts, now) - 1
        if number < 0 or self._captions[number].end <= now:
            return ()
        if self._drawing is None or number != self._number:
            self._number, self._drawing = number, _Drawing(self._captions[number], self._look, self._frame)
        return self._drawing.at(now)


class _Drawing:
    """One caption. Each look of a word is drawn once, since that costs more than to lay it over a frame."""

    def __init__(self, caption: Caption, look: CaptionLook, frame: VideoFrame) -> None:
        self._look, self._frame, self._area = look, frame, SafeArea.of(frame.width, frame.height)
        self._starts = [word.start for word in caption.words]
        self._kept: dict[tuple[int, str, float], Overlay | None] = {}
        lettering = caption.lettering
        # The margin is room for outlines and shadows.
        width, height = (
            ceil(caption.width) + 2 * lettering.margin,
            len(caption.rows) * lettering.row + 2 * lettering.margin,
        )
        left, top = self._area.corner(width, height, look.position)
        self._pieces = [(lettering.piece(word.text), round(left + x), top + y) for word, x, y in corners(caption)]

    def at(self, now: float) -> Sequence[Overlay]:
        said = max(0, bisect_right(self._starts, now) - 1)
        everything = range(len(self._pieces))
        match self._look.style:
            case "pop":
                step = min(int((now - self._starts[said]) / _POP_SECONDS), len(_POP) - 1)
                looks = [self._overlay(number, self._look.colour) for number in range(said)]
                looks.append(self._overlay(said, self._look.highlight, _POP[step]))
            case "karaoke":
                colours = {said: self._look.highlight}
                looks = [self._overlay(number, colours.get(number, self._look.colour)) for number in everything]
            case _:
                looks = [self._overlay(number, self._look.colour) for number in everything]
        return [look for look in looks if look is not None]

    def _overlay(self, number: int, colour: str, share: float = 1.0) -> Overlay | None:
        look = (number, colour, share)
        if look not in self._kept:
            piece, left, top = self._pieces[number]
            image, area = piece.image(colour), self._area
            if share != 1:
                # Grown from its middle, but not out of the safe area.
                share = min(share, area.width / image.width)
                image = image.resize([max(1, int(side * share)) for side in image.size], Image.Resampling.BICUBIC)
                left = max(area.left, min(left + (piece.size[0] - image.width) // 2, area.right - image.width))
                top = max(area.top, min(top + (piece.size[1] - image.height) // 2, area.bottom - image.height))
            self._kept[look] = overlay(image, left, top, self._frame)
        return self._kept[look]
