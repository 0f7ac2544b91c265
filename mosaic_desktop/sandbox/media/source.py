"""Reading a video on one clock that starts at zero."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from mosaic_desktop.sandbox.media.decoding import UNREADABLE, decoded
from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.sound import MOST_CHANNELS, AnyPacket, on_sample_clock

# Pictures a second; what else a file says of them is a mistake.
_RATES = (Fraction(1, 600), Fraction(1000))
_JOINED = "The clock of this video starts again after {:.0f} seconds, as in joined recordings. Upload them one by one."
_CUT_OFF = "This video is cut off: it should last {:.0f} seconds but ends after {:.0f}. Upload the whole file."
# Declared lengths are often a little off; an incomplete file is off by more.
_MISSING_SHARE = 0.1
_MISSING_SECONDS = 0.5
# A clock that goes back so many seconds starts again.
_BACK = 1
# Containers that tell when a picture is decoded, and not when it is shown. What the library makes of that is wrong.
# AVI counts from the first that is decoded, ASF from the first that is shown.
_AVI, _ASF = "avi", "asf"
# Sound decodes right only after some packets.
_SKIP_MARGIN = Fraction(1)


@dataclass(frozen=True, slots=True)
class Source:
    """An open video. Times are seconds from the start of the container, whatever its own clock says. `promised` is the
    length that the file says it has, 0 where it says nothing. Its pictures were `counted` if it does not say its rate.
    """

    container: InputContainer
    video: VideoStream
    audio: AudioStream | None
    start: Fraction
    duration: float
    promised: float
    counted: int

    @property
    def frame_rate(self) -> Fraction:
        counted = None
        if self.counted and self.duration:
            counted = Fraction(self.counted / self.duration).limit_denominator(1000)
        known = (self.video.average_rate, counted, self.video.guessed_rate)
        return next((rate for rate in known if rate and _RATES[0] <= rate <= _RATES[1]), Fraction(25))

    @property
    def frame_count(self) -> int:
        """How many frames the picture has, as far as the file tells."""
        return self.video.frames or self.counted or max(1, round(self.duration * self.frame_rate))

    @property
    def sound_shape(self) -> tuple[int, int]:
        """Sample rate in Hz and number of channels of the sound, which must exist."""
        assert self.audio is not None
        channels = self.audio.codec_context.channels
        return self.audio.codec_context.sample_rate, min(channels, MOST_CHANNELS)

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
        frames = decoded(self.container, self.video)
        for frame in self._with_times(frames) if self.is_reordered else frames:
            assert isinstance(frame, VideoFrame)
            time = self.time(frame)
            if end - time > _BACK:
                raise MediaError(_JOINED.format(float(end)))
            end, shown = max(end, time), max(shown, time + self._shown_for(frame.duration, frame.time_base))
            yield frame
        self.expect_end(float(shown))

    @property
    def is_reordered(self) -> bool:
        """Whether pictures are stored in another order than they are shown, without a word about when that is."""
        return self.container.format.name in (_AVI, _ASF) and self.video.codec_context.has_b_frames

    def _with_times(self, frames: Iterator[VideoFrame | AudioFrame]) -> Iterator[VideoFrame | AudioFrame]:
        """Reordered pictures, which come in the order in which they are shown, with the times of that."""
        step = max(1, round(1 / (self.frame_rate * (self.video.time_base or 1))))
        ahead = following = 0
        if self.container.format.name == _AVI:
            # Older versions of the library do not tell by how many pictures decoding is ahead.
            ahead = step * getattr(self.video.codec_context, "reorder_depth", 1)
        for frame in frames:
            frame.pts = following if frame.dts is None else frame.dts - ahead
            following = frame.pts + step
            yield frame

    def sounds(self) -> Iterator[AudioFrame]:
        """All frames of the sound, which must exist."""
        assert self.audio is not None
        return on_sample_clock(self.container, self.audio, self.start)

    def packets(self, stream: VideoStream | AudioStream) -> Iterator[AnyPacket]:
        """The stream as it is stored, undecoded, with its times moved to this clock."""
        end = shown = Fraction(0)
        last = Fraction(-1 << 62)
        try:
            for packet in _all_with_dts(self.container.demux(stream), 1 / self.frame_rate):
                assert packet.dts is not None
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
            raise MediaError(UNREADABLE) from error
        if stream is self.video:
            self.expect_end(float(shown))

    def _shown_for(self, duration: int | None, time_base: Fraction | None) -> Fraction:
        """How long a picture is shown. What is longer than the video is a mistake."""
        seconds = (duration or 0) * (time_base or Fraction(0))
        return seconds if 0 < seconds <= self.duration else 1 / self.frame_rate

    def expect_end(self, seconds: float) -> None:
        """Raises MediaError when the file promised clearly more than these seconds."""
        promised = length_of(self.video) or self.promised
        if promised - seconds > max(_MISSING_SECONDS, _MISSING_SHARE * promised):
            raise MediaError(_CUT_OFF.format(promised, seconds))


def length_of(video: VideoStream) -> float:
    """What the picture's own header says, in seconds; 0 where it says nothing."""
    return float(video.duration * video.time_base) if video.duration and video.time_base else 0.0


def _all_with_dts(packets: Iterator[AnyPacket], step: Fraction) -> Iterator[AnyPacket]:
    """Those with a time. Matroska tells only when pictures are shown, so that it is not known of the first ones when
    they are decoded: `step` seconds after one another, before the first of which it is.
    """
    waiting: list[AnyPacket] = []
    for packet in packets:
        if packet.dts is None and packet.pts is None:
            continue
        waiting.append(packet)
        if packet.dts is not None:
            for ahead, early in enumerate(reversed(waiting)):
                early.dts = packet.dts - round(ahead * step / packet.time_base)
            yield from waiting
            waiting.clear()
    for packet in waiting:
        packet.dts = packet.pts
        yield packet
