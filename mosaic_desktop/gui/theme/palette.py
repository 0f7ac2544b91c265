"""Color tokens, light and dark, and the arithmetic of contrast. The only place that names colors."""

from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache

from PySide6.QtGui import QColor


class Token(StrEnum):
    """Name of one color; the value is the field of `Palette` that holds it.

    The `*_TEXT` tokens are for words: where the plain token is under 4.5:1 on some ground,
    they are a shade further away from it. Plain state tokens are for icons, dots and bars.
    """

    WINDOW = "window"
    SURFACE = "surface"
    RAISED = "raised"
    LINE = "line"
    TEXT = "text"
    SECONDARY = "secondary"
    FAINT = "faint"
    FAINT_TEXT = "faint_text"
    ACCENT = "accent"
    ACCENT_TEXT = "accent_text"
    ACCENT_FILL = "accent_fill"
    ACCENT_HOVER = "accent_hover"
    ON_ACCENT = "on_accent"
    ACCENT_WASH = "accent_wash"
    GOOD = "good"
    GOOD_TEXT = "good_text"
    GOOD_WASH = "good_wash"
    WARNING = "warning"
    WARNING_TEXT = "warning_text"
    WARNING_WASH = "warning_wash"
    BAD = "bad"
    BAD_TEXT = "bad_text"
    BAD_WASH = "bad_wash"
    TRACK = "track"
    HOVER = "hover"
    PRESSED = "pressed"


@dataclass(frozen=True, slots=True)
class Palette:
    """One value for every token, as `#rrggbb`."""

    window: str
    surface: str
    raised: str
    line: str
    text: str
    secondary: str
    faint: str
    faint_text: str
    accent: str
    accent_text: str
    accent_fill: str
    accent_hover: str
    on_accent: str
    accent_wash: str
    good: str
    good_text: str
    good_wash: str
    warning: str
    warning_text: str
    warning_wash: str
    bad: str
    bad_text: str
    bad_wash: str
    track: str
    hover: str
    pressed: str
    dark: bool

    def hex(self, token: Token) -> str:
        value = getattr(self, token.value)
        assert isinstance(value, str)
        return value

    def color(self, token: Token) -> QColor:
        return QColor(self.hex(token))

    def tokens(self) -> dict[str, str]:
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "dark"}


LIGHT = Palette(
    window="#f5f6f8",
    surface="#ffffff",
    raised="#fafbfc",
    line="#e2e5eb",
    text="#1a1d24",
    secondary="#5d6675",
    faint="#8a93a3",
    faint_text="#666f7f",
    accent="#5b5bd6",
    accent_text="#5656cf",
    accent_fill="#5b5bd6",
    accent_hover="#4d4dc4",
    on_accent="#ffffff",
    accent_wash="#eeeefc",
    good="#218358",
    good_text="#1d774f",
    good_wash="#e6f6ed",
    warning="#ab6400",
    warning_text="#9a5a00",
    warning_wash="#fff4d6",
    bad="#ce2c31",
    bad_text="#c4282d",
    bad_wash="#feebec",
    track="#e8eaf0",
    hover="#f1f2f6",
    pressed="#e8eaf0",
    dark=False,
)

DARK = Palette(
    window="#111317",
    surface="#191b21",
    raised="#1e2128",
    line="#2b2f38",
    text="#eceef2",
    secondary="#a2abba",
    faint="#757e8e",
    faint_text="#8f98a8",
    accent="#6e6ade",
    accent_text="#a09df2",
    accent_fill="#6763d8",
    accent_hover="#5b57cc",
    on_accent="#ffffff",
    accent_wash="#262650",
    good="#3dd68c",
    good_text="#3dd68c",
    good_wash="#12301f",
    warning="#ffca16",
    warning_text="#ffca16",
    warning_wash="#302008",
    bad="#ff9592",
    bad_text="#ff9592",
    bad_wash="#3b1219",
    track="#2b2f38",
    hover="#22252d",
    pressed="#2b2f38",
    dark=True,
)


class StateKind(StrEnum):
    """What a state means for the user; decides color, never the only sign of it."""

    NEUTRAL = "neutral"
    ACTIVE = "active"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"

    @property
    def text(self) -> Token:
        """Token for the state's word."""
        return _STATE_TOKENS[self][0]

    @property
    def mark(self) -> Token:
        """Token for the state's icon, dot or bar."""
        return _STATE_TOKENS[self][1]

    @property
    def wash(self) -> Token:
        """Token for the ground behind the word."""
        return _STATE_TOKENS[self][2]


_STATE_TOKENS = {
    StateKind.NEUTRAL: (Token.SECONDARY, Token.SECONDARY, Token.TRACK),
    StateKind.ACTIVE: (Token.ACCENT_TEXT, Token.ACCENT, Token.ACCENT_WASH),
    StateKind.GOOD: (Token.GOOD_TEXT, Token.GOOD, Token.GOOD_WASH),
    StateKind.WARNING: (Token.WARNING_TEXT, Token.WARNING, Token.WARNING_WASH),
    StateKind.BAD: (Token.BAD_TEXT, Token.BAD, Token.BAD_WASH),
}


@cache
def _luminance(color: str) -> float:
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two `#rrggbb` colors, 1.0 to 21.0 (WCAG 2.2, 1.4.3)."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)
