"""Which spans of a video are kept, and where their moments come to lie when the rest is cut out."""

from bisect import bisect_right
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
    """Spans in rising order, without overlap."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = [span for span in spans if span.end > span.start]
        self._firsts = [span.start for span in self._spans]
        self._starts: list[Fraction] = []
        self.duration = Fraction(0)
        for span in self._spans:
            self._starts.append(self.duration)
            self.duration += span.end - span.start

    @property
    def start(self) -> Fraction:
        """Where the first span begins; 0 where there is none."""
        return self._firsts[0] if self._spans else Fraction(0)

    @property
    def end(self) -> Fraction:
        """Where the last span ends; 0 where there is none."""
        return self._spans[-1].end if self._spans else Fraction(0)

    def moved(self, time: Fraction) -> Fraction | None:
        """Where this moment lies in the result, or None where it is cut out."""
        found = bisect_right(self._firsts, time + _ROUNDING) - 1
        if found < 0 or self._spans[found].end <= time + _ROUNDING:
            return None
        return self._starts[found] + max(time - self._spans[found].start, Fraction(0))

    def in_samples(self, rate: int) -> list[tuple[int, int]]:
        """The spans in samples, with lengths that add up without drifting from the picture."""
        ends = [*self._starts[1:], self.duration]
        spans = zip(self._spans, self._starts, ends, strict=True)
        return [
            (first := round(span.start * rate), first + round(end * rate) - round(start * rate))
            for span, start, end in spans
        ]
