"""Signed, expiring storage links in the manner of Google Cloud Storage (V4, HMAC key).

A link carries its own permission: method, object, content type and end of life are all under the signature.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

_STAMP = "%Y%m%dT%H%M%SZ"
_ALGORITHM = "GOOG4-HMAC-SHA256"


class SignatureError(Exception):
    """The link was not made by this server, or was changed since."""


class LinkExpiredError(Exception):
    """The link was good until the time in its text."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes and checks links below `root`, like `http://127.0.0.1:5000/storage`; `seconds` tells the life of each."""

    secret: bytes
    root: str
    seconds: Callable[[], int]

    def put_link(self, key: str, content_type: str) -> str:
        return self._link("PUT", key, content_type, {})

    def get_link(self, key: str, attachment: str | None = None) -> str:
        """A download link; with `attachment`, browsers save it under that file name."""
        extra = {} if attachment is None else {"response-content-disposition": content_disposition(attachment)}
        return self._link("GET", key, "", extra)

    def check(self, method: str, key: str, content_type: str, query: Mapping[str, str]) -> None:
        """Raises SignatureError or LinkExpiredError unless the link allows this request."""
        unsigned = {name: value for name, value in query.items() if name != "X-Goog-Signature"}
        expected = self._signature(method, key, content_type, unsigned)
        if not hmac.compare_digest(expected.encode(), query.get("X-Goog-Signature", "").encode()):
            raise SignatureError
        made = datetime.strptime(query["X-Goog-Date"], _STAMP).replace(tzinfo=UTC)
        end = made + timedelta(seconds=int(query["X-Goog-Expires"]))
        if datetime.now(UTC) >= end:
            raise LinkExpiredError(end.isoformat())

    def _link(self, method: str, key: str, content_type: str, extra: Mapping[str, str]) -> str:
        now = datetime.now(UTC)
        query = {
            "X-Goog-Algorithm": _ALGORITHM,
            "X-Goog-Credential": f"local-mosaic/{now:%Y%m%d}/auto/storage/goog4_request",
            "X-Goog-Date": now.strftime(_STAMP),
            "X-Goog-Expires": str(self.seconds()),
            "X-Goog-SignedHeaders": "content-type;host" if content_type else "host",
            **extra,
        }
        query["X-Goog-Signature"] = self._signature(method, key, content_type, query)
        return f"{self.root}/{quote(key)}?{urlencode(query, quote_via=quote)}"

    def _signature(self, method: str, key: str, content_type: str, query: Mapping[str, str]) -> str:
        signed = "\n".join([method, key, content_type, urlencode(sorted(query.items()), quote_via=quote)])
        return hmac.new(self.secret, signed.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def content_disposition(file_name: str) -> str:
    """The header value that offers a file under this name, also for names outside ASCII (RFC 6266)."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
