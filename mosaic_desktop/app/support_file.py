"""One file for whoever helps: versions, settings, logs and the journal's numbers. No secrets; nothing is sent."""

import io
import json
import platform
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from importlib import metadata
from pathlib import Path

from mosaic_desktop import __version__
from mosaic_desktop.app.crash import crash_report
from mosaic_desktop.app.paths import DataPaths
from mosaic_desktop.core.errors import Code, LocalFileError
from mosaic_desktop.core.ports import Profile, Settings, VaultState
from mosaic_desktop.core.secrets import redact
from mosaic_desktop.storage.whole_file import write_whole

_LIBRARIES = ("PySide6-Essentials", "qasync", "httpx", "pycurl", "av", "keyring", "wakepy", "starlette", "uvicorn")
# What people typed or chose for themselves is told by how much there is of it.
_PLAIN = (bool, int, float, type(None))
_TELLING = frozenset({"appearance", "name_template", "on_close"})
_README = """\
A support file of Mosaic Desktop, written on request and sent to nobody.

It holds the versions in use, what kind of settings there are, how many rows the list of work has, and the logs. API
keys, sign-ins, passwords and signed links were taken out; the logs may name files of yours. Look at it before you hand
it on.
"""


@dataclass(frozen=True, slots=True)
class SupportFacts:
    """What is known in memory."""

    settings: Settings
    profiles: Sequence[Profile]
    opened: str | None
    vault: VaultState


def write_support_file(target: Path, paths: DataPaths, facts: SupportFacts, shape: Mapping[str, object]) -> None:
    """``shape``: the journal's. Blocks.

    Raises LocalFileError (FOLDER_UNWRITABLE) with the reason; then there is nothing at ``target``.
    """
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in _parts(paths, facts, shape):
            bundle.writestr(name, _cleaned(text, facts.profiles))
    try:
        write_whole(target, archive.getvalue())
    except OSError as error:
        raise LocalFileError(Code.FOLDER_UNWRITABLE, error.strerror or str(error)) from error


def _parts(paths: DataPaths, facts: SupportFacts, shape: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    yield "README.txt", _README
    yield "versions.json", _json(_versions(facts.vault))
    yield "settings.json", _json(_settings(facts.settings))
    yield "accounts.json", _json([_profile(profile, facts.opened) for profile in facts.profiles])
    yield "journal.json", _json(_without_ids(shape, facts.profiles))
    for file in (*sorted(paths.log.parent.glob("*.log*")), crash_report(paths.log.parent)):
        try:
            yield f"log/{file.name}", file.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            pass  # there was no crash
        except OSError as error:
            yield f"log/{file.name}", f"This file cannot be read: {error.strerror}.\n"


def _versions(vault: VaultState) -> Mapping[str, object]:
    libraries = {}
    for name in _LIBRARIES:
        try:
            libraries[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            libraries[name] = "not known"
    return {
        "mosaic_desktop": __version__,
        "python": sys.version,
        "system": platform.platform(),
        "is_bundle": bool(getattr(sys, "frozen", False)),
        "keyring": {"name": vault.name, "problem": vault.problem_code},
        "libraries": libraries,
    }


def _settings(settings: Settings) -> Mapping[str, object]:
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    return {name: _told(name, value) for name, value in values.items()}


def _told(name: str, value: object) -> object:
    if isinstance(value, _PLAIN) or name in _TELLING:
        return value
    return f"{len(value)} of them" if isinstance(value, Mapping | tuple) else "set"


def _profile(profile: Profile, opened: str | None) -> Mapping[str, object]:
    return {
        "is_local": profile.is_local,
        "is_open": profile.id == opened,
        "session_only": profile.session_only,
        "keyring": profile.keyring,
        "base_url": profile.base_url,
        "can_sign_in": bool(profile.auth_url and profile.anon_key),
        "has_own_folder": profile.output_folder is not None,
    }


def _without_ids(shape: Mapping[str, object], profiles: Sequence[Profile]) -> object:
    """Profiles by their place in the list of accounts."""
    numbers = {profile.id: f"account {number}" for number, profile in enumerate(profiles, 1)}

    def told(value: object) -> object:
        if isinstance(value, Mapping):
            return {key: told(each) for key, each in value.items()}
        if isinstance(value, list):
            return [told(each) for each in value]
        return numbers.get(value, value) if isinstance(value, str) else value

    return told(shape)


def _cleaned(text: str, profiles: Sequence[Profile]) -> str:
    """Without secrets, the home folder's name, and who signs in."""
    home = str(Path.home())
    text = redact(text)
    if len(Path(home).parts) > 1:  # some containers have no other home than the root
        text = text.replace(home, "~")
    for profile in profiles:
        for private in (profile.email, profile.key_hint):
            text = text.replace(private, "…") if private else text
    return text


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n"
