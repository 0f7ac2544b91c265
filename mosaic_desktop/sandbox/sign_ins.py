"""Sessions of people who signed in, as Supabase Auth keeps them: short access tokens, refresh tokens in turn.

A refresh token says its session and its turn under a signature, so that none is stored. The token of the turn before
gives the live one again, since its answer may have been lost; an older one was copied, and ends the whole session.
Other than there, an access token also ends with its session, and not only with its hour; and a session that nobody
used for a month is forgotten.
"""

import hmac
import struct
import time
from dataclasses import dataclass
from uuid import uuid4

from mosaic_desktop.sandbox.accounts import Account, Accounts, is_password
from mosaic_desktop.sandbox.clock import now
from mosaic_desktop.sandbox.database import Database, Row
from mosaic_desktop.sandbox.errors import SignInError
from mosaic_desktop.sandbox.rate_limit import RateLimit
from mosaic_desktop.sandbox.tokens import decode, derive, encode, make_jwt, read_jwt

_PLACE = struct.Struct(">QI")
_SIGNATURE_BYTES = 12
_UNUSED_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who an access token speaks for, and in which session."""

    account: Account
    session_id: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What signing in or refreshing gives; times in whole seconds."""

    account: Account
    access_token: str
    refresh_token: str
    expires_in: int
    expires_at: int


class SignIns:
    """All sessions. `seconds` is the life of access tokens, `failures` limits wrong passwords."""

    def __init__(
        self, database: Database, accounts: Accounts, secret: bytes, seconds: int, failures: RateLimit
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._secret = secret
        self._seconds = seconds
        self._failures = failures
        # For data folders of before this was noted.
        database.write("UPDATE sign_ins SET used_at = ? WHERE used_at IS NULL", time.time())

    def with_password(self, email: str, password: str) -> Grant:
        """A new session. Raises SignInError `invalid_credentials` or `over_request_rate_limit`."""
        account = self._accounts.with_email(email)
        if account is None:
            raise _wrong_login()
        if self._failures.wait(account["id"]):
            raise SignInError(429, "over_request_rate_limit", "Request rate limit reached")
        if not is_password(account["password"], password):
            self._failures.count(account["id"])
            raise _wrong_login()
        self._forget_unused()
        session_id = str(uuid4())
        self._database.write(
            "INSERT INTO sign_ins (id, account_id, created_at, used_at) VALUES (?, ?, ?, ?)",
            session_id, account["id"], now(), time.time(),
        )  # fmt: skip
        return self._grant(session_id)

    def refresh(self, token: str) -> Grant:
        """The session's next tokens. Raises SignInError `refresh_token_not_found` or `refresh_token_already_used`."""
        self._forget_unused()
        place = self._read(token)
        session = place and self._database.row("SELECT * FROM sign_ins WHERE number = ?", place[0])
        if place is None or session is None:
            raise SignInError(400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found")
        if place[1] < session["turn"] - 1:
            self._database.write("DELETE FROM sign_ins WHERE number = ?", session["number"])
            raise SignInError(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used")
        self._database.write(
            "UPDATE sign_ins SET turn = ?, used_at = ? WHERE number = ?",
            max(session["turn"], place[1] + 1), time.time(), session["number"],
        )  # fmt: skip
        return self._grant(session["id"])

    def read(self, access_token: str) -> SignedIn | None:
        """Who this token speaks for; None where it is not ours, has expired, or its session has ended."""
        claims = read_jwt(self._secret, access_token)
        session = claims and self._session(str(claims["session_id"]))
        return SignedIn(self._accounts.get(session["account_id"]), session["id"]) if session else None

    def is_ours(self, access_token: str) -> bool:
        """Whether the token itself is good, though its session may have ended."""
        return read_jwt(self._secret, access_token) is not None

    def end(self, session_id: str) -> None:
        self._database.write("DELETE FROM sign_ins WHERE id = ?", session_id)

    def end_all(self, account: Account, but: str | None = None) -> None:
        """End the account's sessions, all or all but one."""
        self._database.write("DELETE FROM sign_ins WHERE account_id = ? AND id IS NOT ?", account.id, but)

    def _forget_unused(self) -> None:
        # The last access token may still be in use.
        oldest = time.time() - self._seconds - _UNUSED_SECONDS
        self._database.write("DELETE FROM sign_ins WHERE used_at < ?", oldest)

    def _session(self, session_id: str) -> Row | None:
        return self._database.row("SELECT * FROM sign_ins WHERE id = ?", session_id)

    def _grant(self, session_id: str) -> Grant:
        session = self._session(session_id)
        assert session is not None
        account = self._accounts.get(session["account_id"])
        issued_at = int(time.time())
        claims = {
            "sub": account.id,
            "email": account.email,
            "session_id": session_id,
            "role": "authenticated",
            "aud": "authenticated",
            "iat": issued_at,
            "exp": issued_at + self._seconds,
        }
        return Grant(
            account,
            make_jwt(self._secret, claims),
            self._refresh_token(session["number"], session["turn"]),
            self._seconds,
            issued_at + self._seconds,
        )

    def _refresh_token(self, number: int, turn: int) -> str:
        place = _PLACE.pack(number, turn)
        return encode(place + self._sign(place))

    def _read(self, token: str) -> tuple[int, int] | None:
        """Session number and turn of a refresh token that was made here."""
        data = decode(token) or b""
        place, signature = data[: _PLACE.size], data[_PLACE.size :]
        if len(place) != _PLACE.size or not hmac.compare_digest(signature, self._sign(place)):
            return None
        number, turn = _PLACE.unpack(place)
        return number, turn

    def _sign(self, place: bytes) -> bytes:
        return derive(self._secret, f"refresh {place.hex()}")[:_SIGNATURE_BYTES]


def _wrong_login() -> SignInError:
    return SignInError(400, "invalid_credentials", "Invalid login credentials")
