"""The accounts that are kept, as records in the settings. No secrets: those are in the keyring.

A record that this version cannot understand, and what a newer version added to one, stay in the file.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from mosaic_desktop.core.ports import Profile
from mosaic_desktop.core.secrets import Secret, redact

log = logging.getLogger(__name__)

_TEXTS = ("id", "title", "base_url", "key_hint", "auth_url", "anon_key", "key_id", "keyring", "email")
_NEEDED = ("id", "title", "base_url")
_NEVER_WRITTEN = {"is_local", "session_only"}  # such profiles are not kept
assert {*_TEXTS, "output_folder", *_NEVER_WRITTEN} == {field.name for field in fields(Profile)}
_OLDER_ID = "account"  # of the one account that older versions knew


def read(value: object) -> tuple[Profile, ...]:
    """Each record by itself, so that a bad one does not cost the others. Raises ValueError where there is no list."""
    if not isinstance(value, list):
        raise ValueError("not a list of profiles")
    return tuple(profile for _, profile in _understood(value))


def of_older_version(profile: object, api_base: object) -> tuple[Profile, ...]:
    """What older versions wrote of their one account, whose key is in the keyring under the same name."""
    if not api_base and profile != _OLDER_ID:
        return ()
    return (Profile(_OLDER_ID, "My Mosaic", False, str(api_base or "")),)


def written(profiles: tuple[Profile, ...], earlier: object) -> list[object]:
    """``profiles`` as JSON takes them. ``earlier`` is what the file had."""
    before = earlier if isinstance(earlier, list) else []
    known = {profile.id: record for record, profile in _understood(before, quietly=True)}
    understood = [id(record) for record in known.values()]
    kept = [profile for profile in profiles if not (profile.is_local or profile.session_only)]
    records: list[object] = [known.get(profile.id, {}) | _record(profile) for profile in kept]
    return records + [record for record in before if id(record) not in understood]


def _understood(records: list[Any], *, quietly: bool = False) -> Iterator[tuple[dict[str, Any], Profile]]:
    seen: set[str] = set()
    for record in records:
        try:
            profile = _profile(record)
            if profile.id in seen:
                raise ValueError("another one has the same id")
        except ValueError as error:
            if not quietly:
                log.warning("a profile was left out: %s", error)
            continue
        seen.add(profile.id)
        yield record, profile


def _profile(record: object) -> Profile:
    if not isinstance(record, dict):
        raise ValueError("not an object")
    if not record.get("id"):
        raise ValueError("no id")
    texts: dict[str, Any] = {name: _text(record, name) for name in _TEXTS}
    folder = _text(record, "output_folder")
    return Profile(is_local=False, output_folder=Path(folder) if folder else None, **texts)


def _text(record: Mapping[str, Any], name: str) -> str:
    """What only adorns a profile may be damaged."""
    value = record.get(name)
    if isinstance(value, str):
        return value
    if name in _NEEDED:
        raise ValueError(f"{name} is not a text")
    return ""


def _record(profile: Profile) -> dict[str, Any]:
    """What people type may have a secret in it by mistake, which is taken out."""
    texts = {name: getattr(profile, name) for name in _TEXTS}
    texts |= {name: redact(texts[name]) for name in ("title", "base_url", "auth_url", "email")}
    texts["key_hint"] = masked(profile.key_hint)
    folder = profile.output_folder
    return {**texts, "output_folder": None if folder is None else str(folder)}


def masked(hint: str) -> str:
    """``hint``, or its masked form where somebody gave the key itself."""
    return hint if not hint or "…" in hint else Secret(hint).masked
