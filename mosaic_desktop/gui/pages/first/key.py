"""What can be told about an API key before anybody is asked."""

PREFIX = "mk_"
_SHORTEST = len(PREFIX) + 5


def trouble_with(text: str) -> str:
    """Why `text` cannot be an API key, as a sentence; empty where it can."""
    key = text.strip()
    if not key:
        return f"Enter your API key. It begins with {PREFIX}."
    if not key.startswith(PREFIX):
        return f"This is not a Mosaic API key: those begin with {PREFIX}."
    if not key.isascii() or any(not (c.isalnum() or c in "_-") for c in key):
        return "An API key holds only letters, digits, - and _. Copy it once more."
    if len(key) < _SHORTEST:
        return "This key is not complete. Copy it once more."
    return ""
