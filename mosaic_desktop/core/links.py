"""Addresses of videos that need no upload (contract, Vocabulary: ``youtube_<videoId>``)."""

import re
from urllib.parse import parse_qs, urlsplit

_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+-]*:")  # without a dot, so that a host with a port is none
_HOSTS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "www.youtube-nocookie.com"})
_PATHS = ("/shorts/", "/live/", "/embed/", "/v/")


def youtube_id(link: str) -> str | None:
    """The video's id in any usual form of YouTube address, else None."""
    text = link.strip()
    try:
        parts = urlsplit(text if _SCHEME.match(text) else f"https://{text}")
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    found = ""
    if host in {"youtu.be", "www.youtu.be"}:
        found = parts.path.strip("/").split("/")[0]
    elif host in _HOSTS:
        found = parse_qs(parts.query).get("v", [""])[0]
        for prefix in _PATHS:
            if parts.path.startswith(prefix):
                found = parts.path.removeprefix(prefix).split("/")[0]
    return found if _VIDEO_ID.fullmatch(found) else None


def youtube_file_id(video_id: str) -> str:
    return f"youtube_{video_id}"
