"""What was sent before, so that the same content is not sent twice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownContent:
    """One upload that the service confirmed. ``content``: hash of every byte; ``sample``: see ``Asset.sample``.

    ``name``: the file's name then; ``sent_at``: seconds since the epoch.
    """

    content: str
    sample: str
    size: int
    file_id: str
    name: str
    sent_at: float
