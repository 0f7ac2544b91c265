"""Which spans of a video are kept, and where their moments come to lie when the rest is cut out."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

# Times in files are rounded to their clock, so a frame that belongs to a span may seem to lie just before it.
_ROUNDING = Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to `end`, in seconds."""

    start: Fraction
    end: Fraction


class Timeline:
    """Spans in rising order, without overlap. Times must be asked for in rising order too."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = [span for span in spans if span.end > span.start]
        self._starts: list[Fraction] = []
        total = Fraction(0)
        for span in self._spans:
            self._starts.append(total)
            total += span.end - span.start
        self._total = total
        self._current = 0

    def moved(self, time: Fraction) -> Fraction | None:
        """Where this moment lies in the result, or None where it is cut out."""
        while self._current < len(self._spans) and self._spans[self._current].end <= time + _ROUNDING:
            self._current += 1
        if self._current == len(self._spans):
            return None
        inside = time - self._spans[self._current].start
        return None if inside < -_ROUNDING else self._starts[self._current] + max(inside, Fraction(0))

    def in_samples(self, rate: int) -> list[tuple[int, int]]:
        """The spans in samples, with lengths that add up without drifting from the picture."""
        ends = [*self._starts[1:], self._total]
        spans = zip(self._spans, self._starts, ends, strict=True)
        return [
            (first := round(span.start * rate), first + round(end * rate) - round(start * rate))
            for span, start, end in spans
        ]
