"""A state in the few words that fit into a list, and the words for what stands in the way."""

from dataclasses import dataclass

from mosaic_desktop.core.errors import Code, Problem
from mosaic_desktop.core.sentences import sentence
from mosaic_desktop.gui.theme.palette import StateKind


@dataclass(frozen=True, slots=True)
class StateWords:
    """A state for a list: the word, its kind and icon, what stands at the other end, and per mille or None."""

    word: str
    kind: StateKind = StateKind.NEUTRAL
    icon: str = ""
    right: str = ""
    progress: int | None = None


_WAITING_FOR: dict[str, str] = {
    Code.UNREACHABLE: "Waiting for a connection",
    Code.INTERRUPTED: "Waiting for a connection",
    Code.STARTS_OVER: "Broke off, starts over",
    Code.FILE_AWAY: "Waiting for its disk",
    Code.RATE_LIMIT: "Mosaic asked for a pause",
    Code.RUN_LIMIT: "Waiting for a free run",
    Code.LINK_EXPIRED: "Asking for another link",
    Code.NO_CREDITS: "Out of credits",
    Code.INVALID_KEY: "Waiting for a valid key",
}

_FAILED: dict[str, str] = {
    Code.FILE_CHANGED: "File has changed",
    Code.FILE_MISSING: "File is missing",
    Code.FILE_AWAY: "Disk is not connected",
    Code.STARTS_OVER: "Connection broke",
    Code.FILE_UNREADABLE: "File cannot be read",
    Code.FILE_EMPTY: "File is empty",
    Code.FILE_TOO_SMALL: "File is too small",
    Code.FILE_TOO_LARGE: "File is too large",
    Code.NOT_A_VIDEO: "Not a video",
    Code.INVALID_KEY: "API key not accepted",
    Code.NO_CREDITS: "Not enough credits",
    Code.UNREACHABLE: "No connection",
    Code.INTERRUPTED: "Connection broke",
    Code.TLS: "Connection not secure",
    Code.DISK_FULL: "Disk is full",
    Code.FOLDER_UNWRITABLE: "Folder not writable",
    Code.FOLDER_MISSING: "Folder is missing",
    Code.WRONG_SIZE: "Arrived incomplete",
    Code.WRONG_CONTENT: "Arrived damaged",
    Code.OUT_OF_RANGE: "Setting out of range",
}

# Beside the words above: what the user can do, where the whole sentence has no room.
_WAY_ON: dict[str, str] = {
    Code.FILE_CHANGED: "Retry sends it as it is now",
    Code.FILE_MISSING: "Put it back, then retry",
    Code.FILE_AWAY: "Connect its disk, then retry",
    Code.FILE_TOO_SMALL: "Less than 1 KB, which is no video",
    Code.FILE_TOO_LARGE: "10 GiB is the most that Mosaic takes",
    Code.STARTS_OVER: "Retry sends it from the beginning",
    Code.UNREACHABLE: "Retry when you are online again",
    Code.INTERRUPTED: "Retry when you are online again",
    Code.TLS: "Check this computer’s date and certificates",
    Code.INVALID_KEY: "Enter a valid key in Settings",
}


def waiting_for(problem: Problem) -> str:
    """What a row waits for before its next try, in a few words."""
    return _WAITING_FOR.get(problem.code, "Trying again soon")


def failed_because(problem: Problem | None) -> str:
    """Why a row failed, in a few words; the whole sentence is `core.sentences.sentence`."""
    return _FAILED.get(problem.code, "Failed") if problem is not None else "Failed"


def way_on(problem: Problem) -> str:
    """What the user can do about what failed, in a few words; where there are none, the whole sentence."""
    return _WAY_ON.get(problem.code) or sentence(problem)
