"""Reading a Range header (RFC 9110, section 14)."""

import re

_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class UnsatisfiableRangeError(Exception):
    """The range lies outside the object."""


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First byte and end (exclusive), or None where the whole object is to be sent.

    Headers that are malformed or ask for several ranges are ignored, as the RFC allows. Raises UnsatisfiableRangeError.
    """
    match = _ONE_RANGE.fullmatch((header or "").strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= size:
        raise UnsatisfiableRangeError
    return start, end
