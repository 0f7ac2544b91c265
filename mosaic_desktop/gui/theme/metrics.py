"""Sizes in device-independent pixels: spacing, radii, control heights, durations. The only place with such numbers."""

from enum import IntEnum

ANY_SIZE = 16_777_215
"""The largest size that a widget may have: no bound."""


class Space(IntEnum):
    """Steps of 4 and 8."""

    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 20
    XXL = 24


class Radius(IntEnum):
    THUMB = 5
    CONTROL = 7
    CARD = 10


class Size(IntEnum):
    CONTROL = 32
    ICON = 16
    RAIL = 84
    RAIL_BUTTON = 54
    RAIL_ICON = 20
    HEADER = 56
    CARD_HEADER = 52
    STATUS_LINE = 28
    ROW = 68
    THUMB_WIDTH = 84
    THUMB_HEIGHT = 47
    TRACK = 4


class Motion(IntEnum):
    """Durations in milliseconds."""

    SHORT = 120
