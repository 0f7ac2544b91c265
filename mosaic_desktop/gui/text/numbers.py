"""Numbers and media in the words that several kinds of rows share."""

from mosaic_desktop.core.units import codec_name, format_bytes, format_duration, format_rate, format_wait, plural
from mosaic_desktop.core.video import MediaInfo


def media_facts(media: MediaInfo | None) -> list[str]:
    """`14:32`, `3840×2160`, `ProRes`, as far as known."""
    if media is None:
        return []
    return [*length(media), f"{media.width}×{media.height}", codec_name(media.video_codec)]


def length(media: MediaInfo | None) -> list[str]:
    return [format_duration(media.duration)] if media is not None and media.duration is not None else []


def speed(rate: float | None, eta: float | None, ending: str = "") -> str:
    """`38.1 MB/s · 24 s`. `rate`: bytes a second; `eta`: seconds left."""
    parts = [format_rate(rate)] if rate is not None else []
    return " · ".join([*parts, f"{format_wait(eta)}{ending}"] if eta is not None else parts)


def video_counts(count: int, size: int) -> str:
    """`6 videos · 12.4 GB`, `size` in bytes; empty where there is none."""
    if not count:
        return ""
    return f"{plural(count, 'video')} · {format_bytes(size)}" if size else plural(count, "video")


def percent_words(text: str) -> str:
    """`text` for being read aloud."""
    return text.replace(" %", " percent")


def lower(text: str) -> str:
    """`text` for the middle of a sentence."""
    return text[:1].lower() + text[1:]
