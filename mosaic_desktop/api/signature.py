"""The signature of webhook deliveries, and what their bodies say (contract, section Webhooks). Pure."""

import hashlib
import hmac
import re
from collections.abc import Sequence

from mosaic_desktop.api.fields import required_text
from mosaic_desktop.api.wire import decode
from mosaic_desktop.core.account import RunNotice, Verdict
from mosaic_desktop.core.errors import ProtocolError
from mosaic_desktop.core.secrets import Secret

TOLERANCE = 300.0  # seconds, before and after
_LONGEST_HEADER = 1024  # characters: a time and more than a dozen signatures
_LONGEST_WORD = 200  # characters of an id or an event
_TIME = re.compile(r"[0-9]{1,12}", re.ASCII)


def sign(key: Secret, body: bytes, now: float) -> str:
    """The value of the header for ``body`` sent at ``now``, seconds since the epoch."""
    moment = str(int(now))
    return f"t={moment},v1={_digest(key, moment, body).decode()}"


def verify(header: str | None, body: bytes, keys: Sequence[Secret], now: float) -> Verdict:
    """ACCEPTED where one of ``keys`` signed ``body`` within five minutes of ``now``; FORGED or LATE where not.

    ``body``: the bytes as they came. ``header``: None where it is missing, and where it came more than once. It may
    have several signatures, as while keys are changed; what is neither ``t`` nor ``v1`` is ignored. LATE says that the
    signature itself is right.
    """
    moment, signatures = _parts(header or "")
    if moment is None:
        return Verdict.FORGED
    right = [_digest(key, moment, body) for key in keys if key]  # with an empty key anybody can sign
    pairs = [hmac.compare_digest(mine, theirs) for mine in right for theirs in signatures]
    if not any(pairs):
        return Verdict.FORGED
    return Verdict.ACCEPTED if abs(now - int(moment)) <= TOLERANCE else Verdict.LATE


def read_delivery(body: bytes) -> RunNotice | None:
    """None where it is not what the contract describes: Verdict.UNREADABLE. Events that it does not name are read."""
    try:
        fields = decode(body)
        if not isinstance(fields, dict):
            return None
        words = [required_text(fields, name) for name in ("event", "agent_run_id", "status")]
    except (ValueError, ProtocolError):
        return None
    return RunNotice(*words) if max(map(len, words)) <= _LONGEST_WORD else None


def _parts(header: str) -> tuple[str | None, list[bytes]]:
    """The time, None where there is not exactly one, and the signatures."""
    if len(header) > _LONGEST_HEADER:
        return None, []
    pairs = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in pairs if name == "t"]
    # As bytes: comparing texts outside ASCII raises.
    signatures = [value.lower().encode("utf-8", "replace") for name, _, value in pairs if name == "v1"]
    only = times[0] if len(times) == 1 and _TIME.fullmatch(times[0]) else None
    return only, signatures


def _digest(key: Secret, moment: str, body: bytes) -> bytes:
    signed = moment.encode() + b"." + body
    return hmac.new(key.reveal().encode("utf-8", "replace"), signed, hashlib.sha256).hexdigest().encode()
