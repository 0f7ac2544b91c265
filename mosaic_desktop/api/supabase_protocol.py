"""Builds the requests of Supabase Auth and reads its answers and the tokens it issues. No input or output happens here.

Contract: section Authentication; its forms of errors are those of supabase/auth with the API version 2024-01-01, and
of the releases before it.
"""

import base64
import re
from collections.abc import Mapping

from mosaic_desktop.api.calls import post, read_success
from mosaic_desktop.api.errors import REDIRECTS, TRANSIENT_STATUSES, retry_after, seconds_of, unreadable
from mosaic_desktop.api.fields import Fields, message, number, required_text, text
from mosaic_desktop.api.wire import Answer, Request, decode
from mosaic_desktop.core.account import Session
from mosaic_desktop.core.errors import AuthError, Code, MosaicError, ProtocolError, ServiceError
from mosaic_desktop.core.secrets import Secret

API_VERSION = {"X-Supabase-Api-Version": "2024-01-01"}
USUAL_LIFE = 3600.0  # seconds that a session lasts where the answer does not say it
_LONGEST_LIFE = 10 * 365 * 24 * 3600.0
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*", re.ASCII)
_HEADER_WORDS = re.compile(r"(?i)\A\s*(authorization\s*:)?\s*(bearer\s)?")
_LONGEST_DETAIL = 500  # characters
_LONGEST_TOKEN = 16 * 1024  # characters


# The service's own verdicts on what a session was asked for with. Nothing else says that it is worthless, least of all
# an answer of something in between.
PASSWORD_VERDICTS: Mapping[str, Code] = {
    "invalid_credentials": Code.INVALID_LOGIN,
    "invalid_grant": Code.INVALID_LOGIN,
    "email_not_confirmed": Code.EMAIL_NOT_CONFIRMED,
}
REFRESH_VERDICTS: Mapping[str, Code] = dict.fromkeys(
    (
        "refresh_token_not_found",
        "refresh_token_already_used",
        "session_not_found",
        "session_expired",
        "user_banned",
        "user_not_found",
        "invalid_grant",
    ),
    Code.SESSION_ENDED,
)
# The session that is to end is over already.
_ENDED_BEFORE = frozenset({"session_not_found", "session_expired", "user_not_found", "user_banned", "bad_jwt"})

# --- Requests ---------------------------------------------------------------------------------------------------------


def password_grant(email: str, password: Secret) -> Request:
    """POST /token?grant_type=password."""
    return _token("password", {"email": email.strip(), "password": password.reveal()})


def refresh_grant(token: Secret) -> Request:
    """POST /token?grant_type=refresh_token."""
    return _token("refresh_token", {"refresh_token": token.reveal()})


def logout() -> Request:
    """POST /logout. Of this session alone: by itself the service ends all of the user's, in browsers too."""
    return Request("POST", "/logout", {"scope": "local"}, b"{}")


def _token(grant: str, fields: dict[str, object]) -> Request:
    asked = post("/token", fields)
    return Request(asked.method, asked.path, {"grant_type": grant}, asked.body)


# --- Answers ----------------------------------------------------------------------------------------------------------


def read_session(answer: Answer, verdicts: Mapping[str, Code], sent: Secret, took: float) -> Session:
    """The session that was granted for ``sent``. ``verdicts``: what the service may say of that. ``took``: seconds from
    sending to the answer.

    AuthError for the service's verdict, ServiceError for everything else.
    """
    if not answer.succeeded:
        raise _error_of(answer, verdicts, sent)

    def read(fields: Fields) -> Session:
        access = required_text(fields, "access_token")
        if not access.isascii() or not access.isprintable():
            raise ProtocolError(Code.UNREADABLE_ANSWER, "The answer has no usable “access_token”.")
        user = fields.get("user")
        return Session(
            access=Secret(access),
            refresh=Secret(required_text(fields, "refresh_token")),
            # It began, at the earliest, when it was asked for. No clock but this computer's is read for that.
            expires_at=answer.received_at - max(0.0, took) + _life(fields, answer, access),
            email=(text(user, "email") if isinstance(user, dict) else "") or _claim_of(access, "email"),
        )

    return read_success(answer, read)


def read_logged_out(answer: Answer, sent: Secret) -> None:
    """Returns too where the session had ended before."""
    if not answer.succeeded:
        if answer.status in (401, 403, 404) and _verdict(answer) in _ENDED_BEFORE:
            return
        raise _error_of(answer, {}, sent)
    if answer.looks_like_markup:
        raise unreadable(answer, "A page came instead of an answer.")


def _life(fields: Fields, answer: Answer, access: str) -> float:
    """Seconds from now that the session lasts, by differences between times of one clock each."""
    stated = number(fields, "expires_in")
    if stated is None:
        ends = number(fields, "expires_at")
        now = seconds_of(answer.headers.get("date", ""))
        stated = ends - now if ends is not None and now is not None else None
    if stated is None:
        claims = _claims(access)
        ends, begins = number(claims, "exp"), number(claims, "iat")
        stated = ends - begins if ends is not None and begins is not None else None
    return float(stated) if stated is not None and 0 < stated <= _LONGEST_LIFE else USUAL_LIFE


def _error_of(answer: Answer, verdicts: Mapping[str, Code], sent: Secret) -> ServiceError:
    status, transient, wait = answer.status, answer.status in TRANSIENT_STATUSES, retry_after(answer)
    if status in REDIRECTS:
        return ServiceError(Code.REDIRECTED, status=status)
    fields = _fields(answer)
    if fields is None:
        foreign = Code.RATE_LIMIT if status == 429 else Code.GATEWAY
        return ServiceError(foreign, f"status {status}", retryable=transient, retry_after=wait, status=status)
    detail = message(fields, "message", "msg", "error_description", "error")[:_LONGEST_DETAIL]
    if sent.reveal() in detail:
        detail = ""
    code = verdicts.get(_verdict(answer)) if 400 <= status < 500 and not transient else None
    if code is not None:
        return AuthError(code, detail, status=status)
    code = Code.RATE_LIMIT if status == 429 else Code.SERVER if status >= 500 else Code.VALIDATION
    return ServiceError(code, detail, retryable=transient, retry_after=wait, status=status)


def _verdict(answer: Answer) -> str:
    """The service's machine code, empty where the answer is not the service's."""
    fields = _fields(answer)
    if fields is None:
        return ""
    named = (answer.headers.get("x-sb-error-code", ""), *(text(fields, name) for name in ("code", "error_code")))
    # "error" is OAuth's, which older releases speak.
    return next((word.strip() for word in (*named, text(fields, "error")) if word.strip()), "")


def _fields(answer: Answer) -> Fields | None:
    try:
        value = None if answer.looks_like_markup else decode(answer.body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


# --- Tokens -----------------------------------------------------------------------------------------------------------


def read_token(token: Secret) -> Session:
    """The session of a token that a user pasted, by what it says of itself; the service alone can verify it.

    ``expires_at`` is by the service's clock, the only one that a token knows. Raises MosaicError (VALIDATION) with a
    sentence where it is no session token.
    """
    # As people copy it: with the header's words before it, with quotes, broken into lines.
    value = "".join(_HEADER_WORDS.sub("", token.reveal()).split()).strip("\"'“”")
    if value.startswith("mk_"):
        raise MosaicError(Code.VALIDATION, "This is an API key. Enter it as the account’s key, not as a session token.")
    ends = number(_claims(value), "exp")
    if ends is None:
        raise MosaicError(Code.VALIDATION, "This is not a session token, or not all of it. It begins with “eyJ”.")
    return Session(Secret(value), None, float(ends), _claim_of(value, "email"))


def _claim_of(token: str, name: str) -> str:
    return text(_claims(token), name)


def _claims(token: str) -> Fields:
    """What a JWT says, unverified; empty where ``token`` is none."""
    if len(token) > _LONGEST_TOKEN or not _TOKEN.fullmatch(token):
        return {}
    head, body, _ = token.split(".")
    return (_object(head) and _object(body)) or {}


def _object(part: str) -> Fields:
    try:
        value = decode(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
