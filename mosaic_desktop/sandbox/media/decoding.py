"""Frames out of files that may be damaged."""

from collections.abc import Iterator

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from mosaic_desktop.sandbox.media.errors import MediaError

UNREADABLE = "This file is not a video that can be read."


def decoded(container: InputContainer, stream: VideoStream | AudioStream) -> Iterator[VideoFrame | AudioFrame]:
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
        raise MediaError(UNREADABLE)
