"""A delivery as it came in, before anybody believed it."""

from collections.abc import Callable
from dataclasses import dataclass, field

PATH = "/mosaic"
SIGNATURE_HEADER = "X-Mosaic-Signature"  # contract, section Webhooks


@dataclass(frozen=True, slots=True)
class Arrival:
    """``signatures``: every header of that name. ``body``: None where it was too large, upon which ``size`` is what was
    announced or had come by then. Its links are signed, so it shows itself nowhere.
    """

    signatures: tuple[str, ...]
    body: bytes | None = field(repr=False)
    size: int


@dataclass(frozen=True, slots=True)
class DoorLimits:
    """What strangers can take up. Seconds are counted from the connection and from the last byte."""

    body_bytes: int = 1 << 20
    connections: int = 32
    seconds_to_read: float = 5.0
    seconds_to_judge: float = 8.0  # less than senders wait


Reply = Callable[[int], None]
"""Takes the HTTP status for an arrival; may be called on any thread, and after the other side gave up."""

HandOver = Callable[[Arrival, Reply], None]
"""Called on the event-loop thread with each arrival. Must call its ``Reply`` once."""
