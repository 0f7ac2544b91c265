"""Faults as data: what an integrator asks this server to do wrong, in order, so that a program can be tried against it.

Each fault waits until its call comes, is used as many times as it says, and stays listed afterwards.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TypeVar

from mosaic_desktop.sandbox.errors import invalid

_Word = TypeVar("_Word", bound=StrEnum)
_MOST_WAITING = 1000
_MOST_TIMES = 10_000
_LONGEST_SECONDS = 3600.0
_MOST_BYTES = 2**40


class Call(StrEnum):
    """What a fault waits for: calls of the API by the first part of their path, and storage by its methods.

    `LINKS` is every signed link that is made.
    """

    GET_UPLOAD_URL = "get-upload-url"
    FINALIZE_UPLOAD = "finalize-upload"
    AGENTS = "get-user-agents-simple"
    RUN_AGENT = "run-agent"
    RUN = "get-agent-run"
    RUN_SIMPLE = "get-agent-run-simple"
    OUTPUTS = "get-agent-run-outputs"
    RETRY_NODE = "retry-agent-run-node"
    DOWNLOAD_RENDERED = "download-rendered-video"
    PORTAL = "dev"
    AUTH = "auth"
    PUT = "put"
    GET = "get"
    LINKS = "links"


class Effect(StrEnum):
    """`STATUS`: an error answer after `after_bytes` of the body that was sent; the call is not done. `HTML`: a proxy's
    page with `status`; not done. `CUT`: the connection breaks after `after_bytes` of the answer's body; for `PUT`, of
    the body that is sent, of which a session keeps what came. `LOST`: the call is done and the connection breaks before
    the answer. `DELAY`: the call waits `seconds`. `EXPIRE`: the link lives `seconds`.
    """

    STATUS = "status"
    HTML = "html"
    CUT = "cut"
    LOST = "lost"
    DELAY = "delay"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Fault:
    """`times` is how often it still happens, `used` how often it did."""

    call: Call
    effect: Effect
    times: int = 1
    status: int = 503
    after_bytes: int = 0
    seconds: float = 0.0
    used: int = 0

    def to_json(self) -> dict[str, object]:
        return asdict(self)


class Faults:
    """In the order in which they were queued. Kept in memory: a new server process makes no mistakes."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    @property
    def all(self) -> tuple[Fault, ...]:
        return tuple(self._faults)

    def add(self, fault: Fault) -> None:
        """Raises 400 `validation_error` where too many wait."""
        if len(self._faults) >= _MOST_WAITING:
            raise invalid(f"{_MOST_WAITING} faults are listed, the most there may be. Delete them first.")
        self._faults.append(fault)

    def clear(self) -> None:
        self._faults.clear()

    def take(self, call: Call) -> Fault | None:
        """The next fault of this call, used once more by that."""
        for place, fault in enumerate(self._faults):
            if fault.call is call and fault.times > 0:
                self._faults[place] = replace(fault, times=fault.times - 1, used=fault.used + 1)
                return fault
        return None

    def link_seconds(self, usual: int) -> int:
        """How long the next link lives."""
        fault = self.take(Call.LINKS)
        return usual if fault is None else round(fault.seconds)


def read_fault(fields: Mapping[str, object]) -> Fault:
    """Raises 400 `validation_error`."""
    unknown = fields.keys() - {"call", "effect", "times", "status", "after_bytes", "seconds"}
    if unknown:
        raise invalid(f"A fault has no field '{sorted(unknown)[0]}'.")
    call, effect = _member(Call, fields, "call"), _member(Effect, fields, "effect")
    if (call is Call.LINKS) != (effect is Effect.EXPIRE):
        raise invalid("Links expire, and nothing else happens to them: 'links' goes with 'expire'.")
    return Fault(
        call,
        effect,
        times=round(_number(fields, "times", 1, 1, _MOST_TIMES)),
        status=round(_number(fields, "status", 502 if effect is Effect.HTML else 503, 200, 599)),
        after_bytes=round(_number(fields, "after_bytes", 0, 0, _MOST_BYTES)),
        seconds=_number(fields, "seconds", 0, 0, _LONGEST_SECONDS),
    )


def _member(kind: type[_Word], fields: Mapping[str, object], name: str) -> _Word:
    value = fields.get(name)
    if isinstance(value, str) and value in set(kind):
        return kind(value)
    raise invalid(f"The field '{name}' must be one of {', '.join(kind)}.")


def _number(fields: Mapping[str, object], name: str, usual: float, low: float, high: float) -> float:
    value = fields.get(name, usual)
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
        return value
    raise invalid(f"The field '{name}' must be a number from {low:g} to {high:g}.")
