"""Values that must never be written down, and the removal of such values from any text."""

import re

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?i)(https?://)[^\s/@\"'<>?#]+@"), r"\1…@"),
    (re.compile(r"(?i)(https?://[^\s\"'<>?#]*)[?#][^\s\"'<>]*"), r"\1?…"),
    (re.compile(r"mk_[A-Za-z0-9_\-]+"), "mk_…"),
    (re.compile(r"\beyJ[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]*)*|eyJ[A-Za-z0-9_\-]{9,}\.[A-Za-z0-9_\-.]+"), "jwt…"),
    (re.compile(r"(?i)\b(bearer)\s+[^\s\"',]+"), r"\1 …"),
    (
        re.compile(r"(?i)((?:upload_id|signature|credential|password|[_\-]token|api[_\-]?key)"
                   r"[\"']?\s*[=:]\s*[\"']?)[^\s&\"',}]+"),
        r"\1…",
    ),
)  # fmt: skip


def redact(text: str) -> str:
    """``text`` without API keys, tokens, passwords and the queries of links, which may carry a signature."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


class Secret:
    """A secret string that shows itself only through ``reveal()``; ``repr``, ``str`` and pickling do not."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    @property
    def masked(self) -> str:
        """The form for screens: the prefix and the last four characters, ``mk_live_…a1b2``."""
        prefix = re.match(r"mk_(?:[a-z]+_)?", self._value)
        head = prefix.group() if prefix else ""
        tail = self._value[-4:] if len(self._value) - len(head) >= 12 else ""
        return f"{head}…{tail}"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")
