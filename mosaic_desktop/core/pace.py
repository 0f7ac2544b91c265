"""How much may move at the same time, as the user set it. May change while transfers are under way."""

from dataclasses import dataclass

MAX_SLOTS = 8
EXPRESS_BYTES = 64 * 1024**2
"""Files up to this size need not wait behind larger ones: they have one lane of their own beside the slots."""


@dataclass(frozen=True, slots=True)
class TransferLimits:
    """``*_slots``: transfers at once. ``*_rate``: bytes a second over all transfers of that direction, None for as
    fast as the line goes. Raises ValueError.
    """

    upload_slots: int = 2
    download_slots: int = 2
    upload_rate: int | None = None
    download_rate: int | None = None

    def __post_init__(self) -> None:
        if not all(1 <= slots <= MAX_SLOTS for slots in (self.upload_slots, self.download_slots)):
            raise ValueError(f"one to {MAX_SLOTS} slots each")
        if any(rate is not None and rate < 1 for rate in (self.upload_rate, self.download_rate)):
            raise ValueError("a limit is a positive number of bytes a second")
