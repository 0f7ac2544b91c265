"""Tokens that follow from a secret of the data folder, so that none of them has to be stored.

JSON Web Tokens (RFC 7519) are signed with HMAC-SHA256; nothing else is accepted.
"""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping

Claims = Mapping[str, object]


def derive(secret: bytes, text: str) -> bytes:
    """32 bytes that only the holder of the secret can tell."""
    return hmac.new(secret, text.encode(), hashlib.sha256).digest()


def make_jwt(secret: bytes, claims: Claims) -> str:
    signed = f"{_HEADER}.{encode(json.dumps(claims, separators=(',', ':')).encode())}"
    return f"{signed}.{encode(derive(secret, signed))}"


def read_jwt(secret: bytes, token: str) -> Claims | None:
    """The claims of a token that was made here and has not expired, else None."""
    signed, _, signature = token.rpartition(".")
    header, _, payload = signed.partition(".")
    # What a header may say about other algorithms is not even read.
    if header != _HEADER or not token.isascii():
        return None
    if not hmac.compare_digest(signature.encode(), encode(derive(secret, signed)).encode()):
        return None
    claims = json.loads(decode(payload) or b"{}")
    return claims if time.time() < claims["exp"] else None


def encode(data: bytes) -> str:
    """Base64 for links and headers, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes | None:
    """What `encode` was given, or None where the text was not made by it."""
    try:
        data = base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if encode(data) == text else None


_HEADER = encode(b'{"alg":"HS256","typ":"JWT"}')
