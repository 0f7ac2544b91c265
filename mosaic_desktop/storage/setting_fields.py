"""Each setting as JSON, and back. Reading raises ValueError where a value makes no sense to this version."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from mosaic_desktop.core.naming import template_fault
from mosaic_desktop.core.pace import MAX_SLOTS
from mosaic_desktop.core.ports import Settings
from mosaic_desktop.storage import profile_records

log = logging.getLogger(__name__)

_MOST = 2**53  # what JSON readers agree on


def _is_text_map(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _texts(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or not _is_text_map(value):
        raise ValueError("not a table of texts")
    return value


def _tables(value: object) -> Mapping[str, Mapping[str, str]]:
    if not isinstance(value, dict) or not all(map(_is_text_map, value.values())):
        raise ValueError("not tables of texts")
    return value


def _path(value: object) -> Path:
    return Path(_text(value))


def _appearance(value: object) -> str:
    if value not in ("system", "light", "dark"):
        raise ValueError("not an appearance of this version")
    return _text(value)


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST:
        raise ValueError("not a positive number")
    return value


def _slots(value: object) -> int:
    return min(_count(value), MAX_SLOTS)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not yes or no")
    return value


def _template(value: object) -> str:
    text = _text(value)
    if fault := template_fault(text):
        raise ValueError(fault)
    return text


def _on_close(value: object) -> str:
    if value not in ("ask", "background", "stop"):
        raise ValueError("not a choice of this version")
    return _text(value)


def _port(value: object) -> int:
    if (port := _count(value)) > 65535:
        raise ValueError("not a port")
    return port


def _thresholds(value: object) -> tuple[int, ...]:
    """From high to low; none of them means no warnings."""
    if not isinstance(value, list):
        raise ValueError("not a list of numbers")
    return tuple(sorted(set(map(_count, value)), reverse=True))


_READERS: Mapping[str, Callable[[object], object]] = {
    "output_folder": _path,
    "appearance": _appearance,
    "profile": _text,
    "api_base": _text,
    "typed_parameters": _tables,
    "form_choices": _tables,
    "layout": _texts,
    "upload_slots": _slots,
    "download_slots": _slots,
    "upload_rate": _count,
    "download_rate": _count,
    "name_template": _template,
    "mirror_folders": _flag,
    "on_close": _on_close,
    "profiles": profile_records.read,
    "low_balance": _thresholds,
    "webhook_port": _port,
    "webhooks": _flag,
    "key_hints": _texts,
}
assert _READERS.keys() == {field.name for field in fields(Settings)}


def understood(written: Mapping[str, Any]) -> dict[str, Any]:
    """The settings among what was written. One that makes no sense is left to its default."""
    found: dict[str, Any] = {}
    for name, read in _READERS.items():
        try:
            if written.get(name) is not None:
                found[name] = read(written[name])
        except ValueError as error:
            log.warning("the setting %s was left out: %s", name, error)
    if "profiles" not in written:
        found["profiles"] = profile_records.of_older_version(found.get("profile"), found.get("api_base"))
    return found


def plain(name: str, value: Any, earlier: object) -> object:  # noqa: ANN401
    """The setting as JSON takes it. ``earlier``: what the file has, some of which only a newer version knows."""
    if name == "profiles":
        return profile_records.written(value, earlier)
    if name == "key_hints" and value is not None:
        return {key_id: profile_records.masked(hint) for key_id, hint in value.items()}
    return str(value) if isinstance(value, Path) else value
