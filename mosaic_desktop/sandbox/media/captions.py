"""Captions: a few words at a time, in step with what is said."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from av.video.frame import VideoFrame

from mosaic_desktop.sandbox.media.caption_layout import Caption, captions_of, corners
from mosaic_desktop.sandbox.media.graphs import Stage
from mosaic_desktop.sandbox.media.lettering import Lettering, Piece, composed
from mosaic_desktop.sandbox.media.overlay import Overlay, Painter, overlay, painted
from mosaic_desktop.sandbox.media.safe_area import SafeArea
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


class _Captions:
    """Knows which caption is on, and keeps what was drawn of that one."""

    def __init__(self, words: Words, look: CaptionLook, frame: VideoFrame) -> None:
        self._look, self._frame = look, frame
        lettering = Lettering(look.size * min(frame.width, frame.height), look.outline)
        width = max(1, SafeArea.of(frame.width, frame.height).width - 2 * lettering.margin)
        self._captions = list(captions_of(words, lettering, width, tall=frame.height > frame.width))
        self._starts = [caption.words[0].start for caption in self._captions]
        self._number = -1
        self._drawing: _Drawing | None = None

    def at(self, seconds: float) -> Overlay | None:
        """What is seen at this time."""
        now = seconds + _ROUNDING
        number = bisect_right(self._starts, now) - 1
        if number < 0 or self._captions[number].end <= now:
            return None
        if self._drawing is None or number != self._number:
            self._number, self._drawing = number, _Drawing(self._captions[number], self._look, self._frame)
        return self._drawing.at(now)


class _Drawing:
    """One caption: each of its looks is drawn once."""

    def __init__(self, caption: Caption, look: CaptionLook, frame: VideoFrame) -> None:
        self._words, self._look, self._frame = caption.words, look, frame
        self._starts = [word.start for word in caption.words]
        self._kept: dict[tuple[int, int], Overlay | None] = {}
        lettering, area = caption.lettering, SafeArea.of(frame.width, frame.height)
        width, height = ceil(caption.width), len(caption.rows) * lettering.row
        # Room for outlines and shadows, and for words that are a little larger while they pop up.
        left, top = area.corner(width + 2 * lettering.margin, height + 2 * lettering.margin, look.position)
        room = lettering.margin
        self._left, self._top = max(area.left, left - room), max(area.top, top - room)
        right, bottom = left + width + 3 * lettering.margin, top + height + 3 * lettering.margin
        self._size = (max(1, min(area.right, right) - self._left), max(1, min(area.bottom, bottom) - self._top))
        self._pieces = [
            (lettering.piece(word.text), round(left - self._left + x), top - self._top + y)
            for word, x, y in corners(caption)
        ]

    def at(self, now: float) -> Overlay | None:
        said, step = 0, 0
        if self._look.style != "plain":
            said = max(0, bisect_right(self._starts, now) - 1)
        if self._look.style == "pop":
            step = min(int((now - self._starts[said]) / _POP_SECONDS), len(_POP) - 1)
        if (said, step) not in self._kept:
            image = composed(self._size, self._parts(said, step))
            self._kept[said, step] = overlay(image, self._left, self._top, self._frame)
        return self._kept[said, step]

    def _parts(self, said: int, step: int) -> Iterator[tuple[Piece, tuple[int, int], str]]:
        for number, (piece, left, top) in enumerate(self._pieces):
            if self._look.style == "pop" and number == said:
                popping = piece.scaled(_POP[step])
                corner = [
                    # Grown from its middle, but not out of the safe area.
                    max(0, min(start + (whole - now) // 2, end - now))
                    for start, whole, now, end in (
                        (left, piece.letters.width, popping.letters.width, self._size[0]),
                        (top, piece.letters.height, popping.letters.height, self._size[1]),
                    )
                ]
                yield popping, (corner[0], corner[1]), self._look.highlight
            elif self._look.style != "pop" or number < said:
                is_said = self._look.style == "karaoke" and number == said
                yield piece, (left, top), self._look.highlight if is_said else self._look.colour
