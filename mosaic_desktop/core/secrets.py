"""Values that must never be written down, and the removal of such values from any text."""

import re

# Names of fields whose values are secret, as JSON, forms, headers and Python write them. Refresh tokens are random
# letters, so that nothing but their field's name tells them.
_NAMES = (
    r"(?:upload_id|signature|credentials?|pass(?:words?|wd|phrase|code)|authorization|client[_\-]?secret"
    r"|(?:[_\-]|access|refresh|session|provider)tokens?|\btoken|(?:api|anon)[_\-]?keys?)"
)
# After a name: "name": value, name=value, ("name", value), name%3Dvalue.
_BETWEEN = r"(?:\\*[\"']?\s*[=:]|\\*[\"']\s*,|(?:%22)?%3[ad])\s*"
# In quotes, which may be escaped, up to the same quotes or the end. A quote behind a backslash is a part of the value:
# how often the text was written into another one is not known.
_QUOTED = r"b?(?P<quote>\\*[\"'])(?:(?!(?<!\\)(?P=quote)).)*(?P<end>(?P=quote))?"
# All that stands in brackets, with those side by side within them.
_SEVERAL = rf"(?P<open>[\[({{])(?:{_QUOTED}|[\])}}]\s*,\s*[\[({{]|[^\])}}])*(?P<close>[\])}}])?"
_BARE = r"(?![\[({])(?:(?:bearer|basic|digest|token)\s+)?[^\s&\"',;}\])]+"

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(://)[^\s/\"'<>?#]+@"), r"\1…@"),
    (re.compile(r"(?i)(https?:(?:\\?/){2}[^\s\"'<>?#]*)[?#][^\s\"'<>]*"), r"\1?…"),
    (re.compile(r"(?i)(https?%3a%2f%2f[^\s\"'<>&]*?)%(?:3f|23)[^\s\"'<>&]*"), r"\1%3F…"),
    (re.compile(r"mk_[A-Za-z0-9_\-]+"), "mk_…"),
    (re.compile(r"sb_secret_[A-Za-z0-9_\-]+"), "sb_…"),
    (re.compile(r"\beyJ[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]*)*|eyJ[A-Za-z0-9_\-]{9,}\.[A-Za-z0-9_\-.]+"), "jwt…"),
    (re.compile(r"(?i)\b(bearer)(?:\s|%20|\+)+[^\s\"',]+"), r"\1 …"),
    (re.compile(r"(?i)([?&](?:sig|key|code|auth|hash|policy)=)[^\s&\"']+"), r"\1…"),
    (re.compile(rf"(?is)(?P<name>{_NAMES}{_BETWEEN}){_SEVERAL}"), r"\g<name>\g<open>…\g<close>"),
    (re.compile(rf"(?is)(?P<name>{_NAMES}{_BETWEEN}){_QUOTED}"), r"\g<name>\g<quote>…\g<end>"),
    (re.compile(rf"(?i)({_NAMES}{_BETWEEN}){_BARE}"), r"\1…"),
)


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
