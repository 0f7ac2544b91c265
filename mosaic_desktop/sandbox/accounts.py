"""Who may use the server: accounts, their API keys and passwords.

Only digests are stored. Each start mints a key and a password to print; keys of earlier starts go on working.
"""

import hashlib
import secrets
from dataclasses import dataclass
from uuid import uuid4

from mosaic_desktop.sandbox.agents import AGENTS
from mosaic_desktop.sandbox.clock import now
from mosaic_desktop.sandbox.database import Database, Row
from mosaic_desktop.sandbox.errors import ApiError

_UNAUTHORIZED = "Send a valid API key as 'Authorization: Bearer mk_...' or as 'X-API-Key: mk_...'."


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    email: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is printed once and kept nowhere."""

    email: str
    password: str
    api_key: str


class Accounts:
    """Accounts and keys over the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def welcome(self, email: str) -> Credentials:
        """Make sure that the account exists, and mint a key and a password for it."""
        api_key, password = f"mk_live_{secrets.token_hex(24)}", secrets.token_urlsafe(16)
        with self._database.transaction():
            account = self._find_or_create(email)
            self._database.write("UPDATE accounts SET password = ? WHERE id = ?", _salted(password), account)
            self._database.write(
                "INSERT INTO keys (id, account_id, digest, created_at) VALUES (?, ?, ?, ?)",
                str(uuid4()), account, _digest(api_key), now(),
            )  # fmt: skip
            self._give_agents(account)
        return Credentials(email, password, api_key)

    def authenticate(self, authorization: str | None, x_api_key: str | None) -> Account:
        """The account behind a request's credential headers; raises 401 `invalid_api_key`."""
        scheme, _, token = (authorization or "").partition(" ")
        key = token.strip() if scheme.lower() == "bearer" else (x_api_key or "").strip()
        found = self._account_of(key)
        if found is None:
            raise ApiError(401, "invalid_api_key", _UNAUTHORIZED)
        return Account(found["id"], found["email"])

    def _account_of(self, key: str) -> Row | None:
        digest = _digest(key)
        found = self._database.row(
            "SELECT accounts.id, accounts.email FROM keys JOIN accounts ON accounts.id = keys.account_id "
            "WHERE keys.digest = ? AND keys.revoked_at IS NULL",
            digest,
        )
        if found is not None:
            self._database.write("UPDATE keys SET last_used_at = ? WHERE digest = ?", now(), digest)
        return found

    def _find_or_create(self, email: str) -> str:
        found = self._database.row("SELECT id FROM accounts WHERE email = ?", email)
        if found is not None:
            return str(found["id"])
        account = str(uuid4())
        self._database.write("INSERT INTO accounts VALUES (?, ?, '', ?)", account, email, now())
        return account

    def _give_agents(self, account: str) -> None:
        for agent in AGENTS:
            self._database.write(
                "INSERT OR IGNORE INTO agents VALUES (?, ?, ?, ?)", str(uuid4()), account, agent.kind, now()
            )


def _digest(key: str) -> str:
    # A key carries 192 random bits, so a plain hash cannot be turned back.
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _salted(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_stretch(password, salt)}"


def _stretch(password: str, salt: bytes) -> str:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, n=2**12, r=8, p=1).hex()
