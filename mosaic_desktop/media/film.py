"""Opening a file that may be anything and reading what it says of itself. Loads PyAV: for the reader's process alone.

Only containers that stand alone are opened: a playlist could make this program read other files or the network.
"""

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from mosaic_desktop.core.errors import Code, LocalFileError
from mosaic_desktop.core.video import MediaInfo

_CONTAINERS = "mov,matroska,avi,mpegts,mpeg,mpegvideo,flv,ogg,asf,mxf,dv"
_PACKETS_TO_FIRST_PICTURE = 500
_MOST_FRAMES_A_SECOND = 1000


class _File(io.FileIO):
    """Handed to FFmpeg in place of a path, so that a pipe or an odd name cannot hold it up."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, opener=_open_without_waiting)
        self.name = "film"  # FFmpeg wants a name that is Unicode, and goes by the content alone
        if not stat.S_ISREG(os.fstat(self.fileno()).st_mode):
            self.close()
            raise LocalFileError(Code.NOT_A_VIDEO)


def _open_without_waiting(path: str, flags: int) -> int:
    """Opening a pipe would wait for its other end."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


@contextmanager
def open_film(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The container and its picture. Raises LocalFileError, also for what goes wrong while they are used."""
    with converted_errors(), _File(path) as file:
        if os.fstat(file.fileno()).st_size == 0:
            raise LocalFileError(Code.FILE_EMPTY)
        with av.open(file, "r", options={"format_whitelist": _CONTAINERS}, metadata_errors="replace") as container:
            yield container, _picture(container)


def describe(container: InputContainer, picture: VideoStream) -> MediaInfo:
    """Reads up to the first picture, which alone tells how it is turned."""
    frame = first_frame(container, picture)
    width, height = shown_size(picture, frame)
    sound = next(filter(_is_known, container.streams.audio), None)
    return MediaInfo(
        duration=duration(container, picture),
        width=width,
        height=height,
        video_codec=picture.codec.canonical_name,
        audio_codec=None if sound is None else sound.codec.canonical_name,
        frame_rate=_frame_rate(picture),
    )


def duration(container: InputContainer, picture: VideoStream) -> float | None:
    """Seconds, or None where the file does not say."""
    if container.duration and container.duration > 0:
        return container.duration / av.time_base
    if picture.duration and picture.duration > 0 and picture.time_base:
        return float(picture.duration * picture.time_base)
    return None


def first_frame(container: InputContainer, picture: VideoStream) -> VideoFrame | None:
    """The next picture that can be decoded; None where there is none nearby."""
    packets = container.demux(picture)
    for _ in range(_PACKETS_TO_FIRST_PICTURE):
        try:
            packet = next(packets, None)
            if packet is None:
                return None
            for frame in packet.decode():
                return frame
        except av.InvalidDataError:
            continue  # players pass over damaged pictures too
    return None


def shown_size(picture: VideoStream, frame: VideoFrame | None) -> tuple[int, int]:
    """Width and height in pixels as a player shows them: with square pixels, and turned."""
    width, height = round(picture.width * _pixel_aspect(picture)), picture.height
    return (height, width) if frame is not None and frame.rotation % 180 else (width, height)


def _pixel_aspect(picture: VideoStream) -> Fraction:
    """Width of a pixel by its height; 1 where the file says nothing, nothing sensible, or next to nothing."""
    aspect = picture.sample_aspect_ratio or Fraction(1)
    return aspect if Fraction(1, 10) < aspect < 10 and abs(aspect - 1) > Fraction(1, 100) else Fraction(1)


def _frame_rate(picture: VideoStream) -> float | None:
    rate = picture.average_rate or picture.guessed_rate
    return float(rate) if rate and 0 < rate <= _MOST_FRAMES_A_SECOND else None


def _picture(container: InputContainer) -> VideoStream:
    for stream in container.streams.video:
        # A song's cover counts as a stream of pictures.
        is_cover = bool(stream.disposition & Disposition.attached_pic)
        if not is_cover and _is_known(stream) and stream.width and stream.height:
            return stream
    raise LocalFileError(Code.NOT_A_VIDEO)


def _is_known(stream: Stream) -> bool:
    """Whether FFmpeg has a decoder for it. PyAV's types do not tell that there is no context otherwise."""
    context: object = stream.codec_context
    return context is not None


@contextmanager
def converted_errors() -> Iterator[None]:
    """PyAV's and the system's errors as LocalFileError."""
    try:
        yield
    except FileNotFoundError as error:
        raise LocalFileError(Code.FILE_MISSING) from error
    except IsADirectoryError as error:
        raise LocalFileError(Code.NOT_A_VIDEO) from error
    except (av.FFmpegError, ValueError) as error:  # the system's own errors come through FFmpeg as they are
        raise LocalFileError(Code.NOT_A_VIDEO) from error
    except OSError as error:
        raise LocalFileError(Code.FILE_UNREADABLE, error.strerror or "") from error
