"""The lock file: everything declared is in it, pinned and hashed, and it names no place to fetch from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DECLARED = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]


def entries() -> dict[str, list[str]]:
    """Each pinned requirement with its block of hashes, by normalized name."""
    found: dict[str, list[str]] = {}
    for block in re.split(r"\n(?=[A-Za-z])", LOCK):
        name = re.sub(r"[-_.]+", "-", re.split(r"[=\s]", block, maxsplit=1)[0]).lower()
        found.setdefault(name, []).append(block)
    return found


@pytest.mark.parametrize("declared", DECLARED)
def test_declared_dependency_is_pinned_with_hashes(declared: str) -> None:
    requirement = Requirement(declared)
    blocks = entries()[re.sub(r"[-_.]+", "-", requirement.name).lower()]
    for block in blocks:
        assert re.match(r"[^=]+==\S+", block)
        assert "--hash=sha256:" in block
    versions = [block.split("==")[1].split()[0] for block in blocks]
    assert any(version in requirement.specifier for version in versions)


def test_every_entry_is_pinned_with_hashes() -> None:
    bare = [name for name, blocks in entries().items() for block in blocks if "--hash=sha256:" not in block]
    assert not bare


def test_the_lock_names_no_server_and_no_folder() -> None:
    assert "://" not in LOCK
    assert not re.search(r"^\s*-[-a-z]*(index|find-links|f |i )", LOCK, re.MULTILINE)
