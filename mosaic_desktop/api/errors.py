"""From an answer that is no success to one typed error (contract, section Errors)."""

import re
from collections.abc import Collection, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from mosaic_desktop.api.fields import message, text
from mosaic_desktop.api.wire import SUCCESS, Answer, decode
from mosaic_desktop.core.errors import AuthError, Code, ProtocolError, ServiceError, StorageError

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
_MACHINE_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LONGEST_DETAIL = 500
_LONGEST_WAIT = 24 * 3600.0


def error_of(answer: Answer, parameters: Collection[str] = ()) -> ServiceError:
    """The error that ``answer`` stands for. ``parameters``: names that were sent, one of which a 422 may mean."""
    if answer.status in REDIRECTS:
        return _redirected(answer)
    fields = _fields(answer)
    if fields is None:
        return _unreadable(answer)
    code = text(fields, "error")
    if not _MACHINE_CODE.fullmatch(code):
        code = _BY_STATUS.get(answer.status, Code.SERVER if answer.status >= 500 else Code.GATEWAY)
    detail = _detail(fields, code)
    field = _field(fields, detail, parameters) if answer.status == 422 else None
    kind = AuthError if answer.status == 401 else ServiceError
    return kind(
        code,
        detail,
        retryable=answer.status in TRANSIENT_STATUSES or code == Code.RUN_LIMIT,
        retry_after=retry_after(answer),
        status=answer.status,
        field=field,
    )


def storage_error_of(answer: Answer) -> StorageError:
    """For a storage that did not give what a link that is fresh names. Its body may repeat the link and is not read."""
    transient = answer.status in TRANSIENT_STATUSES
    code = Code.STORAGE if transient else Code.LINK_REFUSED
    wait = retry_after(answer)
    return StorageError(code, f"status {answer.status}", retryable=transient, retry_after=wait, status=answer.status)


def unreadable(answer: Answer, detail: str) -> ProtocolError:
    """For a success whose body is not what the contract says. The request itself was taken."""
    code = Code.GATEWAY if answer.looks_like_markup else Code.UNREADABLE_ANSWER
    return ProtocolError(code, detail, retryable=True, status=answer.status)


def retry_after(answer: Answer) -> float | None:
    """Seconds that the other side asked to wait: a number, or a date counted from its own clock where it tells it.

    At most a day.
    """
    value = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return min(float(value), _LONGEST_WAIT)
    until = seconds_of(value)
    if until is None:
        return None
    now = seconds_of(answer.headers.get("date", "")) or answer.received_at
    return min(max(0.0, until - now), _LONGEST_WAIT)


def seconds_of(date: str) -> float | None:
    """Since the epoch, from any of HTTP's three forms of a date, which all mean UTC."""
    try:
        when = parsedate_to_datetime(date)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
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


def _detail(fields: Mapping[str, Any], code: str) -> str:
    """The sentence for a person, which some servers put into a list, deeper down or where the code belongs."""
    listed = fields.get("detail")
    if isinstance(listed, list):
        found = " ".join(text(entry, "msg") for entry in listed if isinstance(entry, dict))
    else:
        found = message(fields, "detail", "message", "error")
    return "" if found == code else found.strip()[:_LONGEST_DETAIL]


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
