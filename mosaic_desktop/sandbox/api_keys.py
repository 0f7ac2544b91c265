"""API keys: made, listed, given a webhook, revoked (contract: "Developer portal").

A key is also the secret that webhook deliveries are signed with, so the server must be able to tell it again. It is
made from its id and a secret of the data folder instead of being stored: who reads the folder's database can make it
too, which is fine for a server of one's own computer. Keys of before that can be used but not sign.
"""

import hashlib
import secrets
from dataclasses import dataclass
from uuid import uuid4

from mosaic_desktop.sandbox.clock import now
from mosaic_desktop.sandbox.database import Database, Row
from mosaic_desktop.sandbox.errors import forbidden, invalid, not_found
from mosaic_desktop.sandbox.tokens import derive
from mosaic_desktop.sandbox.webhook_url import is_webhook_url

_URL_RULE = "A webhook URL starts with https://, or with http:// where it stays on this computer."
_CANNOT_SIGN = "This key was made by an older local Mosaic and cannot sign webhooks. Create a new one."
_TO_THE_SECOND = len("2025-06-01T12:00:00")


@dataclass(frozen=True, slots=True)
class NewKey:
    """`key` is shown this once."""

    id: str
    key: str
    created_at: str
    webhook_url: str | None


class ApiKeys:
    """The keys of all accounts. `secret` belongs to the data folder."""

    def __init__(self, database: Database, secret: bytes) -> None:
        self._database = database
        self._secret = secret

    def create(self, account_id: str, webhook_url: str | None = None) -> NewKey:
        """Raises 400 for a webhook URL that cannot be one."""
        if webhook_url is not None:
            _check_url(webhook_url)
        key_id, created_at = str(uuid4()), now()
        key = self._plaintext(key_id)
        self._database.write(
            "INSERT INTO keys (id, account_id, digest, created_at, webhook_url) VALUES (?, ?, ?, ?, ?)",
            key_id, account_id, _digest(key), created_at, webhook_url,
        )  # fmt: skip
        return NewKey(key_id, key, created_at, webhook_url)

    def own_key(self, account_id: str) -> str:
        """The plaintext of the key that each start prints for the account, made anew if the last one was revoked."""
        for row in self._database.rows("SELECT * FROM keys WHERE account_id = ? AND printed", account_id):
            if secret := self.signing_secret(row):
                return secret.decode()
        made = self.create(account_id)
        self._database.write("UPDATE keys SET printed = 1 WHERE id = ?", made.id)
        return made.key

    def use(self, key: str) -> Row | None:
        """The key with this plaintext, which counts as used now."""
        found = self._database.row("SELECT * FROM keys WHERE digest = ?", _digest(key))
        used_at = now()
        # Once a second is enough, as each write waits for the disk.
        if found is not None and (found["last_used_at"] or "")[:_TO_THE_SECOND] != used_at[:_TO_THE_SECOND]:
            self._database.write("UPDATE keys SET last_used_at = ? WHERE id = ?", used_at, found["id"])
        return found

    def of_account(self, account_id: str) -> list[Row]:
        """The keys, newest first."""
        return self._database.rows("SELECT * FROM keys WHERE account_id = ? ORDER BY rowid DESC", account_id)

    def set_webhook(self, account_id: str, key_id: str, url: str | None) -> Row:
        """The changed key; None takes the webhook away. Raises 404, 403 or 400."""
        key = self._own(account_id, key_id)
        if url is not None:
            _check_url(url)
            if self.signing_secret(key) is None:
                raise invalid(_CANNOT_SIGN)
        self._database.write("UPDATE keys SET webhook_url = ? WHERE id = ?", url, key["id"])
        return self._own(account_id, key_id)

    def revoke(self, account_id: str, key_id: str) -> None:
        """It is forgotten with all that it was to tell, and its runs go on. Raises 404 or 403."""
        key = self._own(account_id, key_id)
        with self._database.transaction():
            self._database.write("DELETE FROM deliveries WHERE key_id = ?", key["id"])
            self._database.write("DELETE FROM keys WHERE id = ?", key["id"])

    def signing_secret(self, key: Row) -> bytes | None:
        """The key itself, in bytes; None for a key that this server cannot tell again."""
        plaintext = self._plaintext(key["id"])
        return plaintext.encode() if secrets.compare_digest(_digest(plaintext), key["digest"]) else None

    def _plaintext(self, key_id: str) -> str:
        return f"mk_live_{derive(self._secret, key_id)[:24].hex()}"

    def _own(self, account_id: str, key_id: str) -> Row:
        key = self._database.row("SELECT * FROM keys WHERE id = ?", key_id)
        if key is None:
            raise not_found("API key")
        if key["account_id"] != account_id:
            raise forbidden("API key")
        return key


def _digest(key: str) -> str:
    # A key carries 192 random bits, so a plain hash cannot be turned back.
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _check_url(url: str) -> None:
    if not is_webhook_url(url):
        raise invalid(_URL_RULE)
