"""A line of letters that stays in the picture."""

from av.video.frame import VideoFrame

from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.graphs import Stage
from mosaic_desktop.sandbox.media.lettering import Lettering, drawable
from mosaic_desktop.sandbox.media.overlay import Painter, overlay, painted
from mosaic_desktop.sandbox.media.safe_area import SafeArea

_NOTHING = "The watermark has no letters that can be drawn. Give it a text."
_OUTLINE, _STROKE = "#000000", 0.04


def watermarked(text: str, size: float, colour: str, opacity: float, position: str) -> Stage:
    """Draw the text onto all pictures. `size`: as a share of the shorter side; `opacity`: from 0 to 1.

    Raises MediaError where nothing can be drawn.
    """
    (line,) = drawable([" ".join(text.split())])
    if not line:
        raise MediaError(_NOTHING)

    def painter_for(frame: VideoFrame) -> Painter:
        area = SafeArea.of(frame.width, frame.height)
        wanted = Lettering(size * min(frame.width, frame.height), _OUTLINE, _STROKE)
        fitting = wanted.size * min(1, area.width / (wanted.width(line) + 2 * wanted.margin + 2))
        lettering = Lettering(fitting, _OUTLINE, _STROKE)
        piece = lettering.piece(line)
        image = piece.image(colour)
        image.putalpha(image.getchannel("A").point(lambda value: round(value * opacity)))
        drawn = overlay(image, *area.corner(*piece.size, position), frame)
        return lambda seconds: () if drawn is None else (drawn,)

    return painted(painter_for)
