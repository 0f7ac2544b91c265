"""Writing finished videos: MP4 with H.264 and AAC that starts to play before it is whole.

Streams are made first and give packets lazily; `write_interleaved` then pulls them in the order of time.
"""

import heapq
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from mosaic_desktop.sandbox.media.errors import MediaError
from mosaic_desktop.sandbox.media.graphs import CLOCK
from mosaic_desktop.sandbox.media.sound import AnyPacket

_X264 = {"preset": "veryfast", "crf": "20", "profile": "high"}
# By their number, since files may leave their order open.
_AAC_LAYOUTS = {1: "mono", 3: "3.0", 4: "4.0", 5: "5.0", 6: "5.1", 8: "7.1"}
_AAC_RATES = frozenset({48000, 44100, 32000, 24000, 22050, 16000})
_NO_PICTURES = "Nothing of the picture of this video can be read."


@contextmanager
def create_mp4(path: Path) -> Iterator[OutputContainer]:
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        yield container


def copied(
    container: OutputContainer, stream: VideoStream | AudioStream, packets: Iterable[AnyPacket]
) -> Iterator[AnyPacket]:
    """The packets of a stream as they are, not encoded again."""
    copy = container.add_stream_from_template(stream)

    def moved() -> Iterator[AnyPacket]:
        for packet in packets:
            packet.stream = copy
            yield packet

    return moved()


def as_h264(container: OutputContainer, frames: Iterator[VideoFrame], rate: Fraction) -> Iterator[AnyPacket]:
    """Encode 4:2:0 frames of one size with times in CLOCK; size and colours are those of the first."""
    first = next(frames, None)
    if first is None:
        raise MediaError(_NO_PICTURES)
    stream = container.add_stream("libx264", rate=rate, options=_X264)
    stream.width, stream.height, stream.pix_fmt = first.width, first.height, "yuv420p"
    context = stream.codec_context
    context.time_base = CLOCK
    # Without a word the library has each frame cut into slices, and waits for all of them before the next.
    context.thread_type = "FRAME"
    context.color_primaries, context.color_trc = first.color_primaries, first.color_trc
    context.colorspace, context.color_range = first.colorspace, first.color_range

    def packets() -> Iterator[AnyPacket]:
        for frame in chain([first], frames):
            # The encoder chooses its own picture types.
            frame.pict_type = 0
            yield from stream.encode(frame)
        yield from stream.encode(None)

    return packets()


def as_aac(container: OutputContainer, frames: Iterable[AudioFrame], rate: int, channels: int) -> Iterator[AnyPacket]:
    """Encode sound of this rate in Hz and number of channels. Rates that AAC does not know become 48 kHz, and channels
    that it has no order for become two.
    """
    stream = container.add_stream("aac", rate=rate if rate in _AAC_RATES else 48000)
    stream.codec_context.layout = _AAC_LAYOUTS.get(channels, "stereo")
    stream.codec_context.bit_rate = 96_000 * min(stream.codec_context.channels, 4)

    def packets() -> Iterator[AnyPacket]:
        for frame in frames:
            yield from stream.encode(frame)
        yield from stream.encode(None)

    return packets()


def write_interleaved(container: OutputContainer, *streams: Iterable[AnyPacket]) -> None:
    """Write packets in the order of their times, so that players need not seek and memory stays flat."""
    for packet in heapq.merge(*streams, key=_when):
        container.mux(packet)


def _when(packet: AnyPacket) -> Fraction:
    if packet.dts is None or packet.time_base is None:
        return Fraction(0)
    return packet.dts * Fraction(packet.time_base)
