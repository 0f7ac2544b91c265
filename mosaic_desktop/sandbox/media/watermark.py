"""A line of letters that stays in the picture."""

from av.video.frame import VideoFrame

from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.graphs import Stage
from mosaic_desktop.sandbox.media.lettering import Lettering, contrasting, drawable
from mosaic_desktop.sandbox.media.overlay import Painter, overlay, painted
from mosaic_desktop.sandbox.media.safe_area import Box, SafeArea

_NOTHING = "The watermark has no letters that can be drawn. Give it a text."
_STROKE = 0.04


def watermarked(text: str, size: float, colour: str, opacity: float, position: str) -> Stage:
    """Draw the text onto all pictures. `size`: as a share of the shorter side; `opacity`: from 0 to 1.

    Raises MediaError where nothing can be drawn.
    """
    line = _line(text)

    def painter_for(frame: VideoFrame) -> Painter:
        image = _lettering(line, size, colour, frame.width, frame.height).piece(line).image(colour)
        image.putalpha(image.getchannel("A").point(lambda value: round(value * opacity)))
        left, top = SafeArea.of(frame.width, frame.height).corner(*image.size, position)
        drawn = overlay(image, left, top, frame)
        return lambda seconds: () if drawn is None else (drawn,)

    return painted(painter_for)


def watermark_box(text: str, size: float, position: str, width: int, height: int) -> Box:
    """Where the text stands in pictures of this size. Raises MediaError where nothing can be drawn."""
    line = _line(text)
    piece = _lettering(line, size, "#FFFFFF", width, height).size_of(line)
    return SafeArea.of(width, height).box(*piece, position)


def _line(text: str) -> str:
    (line,) = drawable([" ".join(text.split())])
    if not line:
        raise MediaError(_NOTHING)
    return line


def _lettering(line: str, size: float, colour: str, width: int, height: int) -> Lettering:
    """As large as wanted, or as fits."""
    outline, room = contrasting(colour), SafeArea.of(width, height).width
    wanted = Lettering(size * min(width, height), outline, _STROKE)
    fitting = wanted.size * min(1, room / (wanted.width(line) + 2 * wanted.margin + 2))
    return Lettering(fitting, outline, _STROKE)
