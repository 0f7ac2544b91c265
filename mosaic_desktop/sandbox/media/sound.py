"""Sound on a clock of samples, in an order of channels that the library can handle."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer

from mosaic_desktop.sandbox.media.decoding import decoded

if TYPE_CHECKING:
    from av.packet import Packet

# The library generalises over streams for type checkers only.
AnyPacket: TypeAlias = "Packet[Any]"
# The library loses its way in more planes of sound than this.
MOST_CHANNELS = 6
_MIXED = "5.1"


@contextmanager
def open_sound(path: Path) -> Iterator[tuple[AudioStream, Iterator[AudioFrame]]]:
    """The sound of a file made here, which has some and starts at zero."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        yield stream, on_sample_clock(container, stream, Fraction(0))


@contextmanager
def open_coded_sound(path: Path) -> Iterator[tuple[AudioStream, Iterator[AnyPacket]]]:
    """The sound of a file made here, as it is stored."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        yield stream, (packet for packet in container.demux(stream) if packet.dts is not None)


def layout_of(stream: AudioStream) -> str:
    """How the channels of the frames that are read from this stream are ordered."""
    return _MIXED if stream.codec_context.channels > MOST_CHANNELS else stream.codec_context.layout.name


def on_sample_clock(container: InputContainer, stream: AudioStream, start: Fraction) -> Iterator[AudioFrame]:
    """Frames of sound with their times in samples since `start`, in the order of `layout_of`."""
    mixer = av.AudioResampler(layout=_MIXED) if stream.codec_context.channels > MOST_CHANNELS else None
    for frame in decoded(container, stream):
        assert isinstance(frame, AudioFrame)
        if frame.pts is not None and frame.time_base is not None:
            frame.pts = round((frame.pts * Fraction(frame.time_base) - start) * frame.sample_rate)
        frame.time_base = Fraction(1, frame.sample_rate)
        yield from (frame,) if mixer is None else mixer.resample(frame)
