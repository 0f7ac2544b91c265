import sys
from pathlib import Path

import pytest

from mosaic_desktop.core import resources
from mosaic_desktop.core.resources import resources_dir


def test_source_tree_has_icons_and_fonts() -> None:
    folder = resources_dir()
    assert (folder / "icons" / "LICENSE").is_file()
    assert (folder / "fonts" / "LICENSE").is_file()


def test_frozen_bundle_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources" / "icons").mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources_dir() == tmp_path / "resources"


def test_installed_package_carries_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "mosaic_desktop"
    (package / "resources" / "icons").mkdir(parents=True)
    monkeypatch.setattr(resources, "__file__", str(package / "core" / "resources.py"))
    assert resources_dir() == package / "resources"


def test_missing_resources_name_the_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "a" / "core" / "resources.py"))
    with pytest.raises(FileNotFoundError, match="No resources folder"):
        resources_dir()
