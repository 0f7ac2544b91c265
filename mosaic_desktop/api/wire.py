"""What goes over the wire, as plain values: the request to send and the answer that came."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from mosaic_desktop.core.errors import Code, MosaicError

SUCCESS = range(200, 300)
_DEEPEST = 60  # lists and objects in one another; whoever walks through a value may do so by recursion


@dataclass(frozen=True, slots=True)
class Request:
    """``path``: below the base URL, percent-encoded. ``body``: UTF-8 JSON or None; it may hold a password."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers``: names in lower case. ``body`` may hold tokens. ``received_at``: seconds since the epoch, for headers
    that name a time.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    received_at: float = 0.0

    @property
    def succeeded(self) -> bool:
        return self.status in SUCCESS

    @property
    def looks_like_markup(self) -> bool:
        """HTML or XML: not the service, which speaks JSON."""
        kind = self.headers.get("content-type", "").lower()
        return self.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or "html" in kind or "xml" in kind


def encode(fields: Mapping[str, object]) -> bytes:
    """JSON in UTF-8. What UTF-8 has no form for (bytes of an odd file name) becomes "?".

    Raises MosaicError (VALIDATION) for numbers that JSON has no form for.
    """
    try:
        text = json.dumps(fields, ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise MosaicError(Code.VALIDATION, "A number among the settings is not a finite number.") from error
    return text.encode("utf-8", "replace")


def decode(body: bytes) -> object:
    """The JSON value of ``body``. Numbers outside JSON (NaN) become None. Raises ValueError."""
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_constant=lambda _: None)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not _is_shallow(value):
        raise ValueError("nested too deeply")
    return _whole_text(value) if b"\\ud" in body.lower() else value


def _is_shallow(value: object) -> bool:
    """Without recursion, layer by layer."""
    layer = [value]
    for _ in range(_DEEPEST):
        outer = [
            entry.values() if isinstance(entry, dict) else entry for entry in layer if isinstance(entry, dict | list)
        ]
        if not outer:
            return True
        layer = [entry for entries in outer for entry in entries]
    return False


def _whole_text(value: object) -> object:
    """``value`` without halves of surrogate pairs, which are legal in JSON but can be neither stored nor shown."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
