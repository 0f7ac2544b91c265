"""Which words are shown together, and in which rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

from mosaic_desktop.sandbox.media.lettering import Lettering
from mosaic_desktop.sandbox.media.words import Word, Words

# More are read too late, and three rows hide the picture.
_MOST_WORDS, _MOST_WORDS_WHEN_TALL = 6, 4


@dataclass(frozen=True, slots=True)
class Caption:
    """Rows of words that are shown together until `end`, in seconds of the source."""

    rows: tuple[Words, ...]
    end: float
    lettering: Lettering

    @property
    def words(self) -> list[Word]:
        return [word for row in self.rows for word in row]

    @property
    def width(self) -> float:
        return max(_width(row, self.lettering) for row in self.rows)


def captions_of(words: Words, lettering: Lettering, width: float, *, tall: bool) -> Iterator[Caption]:
    """In the order of time; no row of letters is wider than `width` pixels."""
    before: Caption | None = None
    for caption in _each(words, lettering, width, _MOST_WORDS_WHEN_TALL if tall else _MOST_WORDS):
        if before is not None:
            yield replace(before, end=min(before.end, caption.words[0].start))
        before = caption
    if before is not None:
        yield before


def corners(caption: Caption) -> Iterator[tuple[Word, float, int]]:
    """Each word with the left and top of its letters in the block of rows, which are centred."""
    lettering, whole = caption.lettering, caption.width
    for number, row in enumerate(caption.rows):
        left = (whole - _width(row, lettering)) / 2
        for word in row:
            yield word, left, number * lettering.row
            left += lettering.width(word.text) + lettering.space


def _each(words: Words, lettering: Lettering, width: float, most: int) -> Iterator[Caption]:
    for line in _lines(words):
        first = 0
        while first < len(line):
            left = len(line) - first
            # Shares of one size, so that the last word does not stand alone.
            count = ceil(left / ceil(left / most))
            while (rows := _rows(line[first : first + count], lettering, width)) is None:
                count -= 1
            fitting = replace(lettering, size=lettering.size * min(1, width / _width(rows[0], lettering)))
            yield Caption(rows, rows[-1][-1].end, lettering if count > 1 else fitting)
            first += count


def _lines(words: Words) -> Iterator[Words]:
    first = 0
    for number, word in enumerate(words, start=1):
        if word.ends_line or number == len(words):
            yield words[first:number]
            first = number


def _rows(words: Words, lettering: Lettering, width: float) -> tuple[Words, ...] | None:
    """One row, or the two that are most alike; None where two are not enough. A word alone always counts as fitting."""
    if len(words) == 1 or _width(words, lettering) <= width:
        return (words,)
    splits = [(words[:at], words[at:]) for at in range(1, len(words))]
    best = min(splits, key=lambda rows: max(_width(row, lettering) for row in rows))
    return best if all(_width(row, lettering) <= width for row in best) else None


def _width(words: Sequence[Word], lettering: Lettering) -> float:
    return sum(lettering.width(word.text) for word in words) + lettering.space * (len(words) - 1)
