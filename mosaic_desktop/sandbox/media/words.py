"""Spoken words, from subtitles or recognised, as nodes hand them on."""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias


class Word(NamedTuple):
    """`start` and `end` are seconds of the source. `ends_line` keeps it from sharing a caption with the next word."""

    start: float
    end: float
    text: str
    ends_line: bool


Words: TypeAlias = Sequence[Word]
