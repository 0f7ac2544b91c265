"""A small still picture of a video: a JPEG of about a quarter into it, up to 480 pixels wide."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import VideoFrame

from mosaic_desktop.sandbox.media.graphs import CLOCK
from mosaic_desktop.sandbox.media.opening import open_source
from mosaic_desktop.sandbox.media.picture import upright

_WIDTH = 480


def kept_still(frames: Iterator[VideoFrame], total: int, path: Path) -> Iterator[VideoFrame]:
    """Passes on about `total` frames, and writes the still of them on the way, which is cheaper than to look again."""
    for number, frame in enumerate(frames):
        if number in (0, total // 4):  # the first one in case there are fewer
            _write(frame, path)
        yield frame


def write_still(video: Path, path: Path) -> None:
    """The still of a file."""
    with open_source(video) as source:
        wanted = Fraction(source.duration) / 4
        source.skip_to(wanted)
        for frame in upright(source):
            if frame.pts is None or frame.pts * CLOCK >= wanted:
                break
        _write(frame, path)


def _write(frame: VideoFrame, path: Path) -> None:
    width = min(_WIDTH, frame.width) // 2 * 2
    height = max(2, round(frame.height * width / frame.width / 2) * 2)
    picture = frame.reformat(width, height, format="yuvj420p")
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.time_base, encoder.thread_count = Fraction(1, 25), 1
    picture.pts, picture.time_base = 0, encoder.time_base
    path.write_bytes(b"".join(bytes(packet) for packet in [*encoder.encode(picture), *encoder.encode(None)]))
