"""Which addresses webhooks may have, as a regular expression that the description of the server tells too."""

import re

MAX_LENGTH = 2048

_HOST = r"([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])"
_LOOPBACK = r"(localhost|127(\.[0-9]{1,3}){3}|\[::1\])"
_PORT = "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
PATTERN = f"^(https://{_HOST}|http://{_LOOPBACK})(:{_PORT})?([/?#][!-~]*)?$"


def is_webhook_url(url: str) -> bool:
    """Whether it starts with https://, or with http:// where it stays on this computer."""
    return len(url) <= MAX_LENGTH and re.fullmatch(PATTERN, url) is not None
