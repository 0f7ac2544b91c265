"""Opening a user's video, which may be anything: what is taken, and what is refused with which sentence."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from mosaic_desktop.sandbox.media.decoding import UNREADABLE
from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.source import Source, length_of

if TYPE_CHECKING:
    from av.audio.codeccontext import AudioCodecContext
    from av.video.codeccontext import VideoCodecContext

# Only self-contained formats: playlists and lists of files could make the server read other files or the network.
_FORMATS = "mov,matroska,avi,mpegts,mpeg,flv,ogg,asf,mxf,gif,wav,mp3,flac,aac,ac3"
_MOST_PIXELS = 8192 * 4608
_MOST_SECONDS = 86_400
# The usual orders of so many channels.
_ORDERS = {1: "mono", 2: "stereo", 3: "2.1", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1", 12: "7.1.4", 16: "9.1.6"}
_TOO_LARGE = "This picture of {} x {} pixels is larger than 8K, the most that is processed."
_TOO_SMALL = "This picture of {} x {} pixels is too small to be processed."
_TOO_LONG = "This video lasts {:.0f} hours; a day is the most that is processed."
_NO_ORDER = "The {} channels of the sound of this video are in no order that is known. Use one with at most eight."
_NO_PICTURE = "This file has no picture, so it is not a video."


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """The video in this file; raises MediaError with a sentence for the person when there is none."""
    with _opened(path) as container:
        video = next((stream for stream in container.streams.video if _is_picture(stream)), None)
        if video is None:
            raise MediaError(_NO_PICTURE if container.streams.audio else UNREADABLE)
        if video.width * video.height > _MOST_PIXELS:
            raise MediaError(_TOO_LARGE.format(video.width, video.height))
        if min(video.width, video.height) < 2:
            raise MediaError(_TOO_SMALL.format(video.width, video.height))
        video.thread_type = "AUTO"
        audio = next((stream for stream in container.streams.audio if _is_sound(stream)), None)
        start = Fraction(container.start_time or 0, av.time_base)
        promised = _promised(container, video)
        says_all = promised and video.average_rate
        measured, counted = (0.0, 0) if says_all else _measured(path, video.index)
        duration = promised or measured
        if duration > _MOST_SECONDS:
            raise MediaError(_TOO_LONG.format(duration / 3600))
        yield Source(container, video, audio, start, duration, promised, counted)


def _opened(path: Path) -> InputContainer:
    try:
        return av.open(str(path), options={"format_whitelist": _FORMATS}, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as error:
        raise MediaError(UNREADABLE) from error


def _is_picture(stream: VideoStream) -> bool:
    """Whether it can be decoded and is not the cover of a music file."""
    context: VideoCodecContext | None = stream.codec_context
    return context is not None and context.width > 0 and not stream.disposition & Disposition.attached_pic


def _is_sound(stream: AudioStream) -> bool:
    """Whether it can be decoded. Channels in an order that has no name get the usual one."""
    context: AudioCodecContext | None = stream.codec_context
    if context is None:
        return False
    # Asked once: the library frees such an order with the answer, and crashes at the next.
    layout = context.layout
    if layout.nb_channels and "channels" in layout.name:
        if layout.nb_channels not in _ORDERS:
            raise MediaError(_NO_ORDER.format(layout.nb_channels))
        context.layout = _ORDERS[layout.nb_channels]
    return layout.nb_channels > 0


def _promised(container: InputContainer, video: VideoStream) -> float:
    """How long the file says that it is; 0 where it says nothing."""
    if container.duration:
        # Matroska counts from zero, wherever its times begin.
        begins = (container.start_time or 0) if "matroska" in container.format.name else 0
        return (container.duration - max(begins, 0)) / av.time_base
    return length_of(video)


def _measured(path: Path, video: int) -> tuple[float, int]:
    """Of a file that does not say its length or its pictures a second, as browsers record: when its last picture or
    sound ends, and how many pictures there are. `video` is the number of their stream.
    """
    end, pictures = Fraction(0), 0
    with _opened(path) as container, suppress(av.FFmpegError):
        start = Fraction(container.start_time or 0, av.time_base)
        for packet in container.demux():
            if packet.pts is not None:
                pictures += packet.stream_index == video
                end = max(end, (packet.pts + (packet.duration or 0)) * packet.time_base - start)
    return float(end), pictures
