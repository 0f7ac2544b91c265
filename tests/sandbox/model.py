"""What the contract promises, as a small model: who owns what, in which state it is, and what is left to spend."""

from dataclasses import dataclass, field

CREDITS = 40
"""What an account begins with."""

PRICES = {"Mirror": 4, "Trim": 2, "a square": 12}
"""Credits for a video of up to a minute, by agent, or by prompt."""


@dataclass(eq=False)
class Account:
    """`credits` are those that are left for certain: runs that will fail have not given theirs back yet."""

    email: str
    credits: float
    session: str = ""
    agents: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class Key:
    owner: Account
    id: str
    plaintext: str
    webhook: str | None = None
    is_revoked: bool = False


@dataclass(eq=False)
class File:
    """`is_video`: whether its bytes are one; `id` is None until it is finalized. `link` (without the
    server's origin) and `size` are of an upload, `stored` is how many bytes of it came."""

    owner: Account
    id: str | None = None
    is_video: bool = False
    upload_id: str = ""
    link: str = ""
    size: int = 0
    stored: int | None = None


@dataclass(eq=False)
class Run:
    owner: Account
    id: str
    file: File
    price: float
    nodes: list[str]
    status: str = "running"
    output: File | None = None

    @property
    def will_be(self) -> str:
        return "success" if self.file.is_video else "failed"


Refusal = tuple[int, str]

REVOKED: Refusal = (401, "invalid_api_key")
NOT_YOURS: Refusal = (403, "forbidden")
UNKNOWN: Refusal = (404, "not_found")
INVALID: Refusal = (400, "validation_error")
INVALID_STATE: Refusal = (400, "invalid_state")
TOO_POOR: Refusal = (403, "insufficient_credits")


def refused(key: Key, owner: Account) -> Refusal | None:
    """What a key gets that asks about something of this owner; None where it may."""
    if key.is_revoked:
        return REVOKED
    return None if key.owner is owner else NOT_YOURS
