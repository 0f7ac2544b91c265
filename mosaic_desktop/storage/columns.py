"""Kinds of column: what a field becomes in SQLite, and how it is read again. Reading raises ValueError."""

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from mosaic_desktop.storage.table import Column, SqlValue


def text(name: str, *, optional: bool = False) -> Column:
    return Column(name, _to_text, _from_text, optional, plain=str)


def path(name: str, *, optional: bool = False) -> Column:
    return Column(
        name, lambda path: _to_text(str(path)), lambda value: _path(_from_text(value)), optional, plain=str, make=Path
    )


def integer(name: str) -> Column:
    return Column(name, int, _from_integer, plain=int)


def flag(name: str) -> Column:
    return Column(name, int, lambda value: bool(_from_integer(value)))


def real(name: str, *, optional: bool = False) -> Column:
    return Column(name, float, _from_real, optional, plain=float)


def word(name: str, words: Callable[[str], Any]) -> Column:
    return Column(name, str, words)


def adornment(name: str, read: Callable[[Any], Any], missing: Callable[[], Any]) -> Column:
    """JSON that is left out where it cannot be read."""

    def lenient(value: SqlValue) -> Any:  # noqa: ANN401
        try:
            return read(from_json(value))
        except (ValueError, TypeError, KeyError, AttributeError):
            return missing()

    return Column(name, to_json, lenient, optional=True)


def _to_text(text: str) -> SqlValue:
    """Names of files need not be Unicode; such a one is kept as bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="surrogatepass")
    return text


def _from_text(value: SqlValue) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="surrogatepass")
    if not isinstance(value, str):
        raise ValueError(f"not a text: {type(value).__name__}")
    return value


_folder = lru_cache(256)(Path)


def _path(text: str) -> Path:
    """The files of a list lie in few folders, and most of what a path costs is its folders."""
    folder, _, name = text.rpartition("/")
    return _folder(folder) / name if folder and name else Path(text)


def _from_integer(value: SqlValue) -> int:
    if not isinstance(value, int):
        raise ValueError(f"not a whole number: {type(value).__name__}")
    return value


def _from_real(value: SqlValue) -> float:
    if not isinstance(value, int | float):
        raise ValueError(f"not a number: {type(value).__name__}")
    return float(value)


def to_json(value: Any) -> str:  # noqa: ANN401
    return json.dumps(asdict(value), separators=(",", ":"))


def from_json(value: SqlValue) -> dict[str, Any]:
    data = json.loads(_from_text(value))
    if not isinstance(data, dict):
        raise ValueError("not an object")
    return data
