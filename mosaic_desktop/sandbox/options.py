"""How a server is to run."""

from dataclasses import dataclass
from pathlib import Path

from mosaic_desktop.sandbox.link_kind import LinkKind


@dataclass(frozen=True, slots=True)
class Options:
    """How to run: `port` 0 takes the last one again or any, `link_seconds` is the life of signed links.

    `session_seconds` is the life of access tokens, `credits` what a new account begins with, `portal_requests` how
    many requests of the developer portal an account has a minute. `minute_seconds` is how long a minute lasts for that,
    for how long wrong passwords count, and for the waits between the tries of a webhook.
    """

    data_dir: Path
    port: int = 0
    accounts: tuple[str, ...] = ()
    link_seconds: int = 3600
    uploads: LinkKind = LinkKind.PUT
    session_seconds: int = 3600
    credits: float = 20_000
    portal_requests: int = 120
    minute_seconds: float = 60.0
    stop_with_stdin: bool = False
