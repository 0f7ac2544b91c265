"""What is known of a video file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """Facts read from a video file's headers.

    ``duration``: seconds, or None where the container does not say. ``width`` and ``height``: pixels as shown,
    after rotation. Codecs by their short names (``h264``, ``aac``); ``audio_codec`` is None for a silent file.
    """

    duration: float | None
    width: int
    height: int
    video_codec: str
    audio_codec: str | None = None
    frame_rate: float | None = None
