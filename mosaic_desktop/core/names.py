"""File names that are safe on Windows, macOS and Linux, whatever a server or a user calls a thing."""

import unicodedata

MAX_NAME_BYTES = 255
_FORBIDDEN = frozenset('<>:"/\\|?*')
_DEVICES = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$"})
_RESERVED = _DEVICES | {f"{d}{n}" for d in ("com", "lpt") for n in "0123456789¹²³"}
_ROOM_FOR_SUFFIXES = 24  # " (999)" and ".part" and an id are added to a name later


def safe_name(text: str, fallback: str = "video") -> str:
    """One path component, NFC, without anything a file system or a shell trips over. Never empty, never over-long."""
    cleaned = "".join(
        " " if c in _FORBIDDEN or unicodedata.category(c)[0] in "CZ" else c for c in unicodedata.normalize("NFC", text)
    )
    cleaned = " ".join(cleaned.split()).strip(". ")
    if cleaned.split(".")[0].strip().casefold() in _RESERVED:
        cleaned = f"_{cleaned}"
    return _cut(cleaned, MAX_NAME_BYTES - _ROOM_FOR_SUFFIXES).strip(". ") or fallback


def output_name(source: str, agent: str, index: int, suffix: str = ".mp4") -> str:
    """The finished file's name: source, agent, and a number from the second output of a run on."""
    number = f" {index + 1}" if index else ""
    suffix = safe_suffix(suffix)
    tail = f" · {_cut(safe_name(agent, 'edited'), 60).strip()}{number}"
    room = MAX_NAME_BYTES - _ROOM_FOR_SUFFIXES - len((tail + suffix).encode())
    return f"{_cut(safe_name(source), room).strip('. ')}{tail}{suffix}"


def safe_suffix(suffix: str, fallback: str = ".mp4") -> str:
    """A file name's suffix if it is a plain one (``.mov``), else ``fallback``."""
    body = suffix.removeprefix(".")
    return f".{body.lower()}" if 0 < len(body) <= 5 and body.isascii() and body.isalnum() else fallback


def numbered(name: str, number: int) -> str:
    """``name`` with `` (number)`` before its suffix."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem} ({number}).{suffix}" if dot else f"{name} ({number})"


def _cut(text: str, max_bytes: int) -> str:
    return text.encode()[:max_bytes].decode(errors="ignore")
