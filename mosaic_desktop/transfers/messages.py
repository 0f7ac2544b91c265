"""What the application and its mover of bytes say to each other: a line of JSON each way.

A request carries a number, under which everything is told that comes of it, up to its ``done`` or ``failed``.
"""

import json
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from mosaic_desktop.core.errors import (
    Code,
    IntegrityError,
    LocalFileError,
    MosaicError,
    NetworkError,
    StorageError,
)
from mosaic_desktop.core.ports import FetchedFile, Partial
from mosaic_desktop.core.secrets import Secret

_KINDS = {kind.__name__: kind for kind in (MosaicError, StorageError, IntegrityError, LocalFileError)}


class Do(StrEnum):
    PUT = "put"
    GET = "get"
    DIGEST = "digest"
    LIMIT = "limit"
    END = "end"


class Told(StrEnum):
    PROGRESS = "progress"
    KEPT = "kept"
    FOUND = "found"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Request:
    """``fields``: of the call in ``core.ports.Transfers`` that ``do`` names, as JSON values."""

    number: int
    do: Do
    fields: Mapping[str, Any]

    def encode(self) -> bytes:
        return _line({"number": self.number, "do": self.do, **self.fields})


def read_request(line: bytes) -> Request:
    fields = json.loads(line)
    return Request(fields.pop("number"), Do(fields.pop("do")), fields)


def put(url: Secret, source: Path, size: int, content_type: str) -> dict[str, Any]:
    return {"url": url.reveal(), "source": str(source), "size": size, "content_type": content_type}


def get(url: Secret, target: Path, size: int | None, partial: Partial | None) -> dict[str, Any]:
    left = None if partial is None else [partial.kept, partial.etag]
    return {"url": url.reveal(), "target": str(target), "size": size, "partial": left}


def read_partial(value: list[Any] | None) -> Partial | None:
    return None if value is None else Partial(*value)


@dataclass(frozen=True, slots=True)
class News:
    number: int
    told: Told
    value: Any

    def encode(self) -> bytes:
        return _line({"number": self.number, self.told: self.value})


def read_news(line: bytes) -> News:
    """Raises ValueError for what is no whole line of ours."""
    fields = json.loads(line)
    number = fields.pop("number")
    ((told, value),) = fields.items()
    return News(number, Told(told), value)


def fetched(file: FetchedFile) -> list[Any]:
    return [file.size, list(file.checksums)]


def read_fetched(value: list[Any]) -> FetchedFile:
    size, checksums = value
    return FetchedFile(size, tuple(checksums))


def failure(error: MosaicError) -> dict[str, Any]:
    if isinstance(error, NetworkError):
        return {"code": error.code, "detail": error.detail, "seen": error.seen, "retryable": error.retryable}
    kind = next((kind for kind in type(error).__mro__ if kind.__name__ in _KINDS), MosaicError)
    return {
        "kind": kind.__name__,
        "code": error.code,
        "detail": error.detail,
        "retryable": error.retryable,
        "retry_after": error.retry_after,
        "status": error.status,
    }


def read_failure(fields: dict[str, Any]) -> MosaicError:
    if "seen" in fields:
        return NetworkError(**fields)
    return _KINDS[fields.pop("kind")](**fields)


def unexpected(error: BaseException) -> MosaicError:
    """A fault of the mover's own. Its words may hold a link, so only its kind and its place are told."""
    places = [f" in {place.name}, line {place.lineno}" for place in traceback.extract_tb(error.__traceback__)]
    return MosaicError(Code.UNEXPECTED, type(error).__name__ + "".join(places[-1:]))


def _line(fields: dict[str, Any]) -> bytes:
    """ASCII, in which odd bytes of file names survive as halves of surrogate pairs."""
    return json.dumps(fields).encode() + b"\n"
