"""The one-way rules between the rooms, and that the checker notices when one is broken."""

import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.architecture.rules import HOMES, MAY_IMPORT, breaches

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "mosaic_desktop"
HEADLESS_ROOMS = set(MAY_IMPORT) - {"gui", "app", "__main__", "__init__"}
IMPORT_NAMES = {"PySide6-Essentials": "PySide6", "google-crc32c": "google_crc32c", "pillow": "PIL"}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules() -> dict[str, Path]:
    return {module_name(path): path for path in sorted(SOURCES.rglob("*.py"))}


def test_every_module_keeps_the_rules() -> None:
    found = modules()
    assert "mosaic_desktop.core.tasks" in found
    broken = [
        words
        for name, path in found.items()
        for words in breaches(path.read_text(encoding="utf-8"), name, path.name == "__init__.py")
    ]
    assert not broken, "\n".join(["", *broken])


def test_every_dependency_has_a_home() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    declared = {Requirement(text).name for text in (*project["dependencies"], *chain(*extras))}
    assert {IMPORT_NAMES.get(name, name) for name in declared} <= set(HOMES)


BREACHES = {
    "core imports a room": ("core.x", "from mosaic_desktop.jobs import engine", "core imports jobs"),
    "core imports a library": ("core.x", "import httpx", "whose home is api"),
    "outer rooms stay apart": ("sandbox.x", "import mosaic_desktop.api.client", "sandbox imports api"),
    "jobs reach no outer room": (
        "jobs.x",
        "from mosaic_desktop.storage import journal",
        "jobs imports storage",
    ),
    "relative": ("jobs.x", "from ..transfers import upload", "jobs imports transfers"),
    "relative in a package": ("media.__init__", "from .. import storage", "media imports storage"),
    "from the package itself": ("gui.x", "from mosaic_desktop import storage", "gui imports storage"),
    "inside a function": ("cli.x", "def f():\n    import PySide6.QtCore", "cli imports PySide6"),
    "for types only": ("api.x", "if TYPE_CHECKING:\n    from mosaic_desktop.jobs.engine import E", "api imports jobs"),
    "by its name": ("jobs.x", "importlib.import_module('mosaic_desktop.gui.theme')", "jobs imports gui"),
    "by a made name": ("app.x", "importlib.import_module(f'mosaic_desktop.{room}')", "made at run time"),
    "the root of the house": ("gui.x", "from mosaic_desktop.app.main import main", "gui imports app"),
    "a library away from home": ("media.x", "import numpy as np", "whose home is sandbox"),
    "a database in the wrong room": ("jobs.x", "import sqlite3", "whose home is sandbox and storage"),
    "a homeless library": ("api.x", "import requests", "requests, which has no home"),
    "a new room": ("telemetry.x", "pass", "a room the rules do not know"),
    "a task": ("gui.x", "asyncio.get_running_loop().create_task(work())", "create_task outside core/tasks.py"),
    "a task by its bare name": ("jobs.x", "ensure_future(work())", "ensure_future outside core/tasks.py"),
    "a task by decorator": ("gui.x", "@qasync.asyncSlot()\ndef f(): ...", "asyncSlot outside core/tasks.py"),
    "a nested loop": ("gui.ask", "dialog.exec()", "runs a loop inside the loop"),
    "a static dialog": ("gui.x", "QFileDialog.getOpenFileNames(self)", "runs a loop inside the loop"),
    "a message box": ("gui.x", "box = QtWidgets.QMessageBox(self)", "QMessageBox outside gui/ask.py"),
    "a static message box": ("gui.ask", "QMessageBox.warning(self, 'a', 'b')", "runs a loop inside the loop"),
    "a singleton": ("gui.x", "QApplication.instance()", "instance() instead of"),
    "a global": ("jobs.x", "def f():\n    global count", "global state"),
}
ALLOWED = {
    "own room": ("jobs.x", "from . import store\nfrom mosaic_desktop.jobs import runs"),
    "core": ("storage.x", "import sqlite3, keyring\nfrom mosaic_desktop.core.states import RunState"),
    "the version": ("api.x", "from mosaic_desktop import __version__"),
    "wiring": ("app.x", "import qasync\nfrom mosaic_desktop import api, gui\nQApplication.instance()"),
    "the entry point": ("__main__", "from mosaic_desktop.app.main import main"),
    "the home of tasks": ("core.tasks", "asyncio.get_running_loop().create_task(work())"),
    "the home of questions": ("gui.ask", "QMessageBox(parent).open()"),
}


def check(place: str, source: str) -> list[str]:
    is_package = place.endswith(".__init__")
    return breaches(source, f"mosaic_desktop.{place.removesuffix('.__init__')}", is_package)


@pytest.mark.parametrize("name", BREACHES)
def test_the_checker_sees_a_breach(name: str) -> None:
    place, source, words = BREACHES[name]
    found = check(place, source)
    assert len(found) == 1
    assert words in found[0]


@pytest.mark.parametrize("name", ALLOWED)
def test_the_checker_lets_honest_code_pass(name: str) -> None:
    assert check(*ALLOWED[name]) == []


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True)


def test_headless_rooms_load_without_qt() -> None:
    names = [name for name in modules() if name.split(".")[1:2] and name.split(".")[1] in HEADLESS_ROOMS]
    names = [name for name in names if not name.endswith("__main__")]
    code = f"import importlib, sys\nfor name in {names}: importlib.import_module(name)\n"
    done = python("-c", f"{code}print(sorted({{'PySide6', 'qasync', 'shiboken6'}} & set(sys.modules)))")
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_the_window_loads_before_what_it_shows() -> None:
    ours = ("app.gateway", "cli", "core.run", "gui.places", "jobs", "storage.journal")
    late = {"httpx", "pycurl", "av", *(f"mosaic_desktop.{name}" for name in ours)}
    loads = "import sys, mosaic_desktop.app.main, mosaic_desktop.app.ahead, mosaic_desktop.app.window"
    done = python("-c", f"{loads}; print(sorted({late} & set(sys.modules)))")
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_the_headless_path_loads_no_qt() -> None:
    """The import log is Python's own account of everything that was loaded."""
    commands = (["--help"], ["run", "--help"], ["agents", "--help"], ["resume", "--help"], ["run"])
    for arguments in commands if (SOURCES / "__main__.py").exists() else ():
        done = python("-X", "importtime", "-m", "mosaic_desktop", *arguments)
        loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
        assert "mosaic_desktop.app" in loaded
        assert not loaded & {"PySide6", "qasync", "shiboken6"}, arguments
