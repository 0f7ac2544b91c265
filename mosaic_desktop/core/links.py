"""What an address says: a video that needs no upload (contract, Vocabulary: ``youtube_<videoId>``), a session."""

import re
from urllib.parse import parse_qs, urlsplit

from mosaic_desktop.core.secrets import Secret

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


def is_session(link: Secret) -> bool:
    """Whether a storage link is a resumable session, which keeps what arrived (Google Cloud Storage: ``upload_id``)."""
    try:
        return bool(parse_qs(urlsplit(link.reveal()).query).get("upload_id"))
    except ValueError:
        return False
