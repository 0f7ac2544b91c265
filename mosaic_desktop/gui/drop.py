"""What can be taken in from a drag or the clipboard, and the words for it. Looks at names only, never at the disk."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl

from mosaic_desktop.core.limits import looks_like_video
from mosaic_desktop.core.links import youtube_id
from mosaic_desktop.core.units import listed, plural

Offered = Path | str
_LINK = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def read_mime(mime: QMimeData) -> list[Offered]:
    """Files and folders as paths, links as text, each once; empty where there is nothing of the kind."""
    found = [_from_url(url) for url in mime.urls()] if mime.hasUrls() else []
    if not any(found) and mime.hasText():
        found = [thing for line in mime.text().splitlines() for thing in _from_line(line.strip())]
    return list(dict.fromkeys(thing for thing in found if thing))


def describe(offered: Sequence[Offered]) -> str:
    """`Drop 3 videos to add them`; empty where there is nothing."""
    return f"Drop {counted(offered)} to add {'it' if len(offered) == 1 else 'them'}" if offered else ""


def counted(offered: Sequence[Offered]) -> str:
    """`2 videos, 1 folder and 1 link`."""
    counts = Counter(_noun(thing) for thing in offered)
    order = [noun for noun in ("video", "folder", "file", "link") if noun in counts]
    return listed([plural(counts[noun], noun) for noun in order])


def _noun(thing: Offered) -> str:
    if isinstance(thing, str):
        return "link"
    if looks_like_video(thing):
        return "video"
    return "file" if thing.suffix else "folder"


def _from_url(url: QUrl) -> Offered | None:
    if url.isLocalFile():
        return Path(url.toLocalFile())
    return url.toString() if url.scheme() in {"http", "https"} else None


def _from_line(line: str) -> list[Offered | None]:
    if line.startswith("file:"):
        return [_from_url(QUrl(line))]
    if links := _LINK.findall(line):
        return list(links)
    if line.startswith(("/", "~/")) or _DRIVE.match(line):
        return [Path(line).expanduser()]
    return [line] if youtube_id(line) else []
