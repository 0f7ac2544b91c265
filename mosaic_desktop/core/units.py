"""Numbers with their units, in the words that users read."""

from collections.abc import Sequence

_STEPS = ("KB", "MB", "GB", "TB")


def format_bytes(count: float) -> str:
    """Decimal units, three digits at most: ``18 KB``, ``2.41 GB``."""
    if count < 1000:
        return plural(int(count), "byte")
    value = float(count)
    for unit in _STEPS:
        value /= 1000
        if value < 999.5 or unit == _STEPS[-1]:
            break
    digits = 0 if unit == "KB" or value >= 99.95 else 1 if value >= 9.995 else 2
    text = f"{value:.{digits}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} {unit}"


def format_part(done: float, whole: float) -> str:
    """``1.2 of 6 GB``: both in the same unit where they are of the same size."""
    part, total = format_bytes(done), format_bytes(whole)
    number, _, unit = part.partition(" ")
    return f"{number if total.endswith(f' {unit}') else part} of {total}"


def format_rate(rate: float) -> str:
    """``rate``: bytes a second."""
    return f"{format_bytes(rate)}/s"


def format_duration(seconds: float) -> str:
    """A length on a clock: ``0:04``, ``14:32``, ``1:58:20``."""
    whole = int(seconds + 0.5)
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"


def format_wait(seconds: float) -> str:
    """Time left in words: ``24 s``, ``2 min``, ``1 h 5 min``, ``over a day``."""
    whole = max(1, round(seconds))
    if whole < 90:
        return f"{whole} s"
    hours, minutes = divmod(round(whole / 60), 60)
    if not hours:
        return f"{minutes} min"
    if whole < 86400:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return "over a day"


def format_percent(per_mille: int) -> str:
    """``per_mille``: 0 to 1000. Rounds down, so that 100 % means done."""
    return f"{per_mille // 10} %"


def plural(count: int, noun: str) -> str:
    """``1 video``, ``2 videos``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def listed(parts: Sequence[str]) -> str:
    """``2 videos``, ``2 videos and 1 link``, ``2 videos, 1 folder and 1 link``."""
    return " and ".join([", ".join(parts[:-1]), *parts[-1:]] if len(parts) > 1 else parts)


_CODECS = {
    "h264": "H.264",
    "hevc": "HEVC",
    "prores": "ProRes",
    "vp8": "VP8",
    "vp9": "VP9",
    "av1": "AV1",
    "mpeg4": "MPEG-4",
    "mpeg2video": "MPEG-2",
    "mjpeg": "Motion JPEG",
    "dnxhd": "DNxHD",
}


def codec_name(codec: str) -> str:
    """A codec's usual name for its short one: ``H.264`` for ``h264``."""
    return _CODECS.get(codec, codec.upper())
