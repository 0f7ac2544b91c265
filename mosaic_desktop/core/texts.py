"""Text files of the user's, such as subtitles, in whichever encoding they were saved."""

import codecs
from pathlib import Path

from mosaic_desktop.core.units import format_bytes

TEXT_SUFFIXES = (".srt", ".vtt", ".txt")
MOST_BYTES = 4_000_000
"""Far beyond the subtitles of a long film."""


def read_text(path: Path) -> str:
    """What stands in the file, line ends as they are, without a byte order mark.

    UTF-8, or UTF-16 where a byte order mark tells so; else Latin-1, in which old subtitles are. Blocks until the disk
    answers. Raises ValueError with a sentence.
    """
    try:
        if not path.is_file():  # a pipe might never end
            raise ValueError(f"{path.name} is not a file." if path.exists() else f"There is no file {path.name}.")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ValueError(f"{path.name} cannot be read: {error.strerror or error}.") from error
    if len(content) > MOST_BYTES:
        raise ValueError(f"{path.name} is larger than {format_bytes(MOST_BYTES)}, too large for a text.")
    text = _decoded(content)
    if "\0" in text:
        raise ValueError(f"{path.name} is not a text.")
    return text


def _decoded(content: bytes) -> str:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")
