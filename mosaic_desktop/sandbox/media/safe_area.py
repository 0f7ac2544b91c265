"""Where letters may stand: not at the edges, which some screens hide and players cover with their controls."""

from dataclasses import dataclass
from math import ceil, floor
from typing import Self, TypeAlias

# Left, top, right and bottom in pixels.
Box: TypeAlias = tuple[int, int, int, int]
_SIDE, _TOP, _BOTTOM = 0.05, 0.1, 0.1
# Apps for vertical videos write names and buttons over the lowest part.
_BOTTOM_WHEN_TALL = 0.18


@dataclass(frozen=True, slots=True)
class SafeArea:
    """In pixels of the picture."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of(cls, width: int, height: int) -> Self:
        bottom = _BOTTOM_WHEN_TALL if height > width else _BOTTOM
        edges = floor(width * (1 - _SIDE)), floor(height * (1 - bottom))
        return cls(ceil(width * _SIDE), ceil(height * _TOP), *edges)

    @property
    def width(self) -> int:
        return self.right - self.left

    def corner(self, width: float, height: float, position: str) -> tuple[int, int]:
        """Left and top of a box of this size; `position` names the edges that it stands at, others are centred."""
        x: float = (self.left + self.right - width) / 2
        y: float = (self.top + self.bottom - height) / 2
        if "left" in position:
            x = self.left
        elif "right" in position:
            x = self.right - width
        if "top" in position:
            y = self.top
        elif "bottom" in position:
            y = self.bottom - height
        return round(x), round(y)

    def box(self, width: int, height: int, position: str) -> Box:
        """Such a box by its edges."""
        left, top = self.corner(width, height, position)
        return left, top, left + width, top + height
