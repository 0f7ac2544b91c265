"""From an answer that is no success to one typed error (contract, section Errors)."""

import re
from collections.abc import Collection, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from mosaic_desktop.api.wire import SUCCESS, Answer, decode
from mosaic_desktop.core.errors import AuthError, Code, ProtocolError, ServiceError

TRANSIENT_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})

_BY_STATUS = {
    400: Code.VALIDATION,
    401: Code.INVALID_KEY,
    403: Code.FORBIDDEN,
    404: Code.NOT_FOUND,
    422: Code.OUT_OF_RANGE,
    429: Code.RATE_LIMIT,
    500: Code.SERVER,
}
_LONGEST_DETAIL = 500
_LONGEST_WAIT = 24 * 3600.0


def error_of(answer: Answer, parameters: Collection[str] = ()) -> ServiceError:
    """The error that ``answer`` stands for. ``parameters``: names that were sent, one of which a 422 may mean."""
    if answer.status in REDIRECTS:
        return _redirected(answer)
    fields = _fields(answer)
    if fields is None:
        return _unreadable(answer)
    code = fields.get("error")
    if not isinstance(code, str) or not code.strip():
        code = _BY_STATUS.get(answer.status, Code.SERVER if answer.status >= 500 else Code.GATEWAY)
    detail = _detail(fields)
    field = _field(fields, detail, parameters) if answer.status == 422 else None
    kind = AuthError if answer.status == 401 else ServiceError
    return kind(
        code.strip(),
        detail,
        retryable=answer.status in TRANSIENT_STATUSES or code == Code.RUN_LIMIT,
        retry_after=retry_after(answer),
        status=answer.status,
        field=field,
    )


def unreadable(answer: Answer, detail: str) -> ProtocolError:
    """For a success whose body is not what the contract says. The request itself was taken."""
    code = Code.GATEWAY if answer.looks_like_markup else Code.UNREADABLE_ANSWER
    return ProtocolError(code, detail, retryable=True, status=answer.status)


def retry_after(answer: Answer) -> float | None:
    """Seconds that the other side asked to wait: a number, or a date counted from its own clock where it tells it."""
    value = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return min(float(value), _LONGEST_WAIT)
    until = _seconds(value)
    if until is None:
        return None
    now = _seconds(answer.headers.get("date", "")) or answer.received_at
    return min(max(0.0, until - now), _LONGEST_WAIT)


def _seconds(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _redirected(answer: Answer) -> ServiceError:
    # A 303 says that the request was taken and its result is elsewhere; for the others nothing was done.
    kind = ProtocolError if answer.status == 303 else ServiceError
    return kind(Code.REDIRECTED, status=answer.status)


def _fields(answer: Answer) -> Mapping[str, Any] | None:
    try:
        value = decode(answer.body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _unreadable(answer: Answer) -> ServiceError:
    """An error without the contract's body: whoever sent it, the status is all there is."""
    status = answer.status
    if status == 401:
        return AuthError(Code.INVALID_KEY, status=status)
    transient = status in TRANSIENT_STATUSES or status in SUCCESS
    wait = retry_after(answer)
    if answer.body.lstrip()[:1] in (b"{", b"["):
        detail = f"The answer (status {status}) is not complete."
        return ProtocolError(Code.UNREADABLE_ANSWER, detail, retryable=transient, retry_after=wait, status=status)
    return ServiceError(Code.GATEWAY, f"status {status}", retryable=transient, retry_after=wait, status=status)


def _detail(fields: Mapping[str, Any]) -> str:
    value = fields.get("detail") or fields.get("message") or ""
    if isinstance(value, list):
        value = " ".join(str(entry["msg"]) for entry in value if isinstance(entry, dict) and "msg" in entry)
    return value.strip()[:_LONGEST_DETAIL] if isinstance(value, str) else ""


def _field(fields: Mapping[str, Any], detail: str, parameters: Collection[str]) -> str | None:
    """The parameter at fault: named by the answer, or found among its words."""
    named = fields.get("field")
    if isinstance(named, str) and named.strip():
        return named.strip().removeprefix("parameters.")
    longest_first = sorted(parameters, key=lambda name: (-len(name), name))
    for name in longest_first:
        if re.search(rf"[\"'`‘“]{re.escape(name)}[\"'`’”]", detail):
            return name
    for name in longest_first:
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", detail):
            return name
    return None
