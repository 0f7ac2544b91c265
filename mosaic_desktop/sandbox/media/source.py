"""Opening a user's video, which may be anything, and reading it on one clock that starts at zero."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from mosaic_desktop.sandbox.media.errors import MediaError

if TYPE_CHECKING:
    from av.audio.codeccontext import AudioCodecContext
    from av.packet import Packet
    from av.video.codeccontext import VideoCodecContext

# The library generalises over streams for type checkers only.
AnyPacket: TypeAlias = "Packet[Any]"
# Only self-contained formats: playlists and lists of files could make the server read other files or the network.
_FORMATS = "mov,matroska,avi,mpegts,mpeg,flv,ogg,asf,mxf,gif,wav,mp3,flac,aac,ac3"
_MOST_PIXELS = 8192 * 4608
_MOST_SECONDS = 86_400
# Pictures a second; what else a file says of them is a mistake.
_RATES = (Fraction(1, 600), Fraction(1000))
# The library loses its way in more planes of sound than this, and in channels in an order of their own.
_MOST_CHANNELS, _MIXED = 6, "5.1"
_ORDERS = {1: "mono", 2: "stereo", 3: "2.1", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1", 12: "7.1.4", 16: "9.1.6"}
_TOO_LARGE = "This picture of {} x {} pixels is larger than 8K, the most that is processed."
_TOO_SMALL = "This picture of {} x {} pixels is too small to be processed."
_TOO_LONG = "This video lasts {:.0f} hours; a day is the most that is processed."
_NO_ORDER = "The {} channels of the sound of this video are in no order that is known. Use one with at most eight."
_UNREADABLE = "This file is not a video that can be read."
_JOINED = "The clock of this video starts again after {:.0f} seconds, as in joined recordings. Upload them one by one."
_NO_PICTURE = "This file has no picture, so it is not a video."
_CUT_OFF = "This video is cut off: it should last {:.0f} seconds but ends after {:.0f}. Upload the whole file."
# Declared lengths are often a little off; an incomplete file is off by more.
_MISSING_SHARE = 0.1
_MISSING_SECONDS = 0.5
# A clock that goes back so many seconds starts again.
_BACK = 1
# Sound decodes right only after some packets.
_SKIP_MARGIN = Fraction(1)


@dataclass(frozen=True, slots=True)
class Source:
    """An open video. Times are seconds from the start of the container, whatever its own clock says."""

    container: InputContainer
    video: VideoStream
    audio: AudioStream | None
    start: Fraction
    duration: float

    @property
    def frame_rate(self) -> Fraction:
        known = (self.video.average_rate, self.video.guessed_rate)
        return next((rate for rate in known if rate and _RATES[0] <= rate <= _RATES[1]), Fraction(25))

    @property
    def frame_count(self) -> int:
        """How many frames the picture has, as far as the file tells."""
        return self.video.frames or max(1, round(self.duration * self.frame_rate))

    @property
    def sound_shape(self) -> tuple[int, int]:
        """Sample rate in Hz and number of channels of the sound, which must exist."""
        assert self.audio is not None
        channels = self.audio.codec_context.channels
        return self.audio.codec_context.sample_rate, min(channels, _MOST_CHANNELS)

    def time(self, frame: VideoFrame) -> Fraction:
        """When this frame is shown."""
        if frame.pts is None or frame.time_base is None:
            return Fraction(0)
        return frame.pts * Fraction(frame.time_base) - self.start

    def skip_to(self, seconds: Fraction) -> Fraction:
        """Frames from about there on come next; returns from where on none is missing. Does little near the start."""
        before = seconds - _SKIP_MARGIN
        if before <= 0:
            return Fraction(0)
        self.container.seek(int((before + self.start) * av.time_base), backward=True)
        return before

    def pictures(self) -> Iterator[VideoFrame]:
        """All frames of the picture. Raises MediaError where the file ends early."""
        end = shown = Fraction(0)
        for frame in _decode(self.container, self.video):
            assert isinstance(frame, VideoFrame)
            time = self.time(frame)
            if end - time > _BACK:
                raise MediaError(_JOINED.format(float(end)))
            end, shown = max(end, time), max(shown, time + self._shown_for(frame.duration, frame.time_base))
            yield frame
        self.expect_end(float(shown))

    def sounds(self) -> Iterator[AudioFrame]:
        """All frames of the sound, which must exist."""
        assert self.audio is not None
        return _on_sample_clock(self.container, self.audio, self.start)

    def packets(self, stream: VideoStream | AudioStream) -> Iterator[AnyPacket]:
        """The stream as it is stored, undecoded, with its times moved to this clock."""
        end = shown = Fraction(0)
        last = Fraction(-1 << 62)
        try:
            for packet in self.container.demux(stream):
                if packet.dts is None or packet.time_base is None:
                    continue
                time = packet.dts * packet.time_base
                if last - time > _BACK:
                    raise MediaError(_JOINED.format(float(end)))
                if time <= last:  # Broken files repeat times, which no other file takes.
                    continue
                last = time
                shift = round(self.start / packet.time_base)
                packet.dts -= shift
                packet.pts = packet.dts if packet.pts is None else packet.pts - shift
                time = packet.pts * packet.time_base
                end, shown = max(end, time), max(shown, time + self._shown_for(packet.duration, packet.time_base))
                yield packet
        except av.FFmpegError as error:
            raise MediaError(_UNREADABLE) from error
        if stream is self.video:
            self.expect_end(float(shown))

    def _shown_for(self, duration: int | None, time_base: Fraction | None) -> Fraction:
        """How long a picture is shown. What is longer than the video is a mistake."""
        seconds = (duration or 0) * (time_base or Fraction(0))
        return seconds if 0 < seconds <= self.duration else 1 / self.frame_rate

    def expect_end(self, seconds: float) -> None:
        """Raises MediaError when the file promised clearly more than these seconds."""
        promised = _length(self.video) or self.duration
        if promised - seconds > max(_MISSING_SECONDS, _MISSING_SHARE * promised):
            raise MediaError(_CUT_OFF.format(promised, seconds))


@contextmanager
def open_sound(path: Path) -> Iterator[tuple[AudioStream, Iterator[AudioFrame]]]:
    """The sound of a file made here, which has some and starts at zero."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        yield stream, _on_sample_clock(container, stream, Fraction(0))


@contextmanager
def open_coded_sound(path: Path) -> Iterator[tuple[AudioStream, Iterator[AnyPacket]]]:
    """The sound of a file made here, as it is stored."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        yield stream, (packet for packet in container.demux(stream) if packet.dts is not None)


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """The video in this file; raises MediaError with a sentence for the person when there is none."""
    try:
        container = av.open(str(path), options={"format_whitelist": _FORMATS}, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as error:
        raise MediaError(_UNREADABLE) from error
    with container:
        video = next((stream for stream in container.streams.video if _is_picture(stream)), None)
        if video is None:
            raise MediaError(_NO_PICTURE if container.streams.audio else _UNREADABLE)
        if video.width * video.height > _MOST_PIXELS:
            raise MediaError(_TOO_LARGE.format(video.width, video.height))
        if min(video.width, video.height) < 2:
            raise MediaError(_TOO_SMALL.format(video.width, video.height))
        video.thread_type = "AUTO"
        audio = next((stream for stream in container.streams.audio if _is_sound(stream)), None)
        start = Fraction(container.start_time or 0, av.time_base)
        duration = _duration(container, video)
        if duration > _MOST_SECONDS:
            raise MediaError(_TOO_LONG.format(duration / 3600))
        yield Source(container, video, audio, start, duration)


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


def layout_of(stream: AudioStream) -> str:
    """How the channels of the frames that are read from this stream are ordered."""
    return _MIXED if stream.codec_context.channels > _MOST_CHANNELS else stream.codec_context.layout.name


def _duration(container: InputContainer, video: VideoStream) -> float:
    if container.duration:
        # Matroska counts from zero, wherever its times begin.
        begins = (container.start_time or 0) if "matroska" in container.format.name else 0
        return (container.duration - max(begins, 0)) / av.time_base
    return _length(video)


def _length(video: VideoStream) -> float:
    """What the picture's own header says, in seconds; 0 where it says nothing."""
    return float(video.duration * video.time_base) if video.duration and video.time_base else 0.0


def _on_sample_clock(container: InputContainer, stream: AudioStream, start: Fraction) -> Iterator[AudioFrame]:
    """Frames of sound with their times in samples since `start`, in the order of `layout_of`."""
    mixer = av.AudioResampler(layout=_MIXED) if stream.codec_context.channels > _MOST_CHANNELS else None
    for frame in _decode(container, stream):
        assert isinstance(frame, AudioFrame)
        if frame.pts is not None and frame.time_base is not None:
            frame.pts = round((frame.pts * Fraction(frame.time_base) - start) * frame.sample_rate)
        frame.time_base = Fraction(1, frame.sample_rate)
        yield from (frame,) if mixer is None else mixer.resample(frame)


def _decode(container: InputContainer, stream: VideoStream | AudioStream) -> Iterator[VideoFrame | AudioFrame]:
    """Frames of one stream; damaged ones are left out, as players do, as long as any can be read."""
    any_frame = False
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
            frames = packet.decode()
        except StopIteration:
            break
        except av.InvalidDataError:
            continue
        except MemoryError:  # which is one of FFmpeg's errors too, but says nothing about the file
            raise
        except av.FFmpegError:
            break
        for frame in frames:
            any_frame = True
            yield frame  # type: ignore[misc]
    if not any_frame:
        raise MediaError(_UNREADABLE)
