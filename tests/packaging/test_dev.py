"""What the developer script decides: what is missing, what to type, when to install again, what to start."""

import ast
import importlib.util
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "packaging" / "dev.py"


def load() -> ModuleType:
    """The script is no part of a package; `packaging` is also the name of a library."""
    spec = importlib.util.spec_from_file_location("dev", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


dev = load()


def program(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


@pytest.fixture
def system(tmp_path: Path) -> Mapping[str, str]:
    """An environment whose PATH has nothing but `env` and an apt-get that notes how it was called."""
    note = tmp_path / "calls"
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "env").symlink_to("/usr/bin/env")
    program(programs, "apt-get", f'echo "$DEBIAN_FRONTEND apt-get $*" >> {note}')
    return {"PATH": str(programs)}


def calls(tmp_path: Path) -> list[str]:
    note = tmp_path / "calls"
    return note.read_text().splitlines() if note.exists() else []


def test_nothing_is_missing_when_everything_is_there(system: Mapping[str, str]) -> None:
    assert dev.missing_packages({"apt-get": "apt"}, system["PATH"], lambda _: True, lambda: True) == []


def test_missing_libraries_programs_and_fonts_become_packages(system: Mapping[str, str]) -> None:
    present = set(dev.LIBRARIES) - {"libEGL.so.1", "libglib-2.0.so.0", "libgthread-2.0.so.0"}
    found = dev.missing_packages(dev.TEST_PROGRAMS, system["PATH"], present.__contains__, lambda: False)
    wanted = [
        "curl",
        "dbus-daemon",
        "fonts-dejavu-core",
        "gnome-keyring",
        "libegl1",
        "libglib2.0-0",
        "openssl",
        "xdotool",
        "xvfb",
    ]
    assert found == wanted


def test_the_benchmarks_install_their_peers(project: Path, system: Mapping[str, str], tmp_path: Path) -> None:
    """And then start in the project's environment, with what only root's PATH has."""
    note, python = tmp_path / "started", project / ".venv" / "bin" / "python"
    python.unlink()
    program(python.parent, "python", f'echo "$* in $PWD, $PATH" > {note}')
    script = "import sys; sys.path.insert(0, sys.argv[1]); import dev; from pathlib import Path; "
    script += "dev.SERVER_FOLDER = '/none'; dev.bench(dev.Environment(Path(sys.argv[2])), ['rates', '--quick'])"
    subprocess.run([sys.executable, "-c", script, str(SCRIPT.parent), str(project)], env=system, check=True)
    assert {"curl", "nginx", "openssl", "xvfb"} <= set(calls(tmp_path)[1].split())
    assert note.read_text() == f"-m tests.benchmarks rates --quick in {project}, {system['PATH']}:/none\n"


def test_the_loader_is_asked_for_real() -> None:
    assert dev.loads("libc.so.6")
    assert not dev.loads("libmosaic-nowhere.so.1")


def test_fonts_are_looked_for_below_the_folders(tmp_path: Path) -> None:
    assert not dev.has_fonts([str(tmp_path), "/nowhere"])
    (tmp_path / "truetype").mkdir()
    (tmp_path / "truetype" / "Any.ttf").touch()
    assert dev.has_fonts([str(tmp_path)])


def test_root_installs_without_a_question(system: Mapping[str, str], tmp_path: Path) -> None:
    dev.install_packages(["libegl1", "xvfb"], system, is_root=True)
    assert calls(tmp_path) == [
        "noninteractive apt-get -q -o DPkg::Lock::Timeout=120 update",
        "noninteractive apt-get -q -o DPkg::Lock::Timeout=120 install -y --no-install-recommends libegl1 xvfb",
    ]


def test_passwordless_sudo_installs_too(system: Mapping[str, str], tmp_path: Path) -> None:
    program(Path(system["PATH"]), "sudo", '[ "$1" = -n ] && shift && exec "$@"')
    dev.install_packages(["libegl1"], {**system, "PATH": f"{system['PATH']}:/usr/bin:/bin"}, is_root=False)
    assert (
        calls(tmp_path)[1]
        == "noninteractive apt-get -q -o DPkg::Lock::Timeout=120 install -y --no-install-recommends libegl1"
    )


def test_sudo_that_asks_is_left_to_the_user(system: Mapping[str, str], tmp_path: Path) -> None:
    program(Path(system["PATH"]), "sudo", "exit 1")
    with pytest.raises(dev.SetupError) as caught:
        dev.install_packages(["libegl1", "libgl1"], system, is_root=False)
    assert str(caught.value) == (
        "Some system packages are missing; type this, then start again: "
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 libgl1"
    )
    assert calls(tmp_path) == []


def test_without_apt_the_packages_are_named(tmp_path: Path) -> None:
    with pytest.raises(dev.SetupError, match="in place of these Debian packages: libegl1 libgl1"):
        dev.install_packages(["libegl1", "libgl1"], {"PATH": str(tmp_path)}, is_root=True)


def test_a_package_source_that_fails_does_not_stop_the_installation(system: Mapping[str, str], tmp_path: Path) -> None:
    program(Path(system["PATH"]), "apt-get", f'[ "$4" = install ] && echo installed > {tmp_path}/calls')
    dev.install_packages(["libegl1"], system, is_root=True)
    assert calls(tmp_path) == ["installed"]


def test_what_apt_says_about_a_failure_is_shown(system: Mapping[str, str]) -> None:
    program(Path(system["PATH"]), "apt-get", "echo 'E: no network'; exit 100")
    with pytest.raises(dev.SetupError, match=r"E: no network\n.*sudo apt-get update"):
        dev.install_packages(["libegl1"], system, is_root=True)


def test_nothing_missing_calls_nothing(system: Mapping[str, str], tmp_path: Path) -> None:
    dev.install_packages([], system, is_root=False)
    assert calls(tmp_path) == []


def test_only_a_debian_python_gets_its_venv_package() -> None:
    assert dev.venv_package(True, "/usr") == []
    assert dev.venv_package(False, "/usr") == [f"python3.{sys.version_info.minor}-venv"]
    with pytest.raises(dev.SetupError, match="complete Python"):
        dev.venv_package(False, "/opt/python")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose environment looks complete."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\ndependencies = ["a"]\n[tool.ruff]\n')
    (tmp_path / "requirements.lock").write_text("a==1\n")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    environment = dev.Environment(tmp_path)
    environment.stamp.write_text(environment.wanted())
    return tmp_path


def test_a_stamped_environment_is_ready(project: Path) -> None:
    assert dev.Environment(project).is_ready()


def test_settings_of_tools_do_not_ask_for_a_new_setup(project: Path) -> None:
    with (project / "pyproject.toml").open("a") as file:
        file.write("line-length = 100\n")
    assert dev.Environment(project).is_ready()


def test_another_dependency_asks_for_a_new_setup(project: Path) -> None:
    (project / "pyproject.toml").write_text('[project]\nname = "x"\ndependencies = ["a", "b"]\n')
    assert not dev.Environment(project).is_ready()


def test_another_lock_asks_for_a_new_setup(project: Path) -> None:
    (project / "requirements.lock").write_text("a==2\n")
    assert not dev.Environment(project).is_ready()


def test_an_interrupted_setup_is_not_ready(project: Path) -> None:
    dev.Environment(project).stamp.unlink()
    assert not dev.Environment(project).is_ready()


def test_an_environment_whose_python_has_gone_is_not_ready(project: Path) -> None:
    python = project / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert not dev.Environment(project).is_ready()


def test_a_moved_project_is_not_ready(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    moved = project.rename(tmp_path_factory.mktemp("elsewhere") / "project")
    assert not dev.Environment(moved).is_ready()


@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_display(system: str, variables: Mapping[str, str], expected: bool) -> None:
    assert dev.has_display(system, variables) is expected


def test_without_a_display_the_demonstration_runs_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.app_arguments([], display=False) == ["demo"]
    assert capsys.readouterr().out.startswith("There is no display here")


@pytest.mark.parametrize(("arguments", "display"), [([], True), (["--data-dir", "d"], True), (["agents"], False)])
def test_otherwise_the_app_gets_the_arguments_as_they_are(
    arguments: list[str], display: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.app_arguments(arguments, display=display) == arguments
    assert capsys.readouterr().out == ""


BACKEND = """
import zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.writestr("tiny.py", "")
        wheel.writestr("tiny-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\n")
        wheel.writestr("tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("tiny-1.dist-info/RECORD", "")
    return name
"""
TINY = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "tiny"
version = "1"
"""


def test_a_half_made_environment_heals_itself(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A real setup of a project that needs nothing: the leftovers go, and a second look finds it ready."""
    (tmp_path / "pyproject.toml").write_text(TINY)
    (tmp_path / "backend.py").write_text(BACKEND)
    (tmp_path / "requirements.lock").write_text("")
    leftover = tmp_path / ".venv" / "lib" / "half"
    leftover.mkdir(parents=True)
    environment = dev.Environment(tmp_path)
    environment.update()
    assert not leftover.exists()
    assert environment.is_ready()
    assert environment.call("-c", "import tiny") == 0
    assert "Making the virtual environment" in capfd.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["--help"], ["dance"]])
def test_usage_names_the_commands(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True)
    assert done.returncode == (0 if arguments == ["--help"] else 2)
    assert "setup" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_the_script_parses_where_it_must_say_that_python_is_too_old() -> None:
    """Syntax younger than Python 3.7 would end in a SyntaxError before the sentence."""
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_continuous_integration_runs_the_command_of_the_readme() -> None:
    ci = ROOT / ".ci" / "run"
    assert os.access(ci, os.X_OK)
    assert "python3 packaging/dev.py test" in ci.read_text(encoding="utf-8")
