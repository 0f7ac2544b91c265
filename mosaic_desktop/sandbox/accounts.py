"""Who may use the server: accounts, their passwords and the agents they begin with.

No password is stored, only its digest. Each start mints another one to print, and prints the account's own key: the
same one every time, so that a webhook stays with it, until somebody revokes it.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from uuid import uuid4

from mosaic_desktop.sandbox.agents import AGENTS
from mosaic_desktop.sandbox.api_keys import ApiKeys
from mosaic_desktop.sandbox.clock import now
from mosaic_desktop.sandbox.database import Database, Row


@dataclass(frozen=True, slots=True)
class Account:
    """`created_at`: ISO 8601."""

    id: str
    email: str
    created_at: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request, and with which API key; `key_id` is None for a person who signed in."""

    account: Account
    key_id: str | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is printed once and kept nowhere."""

    email: str
    password: str
    api_key: str


class Accounts:
    """Accounts over the database. `credits` is what a new one begins with."""

    def __init__(self, database: Database, keys: ApiKeys, credits: float) -> None:
        self._database = database
        self._keys = keys
        self._credits = credits
        # For data folders of before there were credits.
        database.write("UPDATE accounts SET credits = ? WHERE credits IS NULL", credits)

    def welcome(self, email: str) -> Credentials:
        """Make sure that the account exists, and mint a password for it."""
        password = secrets.token_urlsafe(16)
        with self._database.transaction():
            account = self._find_or_create(email)
            self._database.write("UPDATE accounts SET password = ? WHERE id = ?", _salted(password), account)
            api_key = self._keys.own_key(account)
            self._give_agents(account)
        return Credentials(email, password, api_key)

    def get(self, account_id: str) -> Account:
        row = self._database.row("SELECT email, created_at FROM accounts WHERE id = ?", account_id)
        assert row is not None
        return Account(account_id, row["email"], row["created_at"])

    def with_email(self, email: str) -> Row | None:
        """As Supabase does, without regard to case."""
        return self._database.row("SELECT * FROM accounts WHERE lower(email) = lower(?)", email)

    def _find_or_create(self, email: str) -> str:
        found = self.with_email(email)
        if found is not None:
            return str(found["id"])
        account = str(uuid4())
        self._database.write(
            "INSERT INTO accounts (id, email, password, created_at, credits) VALUES (?, ?, '', ?, ?)",
            account, email, now(), self._credits,
        )  # fmt: skip
        return account

    def _give_agents(self, account: str) -> None:
        for agent in AGENTS:
            self._database.write(
                "INSERT OR IGNORE INTO agents VALUES (?, ?, ?, ?)", str(uuid4()), account, agent.kind, now()
            )


def is_password(salted: str, password: str) -> bool:
    """Whether this is the password that was stored so."""
    salt, _, stretched = salted.partition(":")
    return hmac.compare_digest(_stretch(password, bytes.fromhex(salt)), stretched)


def _salted(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_stretch(password, salt)}"


def _stretch(password: str, salt: bytes) -> str:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, n=2**12, r=8, p=1).hex()
