"""What the application and its reader of videos say to each other: a line of JSON each way.

JSON and not pickled objects: whatever a broken file makes of the reader, its words stay words.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from mosaic_desktop.core.errors import LocalFileError
from mosaic_desktop.core.video import MediaInfo

T = TypeVar("T")


class Wish(StrEnum):
    FACTS = "facts"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Question:
    wish: Wish
    path: Path

    def encode(self) -> bytes:
        return _line({"wish": self.wish, "path": str(self.path)})


def read_question(line: bytes) -> Question:
    fields = json.loads(line)
    return Question(Wish(fields["wish"]), Path(fields["path"]))


def facts(info: MediaInfo) -> bytes:
    return _line({"facts": asdict(info)})


def picture(jpeg: bytes | None) -> bytes:
    return _line({"picture": None if jpeg is None else base64.b64encode(jpeg).decode()})


def refusal(error: LocalFileError) -> bytes:
    return _line({"refused": error.code, "why": error.detail})


def read_facts(line: bytes) -> MediaInfo:
    """Raises LocalFileError where the file was refused, ValueError where ``line`` is no answer to this wish."""
    return _read(line, lambda fields: MediaInfo(**fields["facts"]))


def read_picture(line: bytes) -> bytes | None:
    """A JPEG or None. Raises as ``read_facts`` does."""
    return _read(line, lambda fields: _jpeg(fields["picture"]))


def _jpeg(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text, validate=True)


def _read(line: bytes, read: Callable[[dict[str, Any]], T]) -> T:
    try:
        fields = json.loads(line)
        if "refused" not in fields:
            return read(fields)
        error = LocalFileError(fields["refused"], fields["why"])
    except (KeyError, TypeError) as fault:
        raise ValueError("no answer to this wish") from fault
    raise error


def _line(fields: dict[str, Any]) -> bytes:
    """ASCII, in which odd bytes of file names survive as halves of surrogate pairs."""
    return json.dumps(fields).encode() + b"\n"
