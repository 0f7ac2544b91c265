"""The kinds of links that uploads may get. Alone here, so that the command line can name them at no cost."""

from enum import StrEnum


class LinkKind(StrEnum):
    """One signed link for the whole video, a resumable session, or `AUTO`: sessions for large videos."""

    PUT = "put"
    SESSION = "session"
    AUTO = "auto"
