"""A small still picture of a video."""

from fractions import Fraction
from pathlib import Path

import av

from mosaic_desktop.sandbox.media.source import open_source

_WIDTH = 480


def write_thumbnail(video: Path, path: Path) -> None:
    """A JPEG of about a quarter into the video, up to 480 pixels wide."""
    with open_source(video) as source:
        wanted = source.duration / 4
        source.container.seek(int(wanted * av.time_base), backward=True)
        for frame in source.pictures():
            if source.time(frame) >= wanted:
                break
        width = min(_WIDTH, frame.width) // 2 * 2
        height = max(2, round(frame.height * width / frame.width / 2) * 2)
        picture = frame.reformat(width, height, format="yuvj420p")
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    picture.pts = 0
    path.write_bytes(b"".join(bytes(packet) for packet in [*encoder.encode(picture), *encoder.encode(None)]))
