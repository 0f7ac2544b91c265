"""File names that are safe on Windows, macOS and Linux, whatever a server or a user calls a thing."""

import unicodedata

MAX_NAME_BYTES = 255
_FORBIDDEN = frozenset('<>:"/\\|?*')
_DEVICES = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$"})
_RESERVED = _DEVICES | {f"{d}{n}" for d in ("com", "lpt") for n in "0123456789¹²³"}
ROOM_FOR_NAME = MAX_NAME_BYTES - 24  # " (999)" and ".part" are added to a name later


def safe_name(text: str, fallback: str = "video") -> str:
    """One path component, NFC, without anything a file system or a shell trips over. Never empty, never over-long."""
    cleaned = "".join(
        " " if c in _FORBIDDEN or unicodedata.category(c)[0] in "CZ" else c for c in unicodedata.normalize("NFC", text)
    )
    cleaned = " ".join(cleaned.split()).strip(". ")
    if cleaned.split(".")[0].strip().casefold() in _RESERVED:
        cleaned = f"_{cleaned}"
    return cut_to(cleaned, ROOM_FOR_NAME).strip(". ") or fallback


def safe_suffix(suffix: str, fallback: str = ".mp4") -> str:
    """A file name's suffix if it is a plain one (``.mov``), else ``fallback``."""
    body = suffix.removeprefix(".")
    return f".{body.lower()}" if 0 < len(body) <= 5 and body.isascii() and body.isalnum() else fallback


def numbered(name: str, number: int) -> str:
    """``name`` with `` (number)`` before its suffix."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem} ({number}).{suffix}" if dot else f"{name} ({number})"


def cut_to(text: str, max_bytes: int) -> str:
    """``text`` in at most ``max_bytes`` of UTF-8, no letter torn apart."""
    return text.encode()[:max_bytes].decode(errors="ignore")
